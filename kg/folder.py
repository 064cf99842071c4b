"""The folder of a build, as one state: store, Turtle and page change together, at one moment, or not at all.

    DIR/store, DIR/graph.ttl, DIR/graph.html    links to the same names in DIR/.build/current
    DIR/.build/current                          a link to the newest whole build, DIR/.build/N
    DIR/.build/N/                               store, graph.ttl, graph.html and documents.jsonl; entities.gz and
                                                facts.gz, which the next build may go on from (kg.assemble)
    DIR/.build/notes.sqlite                     the notes of the documents (kg.ledger)

A build is written beside the one in use, and becomes the one in use by the rename of one link. The one before it stays
until the next build, for those who still read it; what a killed build has left is swept away by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kg import store

HIDDEN, CURRENT, NEXT = ".build", "current", "next"
TURTLE, PAGE, DOCUMENTS = "graph.ttl", "graph.html", "documents.jsonl"
ENTITIES, FACTS = "entities.gz", "facts.gz"
PARTS = (store.FOLDER, TURTLE, PAGE)


def hidden(output: Path) -> Path:
    """The folder behind a build, made where it is missing."""
    output.mkdir(parents=True, exist_ok=True)
    folder = output / HIDDEN
    folder.mkdir(exist_ok=True)
    return folder


def discard(output: Path) -> None:
    """Leave nothing behind where there is no build yet."""
    if not (output / HIDDEN / CURRENT).exists():
        shutil.rmtree(output / HIDDEN)
        with suppress(OSError):  # it holds other things
            output.rmdir()


def current(output: Path) -> Path | None:
    """Where the build in use lies; None where there is none."""
    link = output / HIDDEN / CURRENT
    return link.resolve() if link.exists() else None


def is_changed(build: Path) -> bool:
    """Whether what another build goes on from is not there, or has been written to since this one was whole."""
    try:
        whole = (build / DOCUMENTS).stat().st_mtime_ns
        return any(
            (build / name).stat().st_mtime_ns > whole for name in (TURTLE, ENTITIES, FACTS, f"{store.FOLDER}/CURRENT")
        )
    except OSError:
        return True


def empty(build: Path) -> None:
    """Remove what has been written of a build."""
    shutil.rmtree(build)
    build.mkdir()


def publish(output: Path, fill: Callable[[Path], None], *, withdraw: bool = False) -> None:
    """Let `fill` write a build into an empty folder, and put it in use. Only one process may do so at a time.

    With `withdraw` nothing stays of the build before. Where `fill` raises, the build in use stays.
    """
    folder = hidden(output)
    before = current(output)
    sweep(output, keep={before} if before else set())
    fresh = folder / str(1 + max((int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal()), default=0))
    fresh.mkdir()
    try:
        fill(fresh)
        for path in (*filter(Path.is_file, fresh.iterdir()), fresh):
            _settle(path)
        _link(output, only_new=True)
        _put(folder / CURRENT, fresh.name)
    except BaseException:
        if current(output) != fresh.resolve():
            shutil.rmtree(fresh, ignore_errors=True)
        raise
    _link(output)
    _settle(folder)
    if withdraw:
        sweep(output, keep={fresh.resolve()})


def sweep(output: Path, keep: set[Path]) -> None:
    """Remove every build but these, whole or not. What a reader that opens one puts into it is swept the next time."""
    for entry in hidden(output).iterdir():
        if entry.name.isdecimal() and entry.resolve() not in keep:
            shutil.rmtree(entry, ignore_errors=True)


def _link(output: Path, only_new: bool = False) -> None:
    """Let the parts in the folder be links. A real file or folder (of an older version) gives way, unless `only_new`."""
    for name in PARTS:
        place = output / name
        if place.is_symlink() or (only_new and place.exists()):
            continue
        if place.is_dir():
            shutil.rmtree(place)
        _put(place, os.path.join(HIDDEN, CURRENT, name))


def _put(link: Path, target: str) -> None:
    """Let a link point to this, at one moment."""
    new = link.with_name(f".{NEXT}")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)


def _settle(path: Path) -> None:
    """Have a file, or the list of a folder's files, on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
