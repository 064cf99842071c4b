"""Lines in the order of their bytes, more of them than memory holds."""

from __future__ import annotations

import gzip
import heapq
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import cast

ROOM = 32_000_000  # bytes that are held before they go to disk
EACH = 60  # bytes that Python adds to each line
PARTS = 64  # files that are read at a time
LEVEL = 1  # of compression: the fastest


class Lines:
    """Takes lines in any order and gives each once, sorted, as often as asked.

    Sorted parts go to files in `folder`, which must be there and is left to its owner. `begun` gives other lines, in
    order. No line may hold a newline.
    """

    def __init__(self, folder: Path, name: str, begun: Callable[[], Iterable[bytes]] = tuple, room: int = ROOM) -> None:
        self._place = folder / name
        self._begun = begun
        self._room = room
        self._held: list[bytes] = []
        self._size = 0
        self._parts: list[list[Path]] = []  # in the first list those of one room each, in each next PARTS times that
        self._made = 0

    def add(self, line: bytes) -> None:
        self._held.append(line)
        self._size += len(line) + EACH
        if self._size > self._room:
            self._to_disk()

    def __iter__(self) -> Iterator[bytes]:
        return _once(heapq.merge(self._begun(), *map(read, chain(*self._parts)), sorted(self._held)))

    def settle(self, place: Path) -> None:
        """Write all lines to one file, which is read from now on. None may be added after that."""
        _write(place, self)
        for part in chain(*self._parts):
            part.unlink()
        self._begun, self._parts, self._held = partial(read, place), [], []

    def _to_disk(self) -> None:
        self._keep(_once(sorted(self._held)), 0)
        self._held, self._size = [], 0

    def _keep(self, lines: Iterable[bytes], level: int) -> None:
        """Keep a part among its like; `PARTS` of them become one of the next level, so a line is written once for each level."""
        self._made += 1
        part = self._place.with_name(f"{self._place.name}-{self._made}.gz")
        _write(part, lines)
        if level == len(self._parts):
            self._parts.append([])
        parts = self._parts[level]
        parts.append(part)
        if len(parts) == PARTS:
            self._keep(_once(heapq.merge(*map(read, parts))), level + 1)
            for done in parts:
                done.unlink()
            parts.clear()


def by_head(lines: Iterable[bytes]) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    """Of sorted lines that are a head, a tab and a rest: each head, and the rests that stand behind it."""
    for head, same in groupby((line.partition(b"\t") for line in lines), key=itemgetter(0)):
        yield head, map(itemgetter(2), same)


def read(part: Path) -> Iterator[bytes]:
    """The lines of a file that `settle` has written."""
    with gzip.open(part) as file:
        for line in file:
            yield line[:-1]


def _write(place: Path, lines: Iterable[bytes]) -> None:
    with (
        gzip.open(place, "wb", compresslevel=LEVEL) as packed,
        io.BufferedWriter(cast(io.RawIOBase, packed)) as file,
    ):
        file.writelines(line + b"\n" for line in lines)


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line, _ in groupby(lines))
