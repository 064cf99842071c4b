"""From files to a build: the store, `graph.ttl` and `graph.html` in one folder.

Only what is new or changed is read; what was read before is kept as notes (kg.ledger). The notes of all documents that
are there are then put together (kg.assemble), or only what has come and gone is changed, and the build is written
beside the one in use (kg.folder). So a build is a function of its documents alone, whatever was added, changed
or withdrawn on the way.

(The module is not called `build`, because `kg.build` is the function.)
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from kg import folder, graph, store, view
from kg.assemble import Begun, Content, assemble
from kg.errors import Problem
from kg.folder import PAGE, TURTLE
from kg.inputs import Failure, Fields, Report, Source, Step, find, texts
from kg.ledger import Ledger, digest_of, key_of, program_version, rules_version
from kg.model import Extraction
from kg.notes import Notes
from kg.review_decisions import Decision, Decisions, parse
from kg.workers import Reading, ReadPage, Task, read_all

__all__ = ["PAGE", "TURTLE", "Failure", "Fields", "NothingRead", "Source", "UnknownDocument", "build", "find", "remove"]

FORMAT = 1  # of documents.jsonl
FIELDS = Fields()
LOOSE = 0.5  # of the documents of a build, how many may come and go before it is put together anew
FULL = (errno.ENOSPC, errno.EDQUOT)  # of a disk
KEPT = " private"  # what tells rules that cover nothing


Readings = Generator[Reading, None, None]


class NothingRead(Problem):
    """No document could be read, so nothing was written; each failure has been reported."""


class UnknownDocument(Problem):
    """A document to remove is not in the graph."""


@dataclass(frozen=True)
class Recipe:
    """What a build is made by besides its texts: the versions of program and rules, the setting, and what people decided.

    `loose` is how many documents have come and gone since all was last put together anew, `turtle` the checksum of the Turtle.
    """

    program: str = ""
    rules: str = ""
    min_confidence: float = 0.0
    decisions: tuple[Decision, ...] = ()
    loose: int = 0
    turtle: int = 0

    @property
    def settings(self) -> tuple[str, str, float]:
        """What must be the same for one build to go on from another."""
        return self.program, self.rules, self.min_confidence

    def write(self, path: Path, made_of: Iterable[tuple[str, str]]) -> None:
        """As JSON Lines: a head, then the name and the digest of each text."""
        head = {"format": FORMAT, "program": self.program, "rules": self.rules, "min_confidence": self.min_confidence}
        head |= {
            "decisions": [decision.said for decision in self.decisions],
            "loose": self.loose,
            "turtle": self.turtle,
        }
        with path.open("w", encoding="utf-8", newline="\n") as file:
            print(json.dumps(head, ensure_ascii=False), file=file)
            for text in made_of:
                print(json.dumps(text, ensure_ascii=False), file=file)

    @staticmethod
    def read(output: Path, take: Callable[[str, str], object] = lambda *_: None) -> Recipe:
        """That of the build in use; `take` is called with name and digest of each text.

        Raises Problem where another version has written it, or none.
        """
        path = (folder.current(output) or output) / folder.DOCUMENTS
        try:
            with path.open(encoding="utf-8") as file:
                head = json.loads(next(file))
                if head["format"] == FORMAT:
                    for name, digest in map(json.loads, file):
                        take(name, digest)
                    settings = head.get("program", ""), head["rules"], head["min_confidence"]
                    decisions = parse(head.get("decisions", ()))
                    return Recipe(*settings, decisions, head.get("loose", 0), head.get("turtle", 0))
        except (OSError, ValueError, KeyError, TypeError, StopIteration):
            pass
        raise Problem(f"{path.parent}: nothing says what this build was made of; build it again")


# ---------------------------------------------------------------- building


def build(
    sources: Sequence[Source],
    output: Path,
    failed: Report,
    *,
    min_confidence: float = 0.0,
    fields: Fields = FIELDS,
    workers: int = 1,
    scheduler: str = "",
    fresh: bool = False,
    keep_private: bool = False,
    decisions: Sequence[Decision] = (),
    read_page: ReadPage | None = None,
    step: Step = lambda _: None,
) -> Content:
    """Make the build in `output` that of these sources, reading what is not known yet; returns what it holds.

    A document that was there and is not among the sources is withdrawn. A source that cannot be read is reported to
    `failed` and skipped. Statements whose evidence is all below `min_confidence` are left out. `fresh` reads all
    again. Private data is covered (kg.private) unless `keep_private`. `decisions` are applied to what the documents
    say; one that does not fit its document is reported to `failed`. `read_page` says what one page says, in `workers`
    processes, or on the cluster whose dask scheduler is at the address `scheduler`. `step` is called with the bytes gone through.
    Raises NothingRead where no source could be read, ledger.Busy where another process writes this build, OSError or
    Problem where `output` cannot be written; the build that was there then stays.
    """

    def reading(tasks: Iterator[Task]) -> Readings:
        if scheduler:
            try:
                from kg.cluster import read_all as on_cluster
            except ImportError as error:
                raise Problem(f"a scheduler needs {error.name}: pip install 'tongbao[cluster]'") from error
            return on_cluster(tasks, scheduler, read_page)
        return read_all(tasks, workers, read_page or _reader())

    with Ledger(folder.hidden(output)) as ledger:
        _read(sources, ledger, failed, fields, reading, fresh, keep_private, step)
        if not any(ledger.texts()):
            folder.discard(output)
            raise NothingRead("no document could be read, nothing was written")
        uncovered = not keep_private and _kept_private(output)
        recipe = Recipe(program_version(), _rules(keep_private), min_confidence, tuple(decisions))
        return _assemble(recipe, ledger, output, failed, whole=fresh, withdraw=uncovered)


def remove(names: Iterable[str], output: Path) -> Content:
    """Withdraw documents from the build in `output`; what remains in it. Raises UnknownDocument before any change."""
    store.read(output)
    with Ledger(folder.hidden(output)) as ledger:
        recipe = replace(Recipe.read(output, ledger.meet), program=program_version())
        ledger.name_documents(recipe.rules)
        if unknown := [name for name in sorted(set(names)) if not ledger.withdraw(name)]:
            raise UnknownDocument(f"no document of this name in {output}: {', '.join(unknown)}")
        return _assemble(recipe, ledger, output, withdraw=True)


def write(extraction: Extraction, output: Path) -> None:
    """Write a build that was not read from documents, the plain way, all in memory."""
    quads = sorted(set(graph.quads(extraction)), key=str)

    def fill(place: Path) -> None:
        store.write(place, quads)
        (place / TURTLE).write_bytes(graph.turtle(quads))
        view.write(place / PAGE, view.gathered(extraction.documents, extraction.entities, extraction.statements))
        Recipe().write(place / folder.DOCUMENTS, ())

    with Ledger(folder.hidden(output)):
        folder.publish(output, fill)


def _rules(keep_private: bool) -> str:
    """What notes depend on besides their text."""
    return rules_version() + KEPT if keep_private else rules_version()


def _kept_private(output: Path) -> bool:
    """Whether the build in use holds private data: then nothing of it may stay behind one that covers it."""
    try:
        return Recipe.read(output).rules.endswith(KEPT)
    except Problem:
        return False


def _reader() -> ReadPage | None:
    """What reads a page; None is the default, which each process loads when it has something to read."""
    return None


def _read(
    sources: Iterable[Source],
    ledger: Ledger,
    failed: Report,
    fields: Fields,
    reading: Callable[[Iterator[Task]], Readings],
    fresh: bool,
    keep_private: bool,
    step: Step,
) -> None:
    """Let the ledger know the texts of the sources, and have notes of every one that can be read."""
    rules = _rules(keep_private)
    bad: dict[str, str] = {}
    failures: list[Failure] = []

    def unread() -> Iterator[Task]:
        for source in sources:
            for text in texts(source, fields, failures.append, step):
                digest = digest_of(text)
                if ledger.meet(text.name, digest) and (fresh or key_of(digest, rules) not in ledger):
                    yield Task(digest, text, keep_private)

    with closing(reading(unread())) as readings:
        for done in readings:
            if done.failure:
                bad[done.digest] = done.failure
            else:
                ledger.add(key_of(done.digest, rules), done.packed)
    ledger.keep_waiting()
    failures += [Failure(name, reason) for digest, reason in bad.items() for name in ledger.leave_out(digest)]
    for failure in sorted(failures, key=lambda failure: (failure.name, failure.reason)):
        failed(failure)


def _assemble(
    recipe: Recipe,
    ledger: Ledger,
    output: Path,
    failed: Report = lambda _: None,
    *,
    whole: bool = False,
    withdraw: bool = False,
) -> Content:
    """Put the notes of the documents together, write the build, all parts at one moment, and forget all other notes.

    It comes from the build in use where that is whole and little has changed since; not if it is to be made `whole`.
    """
    ledger.name_documents(recipe.rules)
    begun, loose = (None, 0) if whole or withdraw else _begun(recipe, ledger, output)
    content = Content()
    decided = Decisions(recipe.decisions)

    def read(names: Iterable[str] | None) -> Iterator[Notes]:
        return map(decided.apply, ledger.notes(names))

    def fill(place: Path) -> None:
        nonlocal content, loose
        try:
            content = assemble(read, place, recipe.min_confidence, begun)
        except (OSError, EOFError, ValueError, RuntimeError, Problem, zlib.error) as error:
            if begun is None or any(os.strerror(full) in str(error) for full in FULL):
                raise
            folder.empty(place)
            content, loose = assemble(read, place, recipe.min_confidence), 0  # raises again what has another cause
            failed(Failure(str(begun.place), f"damaged, so that all was put together anew ({error})"))
        replace(recipe, loose=loose, turtle=content.turtle).write(place / folder.DOCUMENTS, ledger.texts())
        if begun:
            for _ in read(filter(ledger.has_document, decided.said)):  # those that do not fit say so every time
                pass
        for unfit in decided.unfit:
            failed(Failure(f"decision {unfit.decision.line} on {unfit.decision.document}", unfit.reason))

    folder.publish(output, fill, withdraw=withdraw)
    ledger.keep_only_these()
    return content


def _begun(recipe: Recipe, ledger: Ledger, output: Path) -> tuple[Begun | None, int]:
    """The build in use, where it was made in the same way and is as it was written, and how many documents are loose then.

    Not where they are too many: all put together anew takes no longer, and nothing of what has gone stays in the store's files.
    """
    place = folder.current(output)
    try:
        before = Recipe.read(output, ledger.meet_before)
    except Problem:
        return None, 0
    if place is None or before.settings != recipe.settings or folder.is_changed(place):
        return None, 0
    was, said = (Decisions(made.decisions).said for made in (before, recipe))
    count, gone, more = ledger.changes(name for name in was | said if was.get(name) != said.get(name))
    loose = before.loose + len(gone) + len(more)
    return (Begun(place, count, gone, more, before.turtle), loose) if loose <= count * LOOSE else (None, 0)
