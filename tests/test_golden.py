"""What the pages of seeds/ say, fact by fact: a change of rules shows as a change of these files.

After looking at the change, `pytest tests/test_golden.py --rewrite-golden` takes it over.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from kg.evaluate import CORE_ROW, evaluate
from kg.extract import extract
from kg.model import Entity, Quantity
from kg.read import read

ROOT = Path(__file__).parent.parent
SEEDS, GOLDEN = ROOT / "seeds", ROOT / "tests" / "golden"
PAGES = sorted(SEEDS.glob("*.txt"))


def quantity(q: Quantity) -> str:
    """检查商户 = 12000 户, more_than, -8.5%, 今年以来"""
    notes = [q.qualifier if q.qualifier != "exact" else "", "" if q.change is None else f"{q.change:+g}%", q.period]
    return ", ".join([f"{q.measure} = {q.value:.12g} {q.unit}".strip(), *filter(None, notes)])


def shown(entity: Entity) -> str:
    return quantity(entity.quantity) if entity.quantity else entity.key


def facts(path: Path) -> list[str]:
    """The facts of a page in the order of the text, one line for each piece of evidence: subject, predicate, object, quote."""
    content = extract([read(path.read_bytes(), path.name)])
    entities = {entity.key: entity for entity in content.entities}
    rows = [
        (evidence.span, shown(entities[s.subject]), s.predicate + (f" ({s.detail})" if s.detail else ""), shown(entities[s.object]), evidence.quote)
        for s in content.statements
        for evidence in s.evidence
    ]  # fmt: skip
    return ["\t".join([*row[1:4], "".join(row[4].split())]) for row in sorted(rows)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_facts(path, request):
    stored = GOLDEN / f"FACTS-{path.stem}.tsv"
    now = facts(path)
    if request.config.getoption("--rewrite-golden"):
        stored.write_text("".join(f"{line}\n" for line in now), encoding="utf-8")
    before = stored.read_text(encoding="utf-8").splitlines()
    changed = [
        line for line in difflib.unified_diff(before, now, "before", "now", n=0, lineterm="") if line[:2] != "@@"
    ]
    assert not changed, "\n" + "\n".join(changed)


def test_each_page_has_its_facts_and_no_others_are_left():
    assert sorted(f"FACTS-{path.stem}.tsv" for path in PAGES) == sorted(path.name for path in GOLDEN.glob("*.tsv"))
    assert len(PAGES) == 5


def test_the_pages_are_read_well():
    """Against what careful readers annotated; a floor below today's figures, which `kg evaluate tests/golden seeds` shows."""
    core = evaluate(GOLDEN, SEEDS).figures()[CORE_ROW]
    assert core.precision >= 0.94
    assert core.f1 >= 0.92
