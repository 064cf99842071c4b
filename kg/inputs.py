"""What is given to a build: files, folders, patterns, archives, JSON Lines and Parquet, as a stream of texts.

Nothing is unpacked to disk and nothing is held longer than it takes to hand it on, so that memory does not grow with
the size of an archive. What an archive says of itself (sizes, paths) is not believed.
"""

from __future__ import annotations

import glob
import gzip
import io
import json
import os
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any

from kg import formats

TEXTS = formats.SUFFIXES
ROWS = (".jsonl", ".jsonl.gz")
COLUMNS = (".parquet",)
ZIPS = (".zip",)
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
SUFFIXES = (*TEXTS, *ROWS, *COLUMNS, *ZIPS, *TARS)
STDIN = Path("-")

MEBIBYTE = 1024 * 1024
MAX_TEXT = 32 * MEBIBYTE  # bytes of one text; a page of a newspaper has 0.02 MiB
MAX_RATIO = 200  # an archive unpacks to at most so many times its size, beyond the first MAX_SMALL bytes
MAX_SMALL = 256 * MEBIBYTE
BATCH = 16  # rows of Parquet that are held at a time
MAX_NAME = 300  # characters of a document's name
UTF8_NAME = 0x800  # flag of a zip entry whose name is UTF-8

BROKEN = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    zipfile.BadZipFile,
    tarfile.TarError,
)


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A file to read (`-` is standard input), and the name of its document, or of the archive that holds them."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Text:
    """One document before it is read: its name, its bytes, and what is known of it beside them.

    `given` are fields of `kg.model.Document` (title, date, paper) that a row of JSON Lines states.
    """

    name: str
    data: bytes = field(repr=False)
    given: Mapping[str, str] = field(default_factory=dict)
    is_row: bool = False  # plain text, whatever its name looks like


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of a row of JSON Lines or Parquet hold what. A row without an id goes by its URL, else by its line."""

    text: str = "text"
    id: str = "id"
    date: str = "date"
    title: str = "title"
    source: str = "source"
    url: str = "url"


Report = Callable[[Failure], None]
Step = Callable[[int], None]


# ---------------------------------------------------------------- finding files


def find(paths: Iterable[Path], failed: Report) -> list[Source]:
    """The files to read among these files, folders and patterns, by name, each once; a path that holds none has failed.

    A document's name is the file's name, below the given folder (or the part of a pattern before its first wildcard).
    """
    names: dict[Path, str] = {}
    for path in paths:
        found = list(_files(path))
        if not found:
            reason = f"nothing to read in this folder ({' '.join(SUFFIXES)})" if path.is_dir() else _missing(path)
            failed(Failure(str(path), reason))
        for file, name in found:
            place = file if file == STDIN else file.resolve()
            names[place] = min(name, names.get(place, name))
    return sorted(Source(name, path) for path, name in names.items())


def _missing(path: Path) -> str:
    return "no file of this pattern" if glob.has_magic(str(path)) else "no such file or folder"


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if path == STDIN:
        yield path, "stdin"
    elif path.is_dir():
        yield from _inside(path, path)
    elif path.exists():
        yield path, printable(path.name)
    elif glob.has_magic(str(path)):
        fixed = Path(*_before_wildcard(path))
        for match in map(Path, glob.iglob(str(path), recursive=True)):
            if match.is_dir():
                yield from _inside(match, fixed)
            else:
                yield match, printable(match.relative_to(fixed).as_posix())


def _before_wildcard(path: Path) -> Iterator[str]:
    for part in path.parts:
        if glob.has_magic(part):
            return
        yield part


def _inside(folder: Path, root: Path) -> Iterator[tuple[Path, str]]:
    for place, _, names in os.walk(folder):
        for file in (Path(place, name) for name in names if name.lower().endswith(SUFFIXES)):
            yield file, printable(file.relative_to(root).as_posix())


def printable(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


# ---------------------------------------------------------------- opening them


def texts(source: Source, fields: Fields, failed: Report, step: Step) -> Iterator[Text]:
    """The texts of a source, one after the other. What cannot be read is reported, and the rest goes on.

    `step` is called with the number of bytes of the source that have been read since it was last called.
    """
    name = source.path.name.lower()
    try:
        if source.path == STDIN:
            yield Text(source.name, _bounded(sys.stdin.buffer))
        elif name.endswith(ROWS):
            yield from _rows(source, fields, failed, step)
        elif name.endswith(COLUMNS):
            yield from _columns(source, fields, failed, step)
        elif name.endswith(ZIPS):
            yield from _zip(source, failed, step)
        elif name.endswith(TARS):
            yield from _tar(source, step)
        else:
            with source.path.open("rb") as file:
                data = _bounded(file)
            step(len(data))
            yield Text(source.name, data)
    except BROKEN as error:
        failed(Failure(source.name, reason(error)))


def reason(error: BaseException) -> str:
    """Why something could not be read, without the path that is named beside it."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _bounded(file: IO[bytes]) -> bytes:
    """All bytes of a text. Raises ValueError where there are too many."""
    data = file.read(MAX_TEXT + 1)
    if len(data) > MAX_TEXT:
        raise ValueError(f"larger than {MAX_TEXT // MEBIBYTE} MiB: not a page")
    return data


class _Counted(io.RawIOBase):
    """A file that tells how far it has been read."""

    def __init__(self, path: Path, step: Step) -> None:
        self._file = path.open("rb")
        self._step = step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer)
        self._step(count)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


class _Allowance:
    """How much more may come out of an archive. Raises ValueError once it is used up: a zip bomb."""

    def __init__(self, path: Path) -> None:
        self._left = MAX_SMALL + MAX_RATIO * path.stat().st_size

    def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise ValueError(f"unpacks to more than {MAX_RATIO} times its size: the rest is left")


