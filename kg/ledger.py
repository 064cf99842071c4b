"""The notes of documents that have been read, kept so that they need not be read again; and the lock of a build.

`DIR/.build/notes.sqlite` is an SQLite database with one table, `note (key, note)`. The key is a digest of all that a
document's notes depend on (its bytes and what is given beside them, and the version of the rules), not of its name. The
note is JSON in UTF-8, compressed with zlib:

    {"document": {"text": …, "sha256": …, "date": …}, "names": {ENTITY: [NAME, …]}, "entities": [{"key": …}, …],
     "evidence": [[[SUBJECT, PREDICATE, OBJECT, DETAIL], [[START, END, SENTENCE_START, SENTENCE_END, RULE, CONFIDENCE],
     …]], …], "dates": {ENTITY: [START, END]}}

Whoever has the ledger open holds the build: SQLite's own lock keeps others out, and goes with the process.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from dataclasses import fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Any, Self

from kg.errors import Problem
from kg.inputs import Text
from kg.model import Document, Entity, Evidence, Kind, Quantity, Span
from kg.notes import Notes

FILE = "notes.sqlite"
BATCH = 256  # notes that are kept at once: what a killed build has to read again
# What a page says does not depend on these; all else in the package is part of the version of the rules.
NOT_RULES = frozenset(
    """
    __main__.py analyse.py answer.py api.py assemble.py cli.py cluster.py compare.py diff.py evaluate.py
    evaluate_report.py explain.py export.py exports_jsonld.py exports_network.py exports_tables.py folder.py gold.py
    graph.py inputs.py layout.py ledger.py loading.py ontology.ttl pipeline.py push.py query.py remote.py review.py
    review_decisions.py review_page.py shapes.py shapes.ttl shards.py sorting.py store.py tables.py turtle.py
    validate.py view.py workers.py __pycache__ assets queries serve
    """.split()
)
LIBRARIES = ("ahocorasick-rs", "jieba", "lxml", "pypdfium2", "python-docx")


# What a build is made of, while it is made: on disk, like all that grows with the number of documents.
WORKING = """
CREATE TEMP TABLE text (name TEXT, digest TEXT, PRIMARY KEY (name, digest)) WITHOUT ROWID;
CREATE INDEX temp.digests ON text (digest);
CREATE TEMP TABLE document (name TEXT PRIMARY KEY, key TEXT NOT NULL, called TEXT, digest TEXT) WITHOUT ROWID;
CREATE INDEX temp.keys ON document (key);
CREATE TEMP TABLE text_before (name TEXT, digest TEXT, PRIMARY KEY (name, digest)) WITHOUT ROWID;
CREATE TEMP TABLE before (name TEXT PRIMARY KEY, digest TEXT) WITHOUT ROWID;
"""
DIGITS = 12  # of the digest that tells documents of one name apart


class Busy(Problem):
    """Another process writes this build."""


class NoNotes(Problem):
    """The notes of a document are not there, or cannot be read."""


# ---------------------------------------------------------------- keys


@cache
def rules_version() -> str:
    """A digest of the code and the words that reading depends on, and of the libraries and the Python it uses."""
    return _digest_of_package(LIBRARIES, NOT_RULES)


def _digest_of_package(libraries: Iterable[str], without: Set[str]) -> str:
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in libraries:
        digest.update(f"{name} {_installed(name)}\n".encode())
    for path, content in _files().items():
        if path.partition("/")[0] not in without:
            digest.update(f"{path} {content}\n".encode())
    return digest.hexdigest()


@cache
def _files() -> dict[str, str]:
    """The files of the package, with their digests."""
    package = Path(__file__).parent
    files = (path for path in sorted(package.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@cache
def program_version() -> str:
    """A digest of all the code, and of the library that writes: what a build depends on besides what was read."""
    return _digest_of_package((*LIBRARIES, "pyoxigraph", "pyvis"), frozenset())


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def digest_of(text: Text) -> str:
    """What tells a text from others: its kind, what is given beside it, and its bytes; not its name."""
    kind = "row" if text.is_row else Path(text.name).suffix.lower()
    head = json.dumps([kind, sorted(text.given.items())], ensure_ascii=False)
    return hashlib.sha256(head.encode("utf-8", "surrogatepass") + b"\0" + text.data).hexdigest()


def key_of(digest: str, rules: str) -> str:
    """The key of the notes that these rules make of the text with this digest."""
    return hashlib.sha256(f"{rules} {digest}".encode()).hexdigest()


# ---------------------------------------------------------------- one note as bytes and back


def pack(notes: Notes) -> bytes:
    """Notes as compressed JSON. The quotes are left out: they are the text at their spans."""
    document = stated(notes.document)
    del document["name"]
    content = {
        "document": document,
        "names": {key: sorted(names) for key, names in notes.names.items()},
        "entities": [stated(entity) for entity in notes.entities.values()],
        "evidence": [
            [fact, [[*_place(held), held.rule, held.confidence] for held in found.values()]]
            for fact, found in notes.evidence.items()
        ],
        "dates": notes.dates,
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def stated(record: Document | Entity) -> dict[str, Any]:
    """The fields of a record that are not at their defaults."""
    found = {f.name: value for f in fields(record) if (value := getattr(record, f.name)) != f.default}
    if quantity := found.get("quantity"):
        found["quantity"] = {f.name: getattr(quantity, f.name) for f in fields(quantity)}
    return found


def _place(held: Evidence) -> tuple[int, int, int, int]:
    return held.span.start, held.span.end, held.sentence.start, held.sentence.end


def unpack(packed: bytes, name: str) -> Notes:
    """The notes of the document of this name. Raises ValueError, KeyError or TypeError where the bytes are no notes."""
    content = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    document = Document(name=name, **content["document"])
    evidence = {
        tuple(fact): {
            (span := Span(start, end)): Evidence(
                name, span, document.text[start:end], rule, confidence, Span(*sentence)
            )
            for start, end, *sentence, rule, confidence in found
        }
        for fact, found in content["evidence"]
    }
    return Notes(
        document,
        names=defaultdict(set, {key: set(names) for key, names in content["names"].items()}),
        entities={entity["key"]: entity_of(entity) for entity in content["entities"]},
        evidence=defaultdict(dict, evidence),
        dates={key: (start, end) for key, (start, end) in content["dates"].items()},
    )


def entity_of(content: dict[str, Any]) -> Entity:
    """The entity of which `stated` told the fields."""
    quantity = Quantity(**content["quantity"]) if "quantity" in content else None
    names = tuple(content.get("names", ()))
    return Entity(**content | {"kind": Kind(content["kind"]), "names": names, "quantity": quantity})


# ---------------------------------------------------------------- the ledger


class Ledger:
    """The notes kept in a folder, for one process at a time. Use it in a `with` statement.

    Raises Busy where another process has it open, Problem where it cannot be written (a full disk).
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._waiting: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        try:
            self._open()
        except sqlite3.OperationalError as error:
            raise self._problem(error) from error
        except sqlite3.DatabaseError:  # damaged: it only saves reading
            self._database.close()
            self._path.unlink()
            self._open()
        return self

    def _open(self) -> None:
        self._database = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            for line in ("locking_mode = EXCLUSIVE", "journal_mode = TRUNCATE", "synchronous = NORMAL"):
                self._database.execute(f"PRAGMA {line}")
            self._database.execute("PRAGMA secure_delete = ON")  # a text that is withdrawn is gone
            self._database.execute("BEGIN EXCLUSIVE")
            self._database.execute("CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, note BLOB NOT NULL)")
            self._database.execute("COMMIT")
            self._database.executescript(WORKING)
        except sqlite3.Error:
            self._database.close()
            raise

    def _problem(self, error: sqlite3.Error) -> Problem:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Busy(f"{self._path.parent.parent}: another build is being written here; try again when it has ended")
        return Problem(f"{self._path}: {error}")

    def __exit__(self, *_: object) -> None:
        with suppress(Problem):
            self.keep_waiting()
        self._database.close()

    def __contains__(self, key: str) -> bool:
        found = self._database.execute("SELECT 1 FROM note WHERE key = ?", (key,)).fetchone()
        return found is not None or key in self._waiting

    def add(self, key: str, packed: bytes) -> None:
        """Keep a note; it is safe from a sudden end once a batch is full."""
        self._waiting[key] = packed
        if len(self._waiting) >= BATCH:
            self.keep_waiting()

    def keep_waiting(self) -> None:
        """Write the notes that have been added."""
        if self._waiting:
            self._write("INSERT OR REPLACE INTO note VALUES (?, ?)", self._waiting.items())
            self._waiting = {}

    # What the build is made of.

    def meet(self, name: str, digest: str) -> bool:
        """Take a text among those of the build; whether its digest is new among them."""
        known = self._database.execute("SELECT 1 FROM text WHERE digest = ?", (digest,)).fetchone()
        self._database.execute("INSERT OR IGNORE INTO text VALUES (?, ?)", (name, digest))
        return known is None

    def leave_out(self, digest: str) -> list[str]:
        """Take the texts with this digest out; their names."""
        names = [name for (name,) in self._database.execute("SELECT name FROM text WHERE digest = ?", (digest,))]
        self._database.execute("DELETE FROM text WHERE digest = ?", (digest,))
        return names

    def texts(self) -> Iterator[tuple[str, str]]:
        """Name and digest of the texts of the build, in order."""
        yield from self._database.execute("SELECT name, digest FROM text ORDER BY name, digest")

    def name_documents(self, rules: str) -> None:
        """Give each text's document its name: of texts that share one each gets a part of the digest into it."""
        self._database.execute("DELETE FROM document")
        rows = ((name, key_of(digest, rules), called, digest) for name, called, digest in _named(self.texts()))
        self._write("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)", rows)

    def meet_before(self, name: str, digest: str) -> None:
        """Take a text among those of the build in use."""
        self._database.execute("INSERT OR IGNORE INTO text_before VALUES (?, ?)", (name, digest))

    def changes(self, others: Iterable[str]) -> tuple[int, list[str], list[str]]:
        """How many documents the build in use has, which of them go, and which come.

        One that has another text does both, and so do `others`, which say something else for another reason.
        """
        texts = self._database.execute("SELECT name, digest FROM text_before ORDER BY name, digest")
        self._write(
            "INSERT OR REPLACE INTO before VALUES (?, ?)", ((name, digest) for name, _, digest in _named(texts))
        )
        self._write("UPDATE before SET digest = '' WHERE name = ?", ((name,) for name in others))
        (count,) = self._database.execute("SELECT COUNT(*) FROM before").fetchone()
        return count, self._only_in("before", "document"), self._only_in("document", "before")

    def _only_in(self, one: str, other: str) -> list[str]:
        command = (
            f"SELECT name FROM (SELECT name, digest FROM {one} EXCEPT SELECT name, digest FROM {other}) ORDER BY name"
        )
        return [name for (name,) in self._database.execute(command)]

    def has_document(self, name: str) -> bool:
        """Whether there is a document of this name."""
        return self._database.execute("SELECT 1 FROM document WHERE name = ?", (name,)).fetchone() is not None

    def withdraw(self, name: str) -> bool:
        """Take the text of a document out; whether there was one."""
        row = self._database.execute("SELECT called, digest FROM document WHERE name = ?", (name,)).fetchone()
        if row:
            self._database.execute("DELETE FROM text WHERE name = ? AND digest = ?", row)
        return row is not None

    def notes(self, names: Iterable[str] | None = None) -> Iterator[Notes]:
        """The notes of the documents of these names; of all, in any order, where none are given. Raises NoNotes."""
        if names is None:
            command = "SELECT document.name, note FROM document LEFT JOIN note USING (key)"
            rows: Iterable[tuple[str, bytes | None]] = self._database.execute(command)
        else:
            rows = ((name, self._note(name)) for name in names)
        for name, note in rows:
            try:
                if note is None:
                    raise ValueError
                found = unpack(note, name)
            except (TypeError, ValueError, KeyError, zlib.error) as error:
                raise NoNotes(f"{self._path}: no notes of {name}; run kg build --fresh on all pages") from error
            yield found

    def _note(self, name: str) -> bytes | None:
        command = "SELECT note FROM document JOIN note USING (key) WHERE name = ?"
        row = self._database.execute(command, (name,)).fetchone()
        return row[0] if row else None

    def keep_only_these(self) -> None:
        """Drop the notes of all other texts."""
        self._write("DELETE FROM note WHERE key NOT IN (SELECT key FROM document)", [()])

    def _write(self, command: str, rows: Iterable[tuple[Any, ...]]) -> None:
        try:
            self._database.execute("BEGIN")
            self._database.executemany(command, rows)
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise self._problem(error) from error


def _named(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """The name of each text's document, and name and digest of the text, from those in order."""
    for called, same in groupby(texts, key=itemgetter(0)):
        digests = [digest for _, digest in same]
        for digest in digests:
            yield called if len(digests) == 1 else _told_apart(called, digest), called, digest


def _told_apart(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    if not path.name:  # the id of a row may be a slash
        return f"{name}-{digest[:DIGITS]}"
    return str(path.with_name(f"{path.stem}-{digest[:DIGITS]}{path.suffix}"))
