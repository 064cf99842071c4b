"""Lines in the order of their bytes, more of them than memory holds."""

from __future__ import annotations

import gzip
import heapq
import io
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import cast

ROOM = 32_000_000  # bytes that are held before they go to disk
EACH = 60  # bytes that Python adds to each line
PARTS = 64  # files that are read at a time
LEVEL = 1  # of compression: the fastest


class Lines:
    """Takes lines in any order and gives each once, sorted, as often as asked.

    Sorted parts go to files in `folder`, which must be there and is left to its owner. No line may hold a newline.
    """

    def __init__(self, folder: Path, name: str, room: int = ROOM) -> None:
        self._place = folder / name
        self._room = room
        self._held: list[bytes] = []
        self._size = 0
        self._parts: list[
            list[Path]
        ] = []  # in the first list those of one room each, in each next list PARTS times that
        self._made = 0

    def add(self, line: bytes) -> None:
        self._held.append(line)
        self._size += len(line) + EACH
        if self._size > self._room:
            self._to_disk()

    def __iter__(self) -> Iterator[bytes]:
        return _once(heapq.merge(*map(_read, chain(*self._parts)), sorted(self._held)))

    def _to_disk(self) -> None:
        self._keep(self._write(_once(sorted(self._held))), 0)
        self._held, self._size = [], 0

    def _keep(self, part: Path, level: int) -> None:
        """Keep a part among its like; `PARTS` of them become one of the next level, so a line is written once for each level."""
        if level == len(self._parts):
            self._parts.append([])
        parts = self._parts[level]
        parts.append(part)
        if len(parts) == PARTS:
            merged = self._write(_once(heapq.merge(*map(_read, parts))))
            for done in parts:
                done.unlink()
            parts.clear()
            self._keep(merged, level + 1)

    def _write(self, lines: Iterable[bytes]) -> Path:
        self._made += 1
        part = self._place.with_name(f"{self._place.name}-{self._made}.gz")
        with (
            gzip.open(part, "wb", compresslevel=LEVEL) as packed,
            io.BufferedWriter(cast(io.RawIOBase, packed)) as file,
        ):
            file.writelines(line + b"\n" for line in lines)
        return part


def _read(part: Path) -> Iterator[bytes]:
    with gzip.open(part) as file:
        for line in file:
            yield line[:-1]


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line, _ in groupby(lines))
