"""From files to a build: the store, `graph.ttl` and `graph.html` in one folder.

(The module is not called `build`, because `kg.build` is the function.)
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kg import graph, store, view
from kg.errors import Problem
from kg.model import Extraction
from kg.read import Page, read

SUFFIXES = (".txt", ".md")
TURTLE, PAGE = "graph.ttl", "graph.html"
STDIN = Path("-")

Extract = Callable[[Iterable[Page]], Extraction]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file to read (`-` is standard input), and the name of its document."""

    name: str
    path: Path

    def bytes(self) -> bytes:
        return sys.stdin.buffer.read() if self.path == STDIN else self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read, and why."""

    name: str
    reason: str


Report = Callable[[Failure], None]


class NothingRead(Problem):
    """No document could be read, so nothing was written; each failure has been reported."""


class UnknownDocument(Problem):
    """A document to remove is not in the graph."""


# ---------------------------------------------------------------- finding files


def find(paths: Iterable[Path], failed: Report) -> list[Source]:
    """The text files among these files and folders, by name, each once; a path that holds none has failed.

    A document's name is the file's name, below the given folder where one was given.
    """
    names: dict[Path, str] = {}
    for path in paths:
        found = list(_files(path))
        if not found:
            reason = "no .txt or .md file in this folder" if path.is_dir() else "no such file or folder"
            failed(Failure(str(path), reason))
        for file, name in found:
            place = file if file == STDIN else file.resolve()
            names[place] = min(name, names.get(place, name))
    return sorted(Source(name, path) for path, name in names.items())


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if path == STDIN:
        yield path, "stdin"
    elif path.is_dir():
        for folder, _, names in os.walk(path):
            for file in (Path(folder, name) for name in names if name.lower().endswith(SUFFIXES)):
                yield file, _printable(file.relative_to(path).as_posix())
    elif path.exists():
        yield path, _printable(path.name)


def _printable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


# ---------------------------------------------------------------- building


def build(
    sources: Sequence[Source],
    output: Path,
    failed: Report,
    *,
    min_confidence: float = 0.0,
    extract: Extract | None = None,
    on_read: Callable[[], None] = lambda: None,
) -> Extraction:
    """Read the sources and write the build into `output`; returns what it holds.

    A source that cannot be read is reported to `failed` and skipped. Statements whose evidence is all below
    `min_confidence` are left out. `on_read` is called after each source.
    Raises NothingRead where no source could be read, OSError where `output` cannot be written.
    """
    extraction = (extract or _extractor())(_pages(sources, failed, on_read))
    if not extraction.documents:
        raise NothingRead("no document could be read, nothing was written")
    if min_confidence > 0:
        extraction = graph.supported(extraction, lambda evidence: evidence.confidence >= min_confidence)
    write(extraction, output)
    return extraction


def _extractor() -> Extract:
    from kg.extract import extract  # here, since it loads the dictionaries: only a build waits

    return extract


def _pages(sources: Sequence[Source], failed: Report, on_read: Callable[[], None]) -> Iterator[Page]:
    """The pages of the sources. Of files that share a name each gets a digest into it, and copies are read once."""
    shared = Counter(source.name for source in sources)
    seen = set()
    for source in sources:
        try:
            page = read(source.bytes(), source.name)
        except (OSError, ValueError) as error:
            failed(Failure(source.name, getattr(error, "strerror", None) or str(error)))
        else:
            if shared[source.name] > 1:
                page = replace(page, document=replace(page.document, name=_told_apart(page)))
            if page.document.name not in seen:
                yield page
            seen.add(page.document.name)
        on_read()


def _told_apart(page: Page) -> str:
    name = PurePosixPath(page.document.name)
    return str(name.with_stem(f"{name.stem}-{page.document.sha256[:8]}"))


def write(extraction: Extraction, output: Path) -> None:
    """Write store, Turtle and page; each takes the place of the old one only when it is whole."""
    output.mkdir(parents=True, exist_ok=True)
    quads = sorted(set(graph.quads(extraction)), key=str)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=output) as temporary:
        fresh = Path(temporary)
        (fresh / TURTLE).write_bytes(graph.turtle(quads))
        view.write(fresh / PAGE, extraction.documents, extraction.entities, extraction.statements)
        store.write(output, quads)
        for name in (TURTLE, PAGE):
            (fresh / name).replace(output / name)


def remove(names: Iterable[str], output: Path) -> Extraction:
    """Withdraw documents from the build in `output`; what remains in it. Raises UnknownDocument before any change."""
    extraction = graph.records(store.read(output))
    gone = set(names)
    if unknown := gone - {document.name for document in extraction.documents}:
        raise UnknownDocument(f"no document of this name in {output}: {', '.join(sorted(unknown))}")
    remaining = graph.without(extraction, gone)
    write(remaining, output)
    return remaining