# ---------------------------------------------------------------- archives


def _zip(source: Source, failed: Report, step: Step) -> Iterator[Text]:
    allowance, found = _Allowance(source.path), False
    with zipfile.ZipFile(source.path) as archive:
        for entry in archive.infolist():
            name = _inner(source, _zip_name(entry))
            if entry.is_dir() or not name.lower().endswith(TEXTS):
                continue
            found = True
            try:
                with archive.open(entry) as file:
                    data = _bounded(file)
            except BROKEN as error:  # this entry is damaged, or needs a password
                failed(Failure(name, reason(error)))
                continue
            allowance.take(len(data))
            step(entry.compress_size)
            yield Text(name, data)
    _must_hold_texts(found)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry. Archives made on Chinese systems hold GBK, which the format takes for the code page 437."""
    if entry.flag_bits & UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except ValueError:
            continue
    return entry.filename


def _tar(source: Source, step: Step) -> Iterator[Text]:
    """A tar is read as a stream; every byte that comes out of it counts, also of entries that are no texts."""
    allowance, found = _Allowance(source.path), False
    with _Counted(source.path, step) as raw, tarfile.open(fileobj=raw, mode="r|*", errors="replace") as archive:
        while entry := archive.next():
            archive.members = []  # type: ignore[attr-defined]  # else it keeps a note of every entry
            allowance.take(entry.size + tarfile.BLOCKSIZE)
            name = _inner(source, entry.name)
            if entry.isreg() and name.lower().endswith(TEXTS) and (file := archive.extractfile(entry)):
                found = True
                yield Text(name, _bounded(file))
    _must_hold_texts(found)


def _inner(source: Source, path: str) -> str:
    """The name of a document in an archive: below the archive's, whatever the path in it says."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return _name("/".join([source.name, *parts]))


def _must_hold_texts(found: bool) -> None:
    if not found:
        raise ValueError(f"no text in this archive ({' '.join(TEXTS)})")


def _name(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[-MAX_NAME:]


# ---------------------------------------------------------------- JSON Lines


def _rows(source: Source, fields: Fields, failed: Report, step: Step) -> Iterator[Text]:
    packed = source.path.name.lower().endswith(".gz")
    allowance = _Allowance(source.path) if packed else None
    with _Counted(source.path, step) as raw, io.BufferedReader(raw) as plain:
        lines: Any = gzip.GzipFile(fileobj=plain) if packed else plain
        for number, line in enumerate(iter(partial(lines.readline, MAX_TEXT + 1), b""), 1):
            if allowance:
                allowance.take(len(line))
            if not line.strip():
                continue
            name = f"{source.name}/{number}"
            try:
                yield _row(line, name, fields)
            except ValueError as error:
                failed(Failure(name, reason(error)))
                if len(line) > MAX_TEXT:
                    return  # the rest of the line is no row


def _row(line: bytes, name: str, fields: Fields) -> Text:
    if len(line) > MAX_TEXT:
        raise ValueError(f"larger than {MAX_TEXT // MEBIBYTE} MiB: the rest of the file is left")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not a line of JSON ({error})") from error
    return _document(row, name, fields)


def _document(row: Any, name: str, fields: Fields) -> Text:
    """The document of a row of this name. Raises ValueError where it has no text."""
    if not isinstance(row, dict) or not isinstance(text := row.get(fields.text), str):
        raise ValueError(f"no text in the field {fields.text!r}")
    given = {"title": _value(row, fields.title), "date": _value(row, fields.date), "paper": _value(row, fields.source)}
    called = _value(row, fields.id) or _value(row, fields.url)
    stated = {key: value for key, value in given.items() if value}
    return Text(_name(called or name), text.encode("utf-8", "replace"), stated, is_row=True)


def _value(row: Mapping[str, Any], name: str) -> str:
    """A field as one line of text; empty where it is missing or no text or number."""
    value = row.get(name)
    if isinstance(value, date):  # a moment too
        value = value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).encode("utf-8", "replace").decode().split())


# ---------------------------------------------------------------- Parquet


def _columns(source: Source, fields: Fields, failed: Report, step: Step) -> Iterator[Text]:
    """One document in each row; only the columns that are asked for are read, a few rows at a time."""
    try:
        from pyarrow.parquet import ParquetFile  # here: only who has such files needs it
    except ImportError as error:
        raise ValueError(f"needs {error.name}: pip install 'tongbao[tables]'") from error
    allowance, whole, number = _Allowance(source.path), size(source), 0
    with ParquetFile(source.path, pre_buffer=False, buffer_size=MEBIBYTE) as file:
        wanted = asdict(fields).values()
        names = [name for name in file.schema_arrow.names if name in wanted]
        if fields.text not in names:
            raise ValueError(f"no column {fields.text!r}")
        for batch in file.iter_batches(BATCH, columns=names):
            allowance.take(batch.nbytes)
            before = number
            for row in batch.to_pylist():
                number += 1
                name = f"{source.name}/{number}"
                try:
                    yield _bounded_row(_document(row, name, fields))
                except ValueError as error:
                    failed(Failure(name, reason(error)))
            step(whole * number // file.metadata.num_rows - whole * before // file.metadata.num_rows)


def _bounded_row(text: Text) -> Text:
    if len(text.data) > MAX_TEXT:
        raise ValueError(f"larger than {MAX_TEXT // MEBIBYTE} MiB: not a page")
    return text


def size(source: Source) -> int:
    """The bytes of a source, to measure progress by; 0 where that is not known."""
    try:
        return 0 if source.path == STDIN else source.path.stat().st_size
    except OSError:
        return 0
