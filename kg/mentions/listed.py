"""Finding the names of a long list in a sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

from ahocorasick_rs import AhoCorasick, MatchKind


class Listed:
    """A list of names, and where they stand in a text.

    Most sentences hold none of a list: whether some three characters in it are the end of a name is a much cheaper question than
    which of thousands of names stand where, and settles it for them.
    """

    def __init__(self, names: Collection[str], matchkind: MatchKind = MatchKind.Standard) -> None:
        self._names = AhoCorasick(names, matchkind=matchkind)
        self._ending = _ending(names)

    def find(self, text: str, overlapping: bool = False) -> list[tuple[int, int, int]]:
        """The names in a text: the number of each, where it starts and ends."""
        if not self._ending.search(text):
            return []
        return self._names.find_matches_as_indexes(text, overlapping=overlapping)


def _ending(names: Collection[str]) -> re.Pattern[str]:
    """What any of the names may end with: three characters, or all of a shorter one.

    >>> bool(_ending(["派出所", "局"]).search("在派出所"))
    True
    """
    ends: dict[tuple[str, int], set[str]] = defaultdict(set)
    for name in names:
        ends[name[-1], min(3, len(name))].add(name[-3:])
    found = []
    for (last, _), alike in sorted(ends.items()):
        *before, _ = (re.escape("".join(sorted(set(column)))) for column in zip(*alike, strict=True))
        found.append(re.escape(last) + (f"(?<={''.join(f'[{some}]' for some in before)}.)" if before else ""))
    return re.compile("|".join(found))
