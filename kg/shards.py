"""N-Quads in parts of like size, packed: what bulk loaders read in parallel.

All that one document states is in one part; what only the default graph holds goes by its subject. The same graph and
the same number of parts give the same bytes, and all parts together hold the lines of `kg export --format nquads`.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tempfile
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Problem
from kg.sorting import Lines
from kg.store import EVERYTHING, triples

NAME = "part-{:05}.nq.gz"
LEVEL = 6


def write(store: ox.Store, folder: Path, parts: int) -> None:
    """Write so many parts into a folder, which is made, or made anew. Raises Problem where it holds anything else."""
    if folder.exists() and any(not path.match("part-*.nq.gz") for path in folder.iterdir()):
        raise Problem(f"{folder}: holds other files; give a folder of its own")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        fresh = Path(temporary, "new")
        fresh.mkdir()
        lines = _sorted(store, parts, Path(temporary))
        for number in range(parts):
            (fresh / NAME.format(number + 1)).write_bytes(gzip.compress(b"", LEVEL, mtime=0))
        for number, same in groupby(lines, key=lambda line: int(line[:5])):
            with (
                (fresh / NAME.format(number + 1)).open("wb") as file,
                gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed,
            ):
                for line in same:
                    packed.write(line[5:] + b" .\n")
        if folder.exists():
            shutil.move(folder, Path(temporary, "old"))
        fresh.rename(folder)


def _sorted(store: ox.Store, parts: int, place: Path) -> Lines:
    """The quads as they were written (kg.store.quads), each behind five digits of its part."""
    lines = Lines(place, "quads")
    for name in store.named_graphs():
        part = _part(name, parts)
        for quad in store.quads_for_pattern(None, None, None, name):
            lines.add(f"{part:05}{quad}".encode())
    for quad in triples(store):
        if all(
            found.graph_name == EVERYTHING
            for found in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        ):
            lines.add(f"{_part(quad.subject, parts):05}{quad}".encode())
    return lines


def _part(term: object, parts: int) -> int:
    return int.from_bytes(hashlib.blake2b(str(term).encode(), digest_size=8).digest()) % parts
