"""Answers to be saved: CSV and XLSX in which no text can act as a formula.

A spreadsheet runs a cell that starts with one of `=+-@`; a name from a hostile page could. Such a text gets an
apostrophe in front in CSV, and in XLSX every text is marked as text. Numbers stay numbers.
"""

from __future__ import annotations

import csv as comma_separated
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

import pyoxigraph as ox

from kg.answer import Answer
from kg.exports_tables import ACTS
from kg.serve.html import visible

Row = Mapping[str, Any]


def names(answer: Answer) -> Sequence[str]:
    """The columns of `kg.answer.rows`."""
    if isinstance(answer, ox.QuerySolutions):
        return [variable.value for variable in answer.variables]
    return ["answer"] if isinstance(answer, ox.QueryBoolean) else ["subject", "predicate", "object"]


def csv(columns: Sequence[str], rows: Iterable[Row], output: IO[bytes]) -> None:
    """Write rows as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.TextIOWrapper(output, encoding="utf-8-sig", newline="", write_through=True)
    writer = comma_separated.writer(text, quoting=comma_separated.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    writer.writerows([_defused(row[name]) for name in columns] for row in rows)
    text.detach()


def _defused(value: Any) -> Any:
    """A number as it is; a text that does nothing.

    >>> _defused("=HYPERLINK(0)"), _defused(-8.5)
    ("'=HYPERLINK(0)", -8.5)
    """
    if value is None or _is_number(value):
        return value
    text = visible(str(value))
    return f"'{text}" if text.lstrip().startswith(ACTS) else text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)


def xlsx(columns: Sequence[str], rows: Iterable[Row], output: IO[bytes]) -> None:
    """Write rows as an Excel workbook of one sheet."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("tongbao")

    def cell(value: Any) -> Any:
        if value is None or _is_number(value):
            return value
        text = WriteOnlyCell(sheet, visible(str(value)))
        text.data_type = "s"
        return text

    sheet.append([cell(name) for name in columns])
    for row in rows:
        sheet.append([cell(row[name]) for name in columns])
    book.save(output)
