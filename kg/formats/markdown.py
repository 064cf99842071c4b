"""Markdown: the text of the document is the file as decoded, and spans count in it; the reader sees it without marks.

Read are front matter (title, date, author, source, page, section), emphasis, links, pictures, comments, tags, lists,
quotations, code and tables.
"""

from __future__ import annotations

import re

from kg.formats.content import Content, iso_date
from kg.read import decode

FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.S)
FIELD = re.compile(r"^([A-Za-z_]+)[ \t]*:(.*)$", re.M)
FIELDS = {name: name for name in ("title", "date", "paper", "page", "section", "author")} | {"source": "paper"}
# Runs are bounded, so that no line takes long. Where a mark stands the named group is kept, or nothing where there is none.
MARKS = (
    re.compile(r"<!--.{0,1000}?-->", re.S),
    re.compile(r"^[ \t]{0,40}(?:```|~~~)[^\r\n]*", re.M),
    re.compile(
        r"^[ \t]{0,40}(?:\|[ \t]{0,40})?:?-{2,}:?[ \t]{0,40}(?:\|[ \t]{0,40}:?-{2,}:?[ \t]{0,40})*(?:\|[ \t]{0,40})?$",
        re.M,
    ),
    re.compile(r"^[ \t]{0,40}(?:={3,}|\*{3,}|(?:\* ?){3,}|(?:- ?){3,})[ \t]{0,40}$", re.M),
    re.compile(r"^[ \t]{0,40}(?:>[ \t]?)+", re.M),
    re.compile(r"^[ \t]{0,40}[-*+][ \t]{1,40}", re.M),
    re.compile(r"^[ \t]{0,40}\|[ \t]{0,40}|[ \t]{0,40}\|[ \t]{0,40}$", re.M),
    re.compile(r"!\[[^\[\]\r\n]*\]\([^()\r\n]*\)"),
    re.compile(r"(?<!!)\[(?P<kept>[^\[\]\r\n]+)\]\([^()\r\n]*\)"),
    re.compile(r"\*\*(?=\S)(?P<kept>[^*\r\n]+?)(?<=\S)\*\*"),
    re.compile(r"(?<!\*)\*(?=\S)(?P<kept>[^*\r\n]+?)(?<=\S)\*(?!\*)"),
    re.compile(r"(?<![\w_])__(?=\S)(?P<kept>[^_\r\n]+?)(?<=\S)__(?![\w_])"),
    re.compile(r"~~(?P<kept>[^~\r\n]+)~~"),
    re.compile(r"`(?P<kept>[^`\r\n]+)`"),
    re.compile(r"</?[A-Za-z][^<>\r\n]*>"),
    re.compile(r"\\(?P<kept>[!-/:-@\[-`{-~])"),
)
ROW = re.compile(r"^[ \t]{0,40}\|[^\r\n]{1,4000}?(?P<end>\|)[ \t]{0,40}\r?$", re.M)  # of a table


def extract(data: bytes) -> Content:
    """The text without marks, where each of its characters stands in the file, and what the front matter says."""
    source = decode(data)
    front = FRONT.match(source)
    kept = [True] * len(source)
    _leave(kept, 0, front.end() if front else 0)
    for mark in MARKS:
        for match in mark.finditer(source):
            start, end = match.span("kept") if "kept" in mark.groupindex else (match.end(), match.end())
            _leave(kept, match.start(), start)
            _leave(kept, end, match.end())
    ends = {row.start("end") for row in ROW.finditer(source) if any(kept[row.start() : row.end("end")])}
    for end in ends:
        kept[end] = True  # the bar that closes a row is read as its full stop
    places = tuple(i for i, keep in enumerate(kept) if keep)
    said = {FIELDS[key.lower()]: value.strip(" \t\r\"'") for key, value in _fields(front) if key.lower() in FIELDS}
    return Content(
        "".join("。" if i in ends else source[i] for i in places),
        **said | ({"date": iso_date(said["date"])} if "date" in said else {}),
        source=source,
        places=places,
    )


def _fields(front: re.Match[str] | None) -> list[tuple[str, str]]:
    return FIELD.findall(front[1]) if front else []


def _leave(kept: list[bool], start: int, end: int) -> None:
    kept[start:end] = [False] * (end - start)
