"""The figures of the graph side by side: chosen, grouped in rows and columns, added where that means something."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg import sheets
from kg.serve import sparql
from kg.serve.limits import Limits
from kg.serve.media import RESULTS, XLSX, named
from kg.serve.read import Counted, Reader
from kg.serve.wire import Reply

DIMENSIONS: Mapping[str, Callable[[Counted], str]] = {
    "measure": lambda one: one.figure.measure,
    "of": lambda one: one.of.name,
    "unit": lambda one: "、".join(one.units),
    "period": lambda one: one.figure.period,
    "counter": lambda one: one.figure.unit,
    "document": lambda one: one.source.title or one.source.name,
}
COLUMNS_SHOWN = 8
ROWS_SHOWN = 40
ITEMS_SHOWN = 10  # figures in one cell
SAVED = ("measure", "value", "counted_in", "qualifier", "change", "period", "of", "units", "paper", "date", "page",
         "document", "quote", "iri")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Which figures, and how they are laid out: `rows` and `columns` are keys of `DIMENSIONS`, `columns` may be empty."""

    rows: str = "measure"
    columns: str = ""
    measure: str = ""
    of: str = ""
    counter: str = ""

    @staticmethod
    def of_request(given: Mapping[str, str]) -> Choice:
        """What a request asks for; what it cannot ask for is left as it is at first."""
        rows, columns = given.get("rows", ""), given.get("columns", "")
        return Choice(
            rows if rows in DIMENSIONS else "measure",
            columns if columns in DIMENSIONS and columns != rows else "",
            *(given.get(name, "").strip() for name in ("measure", "of", "counter")),
        )

    def filter(self, figures: Iterable[Counted]) -> list[Counted]:
        """The figures whose measure, and whose campaign or unit, contain the words given."""
        return [
            one
            for one in figures
            if self.measure in one.figure.measure
            and (self.of in one.of.name or any(self.of in unit for unit in one.units))
            and self.counter in ("", one.figure.unit)
        ]


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one row and column, the largest first, and their sum where they may be added."""

    figures: tuple[Counted, ...]
    sum: float | None

    @property
    def shown(self) -> tuple[Counted, ...]:
        return self.figures[:ITEMS_SHOWN]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A page of rows; each row its name, a cell for each column, and the cell of all its figures.

    Of many columns there are those with most figures.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...], Cell], ...]
    number: int
    pages: int

    @property
    def shown(self) -> list[Counted]:
        """The figures that are listed one by one."""
        return [one for _, cells, whole in self.rows for cell in (cells or (whole,)) for one in cell.shown]


def cell(figures: Iterable[Counted]) -> Cell:
    """Figures with their sum: only two and more of one measure and one unit can be added, percentages never."""
    ordered = tuple(sorted(figures, key=lambda one: (one.figure.measure, one.figure.unit, -one.figure.value)))
    counted = {(one.figure.measure, one.figure.unit) for one in ordered}
    adds_up = len(ordered) > 1 and len(counted) == 1 and ordered[0].figure.unit not in ("%", "‰", "")
    return Cell(ordered, sum(one.figure.value for one in ordered) if adds_up else None)


def pivot(figures: Sequence[Counted], choice: Choice, number: int) -> Pivot:
    """Figures in rows and columns, those with most figures first."""
    row_of, column_of = DIMENSIONS[choice.rows], DIMENSIONS.get(choice.columns)
    rows = Counter(map(row_of, figures))
    names = sorted(rows, key=lambda name: (-rows[name], name))
    pages = max(1, -(-len(names) // ROWS_SHOWN))
    number = min(max(number, 1), pages)
    shown = names[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]
    by_row = _grouped(figures, row_of)
    columns: list[str] = []
    if column_of:
        counts = Counter(column_of(one) for name in shown for one in by_row[name])
        columns = sorted(counts, key=lambda name: (-counts[name], name))[:COLUMNS_SHOWN]

    def line(name: str) -> tuple[str, tuple[Cell, ...], Cell]:
        by_column = _grouped(by_row[name], column_of) if column_of else {}
        return name, tuple(cell(by_column.get(column, ())) for column in columns), cell(by_row[name])

    return Pivot(tuple(columns), tuple(map(line, shown)), number, pages)


def _grouped(figures: Iterable[Counted], key: Callable[[Counted], str]) -> dict[str, list[Counted]]:
    groups: dict[str, list[Counted]] = defaultdict(list)
    for one in figures:
        groups[key(one)].append(one)
    return groups


def saved(figures: Sequence[Counted], reader: Reader, form: str, limits: Limits) -> Reply:
    """One line for each figure, as CSV or XLSX."""
    media = named(form, (*RESULTS, XLSX))
    assert media
    write = sheets.csv if form == "csv" else sheets.xlsx
    quotes = reader.quotes({one.metric for one in figures})
    rows = (_row(one, quotes.get(one.metric, "")) for one in figures)
    return sparql.written(lambda output: write(SAVED, rows, output), limits, media, media.type)


def _row(one: Counted, quote: str) -> tuple[Any, ...]:
    figure, source = one.figure, one.source
    counted = (figure.measure, figure.value, figure.unit, figure.qualifier, figure.change, figure.period)
    cited = (source.paper, source.date, source.page, source.name, quote, one.metric)
    return *counted, one.of.name, one.units, *cited
