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
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

from kg.errors import Problem
from kg.inputs import Text
from kg.model import Document, Entity, Evidence, Kind, Quantity, Span
from kg.notes import Notes

FILE = "notes.sqlite"
BATCH = 256  # notes that are kept at once: what a killed build has to read again
# What a page says does not depend on these; all else in the package is part of the version of the rules.
NOT_RULES = {
    *("__main__.py", "analyse.py", "answer.py", "api.py", "cli.py", "compare.py", "diff.py", "evaluate.py"),
    *("evaluate_report.py", "explain.py", "export.py", "exports_jsonld.py", "exports_network.py", "exports_tables.py"),
    *("folder.py", "gold.py", "graph.py", "inputs.py", "layout.py", "ledger.py", "ontology.ttl", "pipeline.py"),
    *("query.py", "shapes.ttl", "store.py", "tables.py", "validate.py", "view.py", "workers.py"),
    *("assets", "queries", "serve", "__pycache__"),
}
LIBRARIES = ("ahocorasick-rs", "jieba", "lxml", "pypdfium2", "python-docx")


class Busy(Problem):
    """Another process writes this build."""


class NoNotes(Problem):
    """The notes of a document are not there, or cannot be read."""


# ---------------------------------------------------------------- keys


@cache
def rules_version() -> str:
    """A digest of the code and the words that reading depends on, and of the libraries and the Python it uses."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in LIBRARIES:
        digest.update(f"{name} {_installed(name)}\n".encode())
    package = Path(__file__).parent
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if path.is_file() and parts[0] not in NOT_RULES and "__pycache__" not in parts:
            digest.update(f"{'/'.join(parts)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


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
    document = _stated(notes.document)
    del document["name"]
    content = {
        "document": document,
        "names": {key: sorted(names) for key, names in notes.names.items()},
        "entities": [_stated(entity) for entity in notes.entities.values()],
        "evidence": [
            [fact, [[*_place(held), held.rule, held.confidence] for held in found.values()]]
            for fact, found in notes.evidence.items()
        ],
        "dates": notes.dates,
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _stated(record: Document | Entity) -> dict[str, Any]:
    """The fields of a record that are not at their defaults."""
    plain = {f.name: f.default for f in fields(record)}
    return {name: value for name, value in asdict(record).items() if value != plain[name]}


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
        entities={entity["key"]: _entity(entity) for entity in content["entities"]},
        evidence=defaultdict(dict, evidence),
        dates={key: (start, end) for key, (start, end) in content["dates"].items()},
    )


def _entity(content: dict[str, Any]) -> Entity:
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

    def notes(self, key: str, name: str) -> Notes:
        """The notes with this key, as those of the document of this name. Raises NoNotes."""
        row = self._database.execute("SELECT note FROM note WHERE key = ?", (key,)).fetchone()
        try:
            return unpack(row[0], name)
        except (TypeError, ValueError, KeyError, zlib.error) as error:
            raise NoNotes(f"{self._path}: no notes of {name}; run kg build --fresh on all pages") from error

    def keep_only(self, keys: Iterable[str]) -> None:
        """Drop all other notes."""
        self._database.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY)")
        self._database.execute("DELETE FROM kept")
        self._write("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
        self._write("DELETE FROM note WHERE key NOT IN (SELECT key FROM kept)", [()])

    def _write(self, command: str, rows: Iterable[tuple[Any, ...]]) -> None:
        try:
            self._database.execute("BEGIN")
            self._database.executemany(command, rows)
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise self._problem(error) from error
