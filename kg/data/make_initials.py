"""Make initials.txt from the readings of the Python package pypinyin (see SOURCE.md).

    python make_initials.py PYPINYIN/pinyin_dict.json initials.txt

One line for each letter: the letter, then every character of the basic block of CJK ideographs (U+4E00 to U+9FFF) that
has a reading which begins with it, among its first `READINGS`: 重 stands under z and c. Readings that begin with a vowel
stand under that vowel.
"""

import json
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

FIRST, LAST = 0x4E00, 0x9FFF
READINGS = 3


def main(source: str, target: str) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for point, readings in sorted(json.loads(Path(source).read_text("utf-8")).items(), key=lambda item: int(item[0])):
        if FIRST <= int(point) <= LAST:
            letters = (unicodedata.normalize("NFD", reading)[0] for reading in readings.split(",")[:READINGS])
            for letter in sorted(set(letters)):
                found[letter].append(chr(int(point)))
    lines = [f"{letter}{''.join(characters)}\n" for letter, characters in sorted(found.items())]
    Path(target).write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
