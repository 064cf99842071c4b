"""A relation is one file: the example in the guide, saved among the relations, is read, named and described."""

import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parents[1] / "docs" / "relations.md"

TRY = """
import sys
import kg.relations
kg.relations.__path__.append(sys.argv[1])
from kg import vocab
from kg.extract import extract
from kg.read import read

rule = vocab.RELATIONS[-1].rules[0]
for kind in ("says", "leaves"):
    for text in getattr(rule, kind):
        found = [s for s in extract([read(text.encode(), "t")]).statements if s.predicate == "inspected"]
        print(kind, [s.subject.removeprefix("unit/") + ">" + s.object.removeprefix("unit/") for s in found])
print("kg:inspected a owl:ObjectProperty" in vocab.ontology())
"""


def test_the_guides_relation_is_one_file(tmp_path: Path) -> None:
    example = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert example
    (tmp_path / "inspected.py").write_text(example[1], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", TRY, str(tmp_path)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "says ['遂宁市消防救援支队>遂宁市实验中学']",
        "says ['延安市水务局>延长县水务局']",
        "says ['柳州市税务局>柳江区税务局']",
        "leaves []",
        "leaves []",
        "True",
    ]
