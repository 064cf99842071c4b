"""Tables as files: CSV for spreadsheets, CSV for Neo4j's bulk import, Parquet, and a workbook of the figures.

The files for spreadsheets are written by kg.sheets, so that no text can act as a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from kg import sheets, tables
from kg.errors import one_line
from kg.model import Extraction

WIDTHS = {"subject": 28, "measure": 24, "quote": 80, "document": 24, "as_stated": 14}
# Types of Neo4j's bulk import; everything else is text.
NEO4J = {"value": "double", "change": "double", "confidence": "double", "cumulative": "boolean", "of_which": "boolean"}
NEO4J |= dict.fromkeys(("names", "quotes", "documents", "dates"), "string[]")


# ---------------------------------------------------------------- CSV


def csv_files(content: Extraction, folder: Path) -> None:
    """A file for each class and each relation, in UTF-8 with the mark by which spreadsheets know it."""
    for table in (*tables.classes(content), *tables.relations(content)):
        with (folder / f"{table.name}.csv").open("wb") as file:
            sheets.csv(table.columns, table.rows, file)


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


def _write(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)


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
    table = tables.figures(content)
    sheets.xlsx(table.columns, table.rows, output, title="figures", widths=WIDTHS)
