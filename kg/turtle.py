"""`graph.ttl`: every statement once, in the order of its subjects, written anew or out of one that holds less.

What the file says of a subject is a block of lines, and depends on nothing else: so a block that is still right is
copied as it stands, and the others come from the same serializer as in a file that is written anew.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg import vocab
from kg.graph import PREF_LABEL

PREFIXES = vocab.PREFIXES | vocab.NODE_PREFIXES
PARSED = 1000  # subjects that are read at a time
READ = 1 << 20  # bytes that are read at a time
END = b" .\n"  # of a block, and nowhere within one
ESCAPED = re.compile(rb"\\(.)")
_NAMESPACES = {prefix.encode(): namespace.encode() for prefix, namespace in PREFIXES.items()}

Subject = tuple[str, set[str]]
"""A node as N-Triples writes it, and what is said of it: predicate and object, parted by a space."""
Change = tuple[str, set[str], set[str]]
"""A node, what is said of it besides, and what is said no longer; what is in both is said."""


def _turtle(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""


_ANY = ox.NamedNode("urn:any")
_HEAD = _turtle([ox.Triple(_ANY, _ANY, _ANY)]).partition(b"<urn:")[0]


class _Summed:
    """A file with the checksum (CRC-32) of all that has gone through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = 0

    def read(self, size: int) -> bytes:
        return self._took(self._file.read(size))

    def write(self, data: bytes) -> int:
        return self._file.write(self._took(data))

    def writelines(self, lines: Iterable[bytes]) -> None:
        self._file.writelines(map(self._took, lines))

    def flush(self) -> None:
        self._file.flush()

    def _took(self, data: bytes) -> bytes:
        self.sum = zlib.crc32(data, self.sum)
        return data


def write(path: Path, subjects: Iterable[Subject]) -> int:
    """Write the statements about these subjects, which are in order; returns the file's checksum.

    Raises ValueError where two entities share an IRI.
    """
    with path.open("wb") as opened:
        file = _Summed(opened)
        ox.serialize(_triples(subjects), cast(IO[bytes], file), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return file.sum


def renew(before: Path, checksum: int, path: Path, changes: Iterable[Change]) -> int:
    """Write what the file `before` says with these changes, which are in order; returns the checksum of what is written.

    Raises ValueError where two entities share an IRI, or the file before is not the one that has this checksum.
    """
    with before.open("rb") as opened, path.open("wb") as new:
        old, file = _Summed(opened), _Summed(new)
        blocks = _Blocks(old)
        file.write(_HEAD)
        for subject, more, gone in changes:
            file.writelines(blocks.before(subject[1:-1].encode()))
            known = blocks.about(subject[1:-1].encode())
            said = _said(known) if known else set()
            now = (said - gone) | more
            file.write(known + END if known and now == said else _block(subject, now))
        file.writelines(blocks.rest())
    if old.sum != checksum:
        raise ValueError(f"{before} is not as it was written")
    return file.sum


def _triples(subjects: Iterable[Subject]) -> Iterator[ox.Triple]:
    described = (_described(*subject) for subject in subjects)
    while batch := "".join(islice(described, PARSED)):
        for quad in ox.parse(batch, format=ox.RdfFormat.N_TRIPLES, lenient=True):
            yield quad.triple


def _described(subject: str, said: set[str]) -> str:
    lines = sorted(said)
    if sum(line.startswith(f"{PREF_LABEL} ") for line in lines) > 1:
        raise ValueError(f"two entities or documents share an IRI: {subject}")
    return "".join(f"{subject} {line} .\n" for line in lines)


def _block(subject: str, said: set[str]) -> bytes:
    return _turtle(_triples([(subject, said)])).removeprefix(_HEAD)


def _said(block: bytes) -> set[str]:
    triples = (quad.triple for quad in ox.parse(_HEAD + block + END, format=ox.RdfFormat.TURTLE, lenient=True))
    return {f"{triple.predicate} {triple.object}" for triple in triples}


class _Blocks:
    """The blocks of a file, each without its end, gone through once in their order."""

    def __init__(self, file: _Summed) -> None:
        self._blocks = _blocks(file)
        self._next()

    def _next(self) -> None:
        self._block = next(self._blocks, b"")
        self._iri = _iri(self._block) if self._block else b""

    def before(self, iri: bytes) -> Iterator[bytes]:
        """Those about subjects that come before this one, with their ends."""
        while self._block and self._iri + b">" < iri + b">":
            yield self._block + END
            self._next()

    def about(self, iri: bytes) -> bytes:
        """That about this subject; nothing where there is none."""
        if not self._block or self._iri != iri:
            return b""
        block = self._block
        self._next()
        return block

    def rest(self) -> Iterator[bytes]:
        """All that have not been gone through, with their ends."""
        while self._block:
            yield self._block + END
            self._next()


def _blocks(file: _Summed) -> Iterator[bytes]:
    if file.read(len(_HEAD)) != _HEAD:
        raise ValueError("Turtle that begins with other prefixes")
    rest = b""
    while read := file.read(READ):
        *whole, rest = (rest + read).split(END)
        yield from whole
    if rest:
        raise ValueError("Turtle that breaks off")


def _iri(block: bytes) -> bytes:
    """Of which subject a block speaks."""
    name = block[: block.index(b" ")]
    if name.startswith(b"<"):
        return name[1:-1]
    prefix, _, local = name.partition(b":")
    return _NAMESPACES[prefix] + (ESCAPED.sub(rb"\1", local) if b"\\" in local else local)
