"""Names as they are compared: width, case, spaces and quotation marks do not matter, and letters can stand for pinyin."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_IGNORED = re.compile(r"[\s“”‘’\"'「」『』《》〈〉·•]+")


def plain(name: str) -> str:
    """A name without what is not compared.

    >>> plain("“Ａ级 ”行动")
    'a级行动'
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name)).casefold()


@cache
def initials() -> dict[str, str]:
    """The characters whose pinyin begins with a letter, by letter; one with several readings stands under each.

    The table is `data/initials.txt` (source and licence in `data/SOURCE.md`).
    """
    lines = files("kg").joinpath("data/initials.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[1:] for line in lines}


def pattern(wanted: str) -> re.Pattern[str]:
    """What fits a plain name, or a part of one, where each letter of `wanted` may be the initial of a character.

    >>> bool(pattern("yxfj").fullmatch("云溪分局")), bool(pattern("云xfj").search("青岭市云溪分局"))
    (True, True)
    """
    return re.compile("".join(f"[{c}{initials()[c]}]" if c in initials() else re.escape(c) for c in plain(wanted)))
