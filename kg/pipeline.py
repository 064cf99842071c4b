"""From files to a build: the store, `graph.ttl` and `graph.html` in one folder.

Only what is new or changed is read; what was read before is kept as notes (kg.ledger). All notes of the documents that
are there are then merged, and the build is written anew beside the one in use (kg.folder). So a build is a function of
its documents alone, whatever was added, changed or withdrawn on the way.

(The module is not called `build`, because `kg.build` is the function.)
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kg import folder, graph, store, view
from kg.errors import Problem
from kg.folder import PAGE, TURTLE
from kg.inputs import Failure, Fields, Report, Source, Step, find, texts
from kg.ledger import Ledger, digest_of, key_of, rules_version
from kg.model import Extraction
from kg.notes import merge
from kg.workers import ReadPage, Task, read_all

__all__ = ["PAGE", "TURTLE", "Failure", "Fields", "NothingRead", "Source", "UnknownDocument", "build", "find", "remove"]

FORMAT = 1  # of documents.jsonl
FIELDS = Fields()
DIGITS = 12  # of the digest that tells documents of one name apart


class NothingRead(Problem):
    """No document could be read, so nothing was written; each failure has been reported."""


class UnknownDocument(Problem):
    """A document to remove is not in the graph."""


@dataclass(frozen=True)
class Contents:
    """What a build is made of: the texts by name and digest, the version of the rules, and the setting."""

    texts: frozenset[tuple[str, str]] = frozenset()
    rules: str = ""
    min_confidence: float = 0.0

    def documents(self) -> dict[str, tuple[str, str]]:
        """The texts by the names of their documents: of texts that share a name each gets a digest into it."""
        shared = Counter(name for name, _ in self.texts)
        return {
            name if shared[name] == 1 else _told_apart(name, digest): (name, digest)
            for name, digest in sorted(self.texts)
        }

    def keys(self) -> dict[str, str]:
        """The key of each document's notes by its name, in the order of the names."""
        return {name: key_of(digest, self.rules) for name, (_, digest) in sorted(self.documents().items())}

    def write(self, path: Path) -> None:
        """As JSON Lines: a head, then the name and the digest of each text."""
        head = {"format": FORMAT, "rules": self.rules, "min_confidence": self.min_confidence}
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for line in (head, *sorted(self.texts)):
                print(json.dumps(line, ensure_ascii=False), file=file)

    @staticmethod
    def read(path: Path) -> Contents:
        """Raises Problem where another version has written it, or none."""
        try:
            with path.open(encoding="utf-8") as file:
                head = json.loads(next(file))
                if head["format"] == FORMAT:
                    found = frozenset((name, digest) for name, digest in map(json.loads, file))
                    return Contents(found, head["rules"], head["min_confidence"])
        except (OSError, ValueError, KeyError, TypeError, StopIteration):
            pass
        raise Problem(f"{path.parent}: nothing says what this build was made of; build it again")


def _told_apart(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{digest[:DIGITS]}{path.suffix}"))


# ---------------------------------------------------------------- building


def build(
    sources: Sequence[Source],
    output: Path,
    failed: Report,
    *,
    min_confidence: float = 0.0,
    fields: Fields = FIELDS,
    workers: int = 1,
    fresh: bool = False,
    read_page: ReadPage | None = None,
    step: Step = lambda _: None,
) -> Extraction:
    """Make the build in `output` that of these sources, reading what is not known yet; returns what it holds.

    A document that was there and is not among the sources is withdrawn. A source that cannot be read is reported to
    `failed` and skipped. Statements whose evidence is all below `min_confidence` are left out. `fresh` reads all
    again. `read_page` says what one page says, in `workers` processes. `step` is called with the bytes gone through.
    Raises NothingRead where no source could be read, ledger.Busy where another process writes this build, OSError or
    Problem where `output` cannot be written; the build that was there then stays.
    """
    with Ledger(folder.hidden(output)) as ledger:
        found = _read(sources, ledger, failed, fields, workers, fresh, read_page or _reader(), step)
        if not found:
            folder.discard(output)
            raise NothingRead("no document could be read, nothing was written")
        return _assemble(Contents(found, rules_version(), min_confidence), ledger, output)


def remove(names: Iterable[str], output: Path) -> Extraction:
    """Withdraw documents from the build in `output`; what remains in it. Raises UnknownDocument before any change."""
    store.read(output)
    with Ledger(folder.hidden(output)) as ledger:
        before = Contents.read((folder.current(output) or output) / folder.DOCUMENTS)
        gone = set(names)
        if unknown := gone - before.documents().keys():
            raise UnknownDocument(f"no document of this name in {output}: {', '.join(sorted(unknown))}")
        left = frozenset(text for name, text in before.documents().items() if name not in gone)
        return _assemble(replace(before, texts=left), ledger, output, withdraw=True)


def write(extraction: Extraction, output: Path) -> None:
    """Write a build that was not read from documents."""
    with Ledger(folder.hidden(output)):
        _publish(extraction, Contents(), output)


def _reader() -> ReadPage | None:
    """What reads a page; None is the default, which each process loads when it has something to read."""
    return None


def _read(
    sources: Iterable[Source],
    ledger: Ledger,
    failed: Report,
    fields: Fields,
    processes: int,
    fresh: bool,
    read_page: ReadPage | None,
    step: Step,
) -> frozenset[tuple[str, str]]:
    """See that there are notes of every text that can be read; returns their names and digests."""
    rules = rules_version()
    met: set[tuple[str, str]] = set()
    asked: set[str] = set()
    bad: dict[str, str] = {}
    failures: list[Failure] = []

    def unread() -> Iterator[Task]:
        for source in sources:
            for text in texts(source, fields, failures.append, step):
                digest = digest_of(text)
                met.add((text.name, digest))
                if digest not in asked and (fresh or key_of(digest, rules) not in ledger):
                    asked.add(digest)
                    yield Task(digest, text)

    with closing(read_all(unread(), processes, read_page)) as readings:
        for reading in readings:
            if reading.failure:
                bad[reading.digest] = reading.failure
            else:
                ledger.add(key_of(reading.digest, rules), reading.packed)
    ledger.keep_waiting()
    failures += [Failure(name, bad[digest]) for name, digest in met if digest in bad]
    for failure in sorted(failures, key=lambda failure: (failure.name, failure.reason)):
        failed(failure)
    return frozenset(text for text in met if text[1] not in bad)


# ---------------------------------------------------------------- writing


def _assemble(contents: Contents, ledger: Ledger, output: Path, *, withdraw: bool = False) -> Extraction:
    """Merge the notes of the documents, write the build and forget all other notes."""
    keys = contents.keys()
    extraction = merge(ledger.notes(key, name) for name, key in keys.items())
    if contents.min_confidence > 0:
        least = contents.min_confidence
        extraction = graph.supported(extraction, lambda evidence: evidence.confidence >= least)
    _publish(extraction, contents, output, withdraw=withdraw)
    ledger.keep_only(keys.values())
    return extraction


def _publish(extraction: Extraction, contents: Contents, output: Path, *, withdraw: bool = False) -> None:
    """Put store, Turtle, page and list of documents in place of the old ones, all at one moment."""

    def fill(place: Path) -> None:
        quads = sorted(set(graph.quads(extraction)), key=str)
        store.write(place, quads)
        (place / TURTLE).write_bytes(graph.turtle(quads))
        view.write(place / PAGE, extraction.documents, extraction.entities, extraction.statements)
        contents.write(place / folder.DOCUMENTS)

    folder.publish(output, fill, withdraw=withdraw)
