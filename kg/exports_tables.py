"""Tables as files: CSV for spreadsheets, CSV for Neo4j's bulk import, Parquet, and a workbook of the figures.

In the files for spreadsheets no text can act as a formula: one that begins with a sign that a spreadsheet acts on has an
apostrophe in front (CSV), or is marked as text (XLSX).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from kg import tables
from kg.errors import Problem, one_line
from kg.model import Extraction

ACTS = tuple("=+-@＝＋－＠|%\t\r\n")
NOT_IN_CELLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_575  # of a sheet, below its head
WIDTHS = {"subject": 28, "measure": 24, "quote": 80, "document": 24, "as_stated": 14}
# Types of Neo4j's bulk import; everything else is text.
NEO4J = {"value": "double", "change": "double", "confidence": "double", "cumulative": "boolean", "of_which": "boolean"}
NEO4J |= dict.fromkeys(("names", "quotes", "documents", "dates"), "string[]")


# ---------------------------------------------------------------- CSV


def csv_files(content: Extraction, folder: Path) -> None:
    """A file for each class and each relation, in UTF-8 with the mark by which spreadsheets know it."""
    for table in (*tables.classes(content), *tables.relations(content)):
        rows = ([_in_sheet(value) for value in row] for row in table.rows)
        _write(folder / f"{table.name}.csv", [table.columns, *rows], encoding="utf-8-sig")


def neo4j_files(content: Extraction, folder: Path) -> None:
    """`nodes-Unit.csv`, `relations-conducted.csv` … with the heads that `neo4j-admin database import` reads."""
    for table in tables.classes(content):
        head = ["iri:ID", *map(_typed, table.columns[1:]), ":LABEL"]
        _write(folder / f"nodes-{table.name}.csv", [head, *([*map(_bare, row), table.name] for row in table.rows)])
    for table in tables.relations(content):
        kept = [table.columns.index(name) for name in ("title", "confidence", "quotes", "documents", "dates")]
        head = [":START_ID", ":END_ID", ":TYPE", *(_typed(table.columns[i]) for i in kept)]
        rows = ([row[0], row[2], table.name.upper(), *(_bare(row[i]) for i in kept)] for row in table.rows)
        _write(folder / f"relations-{table.name}.csv", [head, *rows])


def _write(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)


def _in_sheet(value: Any) -> Any:
    if isinstance(value, tuple):
        value = "、".join(value)
    if isinstance(value, str):
        text = NOT_IN_CELLS.sub("\ufffd", value)
        return f"'{text}" if text.startswith(ACTS) else text
    return _number(value)


def _number(value: Any) -> Any:
    """12000, not 12000.0; a truth value in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _typed(column: str) -> str:
    return f"{column}:{NEO4J[column]}" if column in NEO4J else column


def _bare(value: Any) -> Any:
    """A value as the bulk import reads it: on one line, the parts of a list between semicolons."""
    if isinstance(value, tuple):
        return ";".join(one_line(part).replace(";", "；") for part in value)
    return one_line(value) if isinstance(value, str) else _number(value)


# ---------------------------------------------------------------- Parquet


def parquet_files(content: Extraction, folder: Path) -> None:
    """`documents` (with their texts), `entities`, `statements` and `evidence`: together, all that the build holds."""
    import pyarrow
    from pyarrow import parquet

    text, number = pyarrow.string(), pyarrow.float64()
    types = dict.fromkeys(("value", "change", "confidence"), number) | {"names": pyarrow.list_(text)}
    types |= dict.fromkeys(("cumulative", "of_which"), pyarrow.bool_())
    places = types | dict.fromkeys(("start", "end", "sentence_start", "sentence_end", "evidence"), pyarrow.int64())
    for name, table, known in (
        ("documents", tables.documents(content, texts=True), types),
        ("entities", tables.entities(content), types),
        ("statements", tables.statements(content), places),
        ("evidence", tables.evidence(content), places),
    ):
        schema = pyarrow.schema([(column, known.get(column, text)) for column in table.columns])
        columns = [[row[i] for row in table.rows] for i in range(len(table.columns))]
        parquet.write_table(
            pyarrow.table(dict(zip(table.columns, columns, strict=True)), schema), folder / f"{name}.parquet"
        )


# ---------------------------------------------------------------- XLSX


def workbook(content: Extraction, output: IO[bytes]) -> None:
    """A workbook of the figures, each with its quote and its page. Raises Problem where a sheet cannot hold them."""
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    table = tables.figures(content)
    if len(table.rows) > MOST_ROWS:
        raise Problem(f"{len(table.rows)} figures do not fit into a sheet ({MOST_ROWS} rows); export parquet")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("figures")
    sheet.freeze_panes = "A2"
    for letter, column in zip(_letters(), table.columns, strict=False):
        sheet.column_dimensions[letter].width = WIDTHS.get(column, 12)

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, NOT_IN_CELLS.sub("\ufffd", value)[:LONGEST_CELL])
        made.data_type = "s"  # a text, also where it begins as a formula does
        return made

    sheet.append(table.columns)
    for row in table.rows:
        sheet.append([cell(value) for value in row])
    sheet.auto_filter.ref = f"A1:{_letters()[len(table.columns) - 1]}{len(table.rows) + 1}"
    book.save(output)


def _letters() -> list[str]:
    return [chr(c) for c in range(ord("A"), ord("Z") + 1)]
