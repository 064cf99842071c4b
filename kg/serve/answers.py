"""The answer to a query as a reader sees it: rows of cells, and what can be drawn of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import pyoxigraph as ox

from kg import vocab
from kg.answer import Answer
from kg.answer import columns as columns_of
from kg.serve import charts, html
from kg.serve.read import KINDS, Reader, Thing

ROWS_SHOWN = 500
_NUMBERS = {vocab.XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")}
_PROPERTIES = {term.iri for term in (*vocab.RELATIONS, *vocab.PROPERTIES)}
_TYPE = ox.NamedNode(vocab.RDF + "type")
_NAME = "_name"  # how the variables of our questions end that hold the name of a thing
Row = Sequence[Any]  # of terms, None where there is no value


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text, the address of the thing that it names, and whether it is a number."""

    text: str = ""
    address: str = ""
    is_number: bool = False

    @staticmethod
    def of(term: Any) -> Cell:
        if term is None:
            return Cell()
        if isinstance(term, ox.NamedNode):
            return Cell(vocab.shorten(term.value), html.address(term.value))
        if isinstance(term, ox.Literal):
            return Cell(term.value, "", term.datatype.value in _NUMBERS and _is_finite(term.value))
        return Cell(str(term))


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of an answer; `answer` is that of an ASK. What can be drawn of them is None where nothing can."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    is_cut: bool = False
    answer: bool | None = None
    is_graph: bool = False
    network: charts.Network | None = None

    @staticmethod
    def of(answer: Answer, read: Reader) -> Table:
        if isinstance(answer, ox.QueryBoolean):
            return Table(answer=bool(answer))
        is_graph = isinstance(answer, ox.QueryTriples)
        columns = tuple(columns_of(answer))
        found: list[Row] = [tuple(row) for row in islice(answer, ROWS_SHOWN + 1)]
        rows = found[:ROWS_SHOWN]
        read.expect(term for row in rows for term in row)
        links = _triples(rows, read) if is_graph else _pairs(columns, rows, read)
        cells = tuple(tuple(map(Cell.of, row)) for row in rows)
        return Table(columns, cells, len(found) > len(rows), None, is_graph, charts.network(links))

    @property
    def numbers(self) -> list[int]:
        """The columns that hold numbers alone."""
        return [i for i in range(len(self.columns)) if self.rows and all(row[i].is_number for row in self.rows)]

    @property
    def bars(self) -> list[charts.Bar]:
        """A chart of the first column of numbers against the first of names, where there is one of each."""
        names = [i for i in range(len(self.columns)) if not any(row[i].is_number for row in self.rows)]
        if len(self.rows) < 2 or not self.numbers or not names:
            return []
        value, name = self.numbers[0], names[0]
        return charts.bars((row[name].text, float(row[value].text)) for row in self.rows)


def _triples(rows: Iterable[Row], read: Reader) -> list[charts.Link]:
    """The links of a graph: its triples between two nodes. Classes are no nodes, they show in the marks."""
    found = []
    for subject, predicate, target in rows:
        if predicate != _TYPE and not isinstance(target, ox.Literal):
            relation = vocab.shorten(predicate.value).rpartition(":")[2]
            found.append(charts.Link(_thing(subject, "", read), _thing(target, "", read), relation))
    return found


def _pairs(columns: Sequence[str], rows: Sequence[Row], read: Reader) -> list[charts.Link]:
    """The links of a table: in each row, from one column of things to the next that has a value.

    A column holds things where it holds IRIs alone, and not of properties, or is called so (`unit_name`) and there is
    none of the things.
    """
    places = [
        (index, column)
        for index, column in enumerate(columns)
        if _are_things([row[index] for row in rows])
        or (column.endswith(_NAME) and column.removesuffix(_NAME) not in columns)
    ]
    found = []
    for row in rows:
        things = [_thing(row[index], column, read) for index, column in places if row[index] is not None]
        found += [charts.Link(one, other) for one, other in pairwise(things)]
    return found


def _are_things(terms: Iterable[Any]) -> bool:
    known = [term for term in terms if term is not None]
    return all(isinstance(term, ox.NamedNode) and term.value not in _PROPERTIES for term in known)


def _thing(term: Any, column: str, read: Reader) -> Thing:
    """What a term names; a name alone is of the class that its column is called after."""
    if isinstance(term, ox.NamedNode):
        return read.thing(term)
    kind = column.removesuffix(_NAME).capitalize()
    return Thing("", kind if kind in KINDS else "", getattr(term, "value", str(term)))


def _is_finite(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False
