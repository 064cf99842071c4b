"""kg and rdflib on the same statements, each in a process of its own, as in use: neither works in the other's memory."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg import query, store

TRIPLES = "all.nt"
_HELD: list[ox.Store | rdflib.Graph] = []  # what this process is asked about


@contextmanager
def apart(place: Path, lines: Iterable[str]) -> Iterator[tuple[ProcessPoolExecutor, ProcessPoolExecutor]]:
    """A process for the store in `place`, and one for rdflib with these lines of N-Triples in memory."""
    (place / TRIPLES).write_text("".join(lines), encoding="utf-8")
    own = get_context("spawn")
    with ProcessPoolExecutor(1, own, _open, (place,)) as ours, ProcessPoolExecutor(1, own, _load, (place,)) as other:
        yield ours, other


def taken(questions: Iterable[str]) -> float:
    """The seconds on the processor for asking these, one after the other, and going through the whole answers."""
    (held,) = _HELD
    begun = time.process_time()
    for sparql in questions:
        deque(query.run(held, sparql) if isinstance(held, ox.Store) else held.query(sparql), 0)
    return time.process_time() - begun


def _open(place: Path) -> None:
    _HELD.append(store.read(place))


def _load(place: Path) -> None:
    _HELD.append(rdflib.Graph().parse(place / TRIPLES, format="nt"))
    gc.freeze()  # what rdflib holds is not gone through while it is measured
