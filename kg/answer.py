"""Answers to queries: as Python values, as a table for the eye, as CSV, TSV, JSON or XML."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import pyoxigraph as ox

from kg import vocab
from kg.errors import one_line

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_RESULTS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
_READ_AS: dict[str, Callable[[str], Any]] = {
    vocab.XSD + "integer": int,
    vocab.XSD + "decimal": Decimal,
    vocab.XSD + "double": float,
    vocab.XSD + "boolean": lambda text: text in ("true", "1"),
    vocab.XSD + "date": date.fromisoformat,
}
WIDEST = 40


def columns(answer: Answer) -> list[str]:
    """The names of the columns of `rows`."""
    if isinstance(answer, ox.QuerySolutions):
        return [variable.value for variable in answer.variables]
    return ["answer"] if isinstance(answer, ox.QueryBoolean) else ["subject", "predicate", "object"]


def rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows of a SELECT as Python values: numbers, dates, text, IRIs as text, None where there is no value.

    ASK gives one row with `answer`; CONSTRUCT and DESCRIBE give rows with `subject`, `predicate` and `object`.
    """
    if isinstance(answer, ox.QueryBoolean):
        return [{"answer": bool(answer)}]
    if isinstance(answer, ox.QueryTriples):
        return [dict(zip(("subject", "predicate", "object"), map(_value, triple), strict=True)) for triple in answer]
    names = [variable.value for variable in answer.variables]
    return [{name: _value(row[name]) for name in names} for row in answer]


def _value(term: Any) -> Any:
    if isinstance(term, ox.Literal):
        try:
            return _READ_AS.get(term.datatype.value, str)(term.value)
        except (ValueError, ArithmeticError):  # ill-typed, as 2025-02-30 is
            return term.value
    return None if term is None else getattr(term, "value", str(term))


def written(answer: Answer, form: str, *, fold: bool = False) -> bytes:
    """The answer as a table, csv, tsv, json or xml; `fold` breaks wide cells of a table. A graph is always Turtle."""
    if isinstance(answer, ox.QueryTriples):
        prefixes = vocab.PREFIXES | vocab.NODE_PREFIXES
        return ox.serialize(answer, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    if form != "table":
        return answer.serialize(format=_RESULTS[form]) or b""
    lines = [str(bool(answer)).lower()] if isinstance(answer, ox.QueryBoolean) else list(_table(answer, fold))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _table(answer: ox.QuerySolutions, fold: bool) -> Iterator[str]:
    names = [variable.value for variable in answer.variables]
    lines: list[Sequence[str]] = [names]
    for row in answer:
        cells = [_folded(cell) if fold else [cell] for cell in (_cell(row[name]) for name in names)]
        lines += zip_longest(*cells, fillvalue="")
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    yield _line(names, widths)
    yield "  ".join("─" * size for size in widths)
    for line in lines[1:]:
        yield _line(line, widths)


def _folded(cell: str) -> list[str]:
    """The text of a cell in lines of at most `WIDEST` columns."""
    lines = [""]
    for character in cell:
        if width(lines[-1] + character) > WIDEST:
            lines.append("")
        lines[-1] += character
    return lines


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(cells, widths, strict=True)).rstrip()


def _cell(term: Any) -> str:
    """A term on one line: an IRI with its prefix, a literal as its text."""
    if term is None:
        return ""
    text = vocab.shorten(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))
    return one_line(text)


def width(text: str) -> int:
    """The columns that a text takes in a terminal: two for a Chinese character, none for a combining mark.

    >>> width("守护2号")
    7
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))
