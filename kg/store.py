"""The store on disk: an embedded Oxigraph database in `DIR/store`, replaced whole and read without a lock."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Problem

FOLDER = "store"


class NoBuild(Problem):
    """There is no graph in a folder."""


def write(folder: Path, quads: Iterable[ox.Quad]) -> None:
    """Put a store of these quads in place of the one in `folder`. Until the end the old one stays as it is."""
    with tempfile.TemporaryDirectory(prefix=".store-", dir=folder) as temporary:
        fresh = Path(temporary, "new")
        store = ox.Store(str(fresh))
        store.bulk_extend(quads)
        store.flush()
        del store  # closes the files
        place = folder / FOLDER
        if place.exists():
            place.rename(Path(temporary, "old"))
        fresh.rename(place)


def read(folder: Path) -> ox.Store:
    """The store of the build in `folder`, read-only, as it is now. Raises NoBuild where there is none."""
    place = folder / FOLDER
    while (place / "CURRENT").exists():
        now = place.resolve()  # a build may put another store in its place while this one is opened
        try:
            return ox.Store.read_only(str(now))
        except (OSError, RuntimeError) as error:
            if place.resolve() == now:
                raise NoBuild(f"{folder}: the graph cannot be opened ({error})") from error
    raise NoBuild(f"{folder}: no graph here; run: kg build --output {folder}")
