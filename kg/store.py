"""The store on disk: an embedded Oxigraph database in `DIR/store`, replaced whole and read without a lock.

Its default graph holds every statement, once, so that queries count what is stated and not how often; each document's
graph holds what that document states.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Problem
from kg.loading import Loader

FOLDER = "store"
EVERYTHING = ox.DefaultGraph()


class NoBuild(Problem):
    """There is no graph in a folder."""


def write(folder: Path, quads: Iterable[ox.Quad]) -> None:
    """Put a store of these quads in place of the one in `folder`. Until the end the old one stays as it is."""
    with fresh(folder) as loader:
        loader.add(f"{quad} .\n" for quad in with_default(quads))


@contextmanager
def fresh(folder: Path, begun: Path | None = None) -> Iterator[Loader]:
    """What fills a new store; when this is left, that store is in place of the one in `folder`.

    With `begun` it holds at first what the store in that folder does, whose files it shares: they are never written again.
    """
    with tempfile.TemporaryDirectory(prefix=".store-", dir=folder) as temporary:
        new, place = Path(temporary, "new"), folder / FOLDER
        if begun:
            ox.Store.read_only(str(begun / FOLDER)).backup(str(new))
        with Loader(new) as loader:
            yield loader
        if place.exists():
            place.rename(Path(temporary, "old"))
        new.rename(place)


def with_default(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Each quad, and its statement in the default graph."""
    for quad in quads:
        yield quad
        if quad.graph_name != EVERYTHING:
            yield ox.Quad(*quad.triple)


def triples(store: ox.Store) -> Iterator[ox.Quad]:
    """Every statement, once, as a quad of the default graph."""
    return store.quads_for_pattern(None, None, None, EVERYTHING)


def quads(store: ox.Store) -> Iterator[ox.Quad]:
    """The statements as they were written: in the graphs of documents, and in the default graph what no document states."""
    stated = set()
    for name in store.named_graphs():
        for quad in store.quads_for_pattern(None, None, None, name):
            stated.add(quad.triple)
            yield quad
    yield from (quad for quad in triples(store) if quad.triple not in stated)


def read(folder: Path) -> ox.Store:
    """The store of the build in `folder`, read-only, as it is now.

    Raises NoBuild where there is none, or one of a version whose default graph did not hold every statement.
    """
    place = folder / FOLDER
    while (place / "CURRENT").exists():
        now = place.resolve()  # a build may put another store in its place while this one is opened
        try:
            store = ox.Store.read_only(str(now))
        except (OSError, RuntimeError) as error:
            if place.resolve() == now:
                raise NoBuild(f"{folder}: the graph cannot be opened ({error})") from error
        else:
            if not _has_default(store):
                raise NoBuild(f"{folder}: the graph was built by an older version; run: kg build --output {folder}")
            return store
    raise NoBuild(f"{folder}: no graph here; run: kg build --output {folder}")


def _has_default(store: ox.Store) -> bool:
    """Whether the default graph holds every statement: whether it holds the first of a document."""
    stated = (quad for name in store.named_graphs() for quad in store.quads_for_pattern(None, None, None, name))
    return all(ox.Quad(*quad.triple) in store for quad in islice(stated, 1))
