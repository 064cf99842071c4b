"""Rows as files for spreadsheets: CSV and XLSX in which no text can act as a formula.

A spreadsheet runs a cell that starts with one of `=+-@`; a name from a hostile page could. Such a text gets an
apostrophe in front in CSV, and in XLSX every text is marked as text. Numbers stay numbers.
"""

from __future__ import annotations

import csv as comma_separated
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from kg.errors import Problem, one_line

ACTS = tuple("=+-@＝＋－＠|%")
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_575  # of a sheet, below its head
WIDTH = 12  # of a column, in characters
_NOT_IN_CELLS = re.compile("[\ud800-\udfff\ufffe\uffff]")


def csv(columns: Sequence[str], rows: Iterable[Iterable[Any]], output: IO[bytes]) -> None:
    """Write rows as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.TextIOWrapper(output, encoding="utf-8-sig", newline="", write_through=True)
    writer = comma_separated.writer(text)
    writer.writerow(columns)
    writer.writerows(map(in_csv, row) for row in rows)
    text.detach()


def in_csv(value: Any) -> Any:
    """A value as a cell of CSV: a number as it is, a text that does nothing.

    >>> in_csv("=HYPERLINK(0)"), in_csv(-8.5), in_csv(12000.0), in_csv(True), in_csv(("甲", "乙"))
    ("'=HYPERLINK(0)", -8.5, 12000, 'true', '甲、乙')
    """
    value = _plain(value)
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(ACTS) else value


def _plain(value: Any) -> str | int | float | Decimal | None:
    """A number without needless decimals, None, or a text: controls and signs that turn text are spaces, lines stay."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or (isinstance(value, int | float | Decimal) and math.isfinite(value)):
        return value
    text = "、".join(value) if isinstance(value, tuple) else str(value)
    return _NOT_IN_CELLS.sub("\ufffd", "\n".join(map(one_line, text.split("\n"))))


def xlsx(
    columns: Sequence[str],
    rows: Iterable[Iterable[Any]],
    output: IO[bytes],
    *,
    title: str = "tongbao",
    widths: Mapping[str, float] | None = None,
) -> None:
    """Write rows as an Excel workbook of one sheet. Raises Problem where they are more than a sheet holds."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    held = list(islice(rows, MOST_ROWS + 1))
    if len(held) > MOST_ROWS:
        raise Problem(f"a sheet holds {MOST_ROWS} rows, and these are more; ask for another format")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = (widths or {}).get(column, WIDTH)

    def cell(value: Any) -> Any:
        value = _plain(value)
        if not isinstance(value, str):
            return value
        text = WriteOnlyCell(sheet, value[:LONGEST_CELL])
        text.data_type = "s"  # also where it begins as a formula does
        return text

    sheet.append([cell(name) for name in columns])
    for row in held:
        sheet.append(list(map(cell, row)))
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(columns)))}{len(held) + 1}"
    book.save(output)
