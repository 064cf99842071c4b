"""What the pages show, read from the store: things, facts about them, and the quotes behind each fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import nsmallest
from itertools import islice
from typing import Any

import pyoxigraph as ox

from kg import vocab
from kg.model import Kind, Quantity, Span
from kg.read import flow, quoted
from kg.store import EVERYTHING

RELATIONS = tuple(relation.name for relation in vocab.RELATIONS)
# The relations at whose other end stands a figure; True from the side of the object.
OF_FIGURES = frozenset(
    (relation.name, is_inverse)
    for relation in vocab.RELATIONS
    for ends in relation.ends
    for is_inverse, far in ((False, ends[1]), (True, ends[0]))
    if far == Kind.METRIC
)
QUOTES_SHOWN = 12
TEXTS_KEPT = 50
USES_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Thing:
    """A node of the graph: `kind` is the local name of its class in the vocabulary, or empty."""

    iri: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it is cited; what its page does not print is empty."""

    iri: str
    name: str
    title: str = ""
    paper: str = ""
    date: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence: a sentence on one line, cut into what stands before, in and after the quote."""

    iri: str
    before: str
    text: str
    after: str
    source: Source
    start: int
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement from the side of one thing: what it is related to, and why. `count` is that of all its evidence."""

    other: Thing
    title: str = ""
    quotes: tuple[Quote, ...] = ()
    count: int = 0
    figure: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The facts of one relation; `inverse` where the thing is the object. `total` counts those that are not shown too."""

    relation: str
    inverse: bool
    total: int
    facts: tuple[Fact, ...]

    @property
    def has_figures(self) -> bool:
        return (self.relation, self.inverse) in OF_FIGURES


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact of a document, and the characters of the text that state it."""

    iri: str
    subject: Thing
    relation: str
    object: Thing
    title: str
    start: int
    end: int
    rule: str
    confidence: float
    figure: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """A result (`metric` is its IRI) and what it is of: a unit, or a campaign, with the units whose work it was.

    Those are the units that the report names for it, else all that conducted the campaign.
    """

    metric: str
    figure: Quantity
    of: Thing
    units: tuple[str, ...]
    source: Source


@dataclass
class Reader:
    """Reads from one store; keeps the documents and the last texts, which many quotes are cut from."""

    store: ox.Store
    _sources: dict[str, Source] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def select(self, query: str) -> Any:
        """The rows of a query of our own."""
        return self.store.query(query, prefixes=vocab.PREFIXES)

    def expect(self, terms: Iterable[Any]) -> None:
        """Take note of what will be read next; it matters only where reading one by one takes long."""

    def _quads(self, subject: Any, predicate: Any, target: Any) -> Iterator[Any]:
        """The statements of a pattern, each once."""
        return self.store.quads_for_pattern(subject, predicate, target, EVERYTHING)

    # ------------------------------------------------------------ things

    def exists(self, node: ox.NamedNode) -> bool:
        """Whether anything is stated of a node or with it."""
        patterns = (node, None, None), (None, None, node)
        return any(next(self._quads(*pattern), None) for pattern in patterns)

    def thing(self, node: ox.NamedNode) -> Thing:
        """A node with its class and name; the end of its IRI is its name where it has none."""
        kind = self._value(node, vocab.RDF + "type").removeprefix(vocab.KG)
        name = self._value(node, vocab.SKOS + "prefLabel") or vocab.shorten(node.value)
        return Thing(node.value, kind if kind in KINDS else "", name)

    def _value(self, node: ox.NamedNode, predicate: str) -> str:
        quad = next(self._quads(node, ox.NamedNode(predicate), None), None)
        return quad.object.value if quad else ""

    def names(self, node: ox.NamedNode) -> list[str]:
        """Every other form of its name."""
        return sorted(quad.object.value for quad in self._quads(node, ox.NamedNode(vocab.SKOS + "altLabel"), None))

    def triples(self, node: ox.NamedNode) -> list[tuple[str, Any]]:
        """Its properties and their values, sorted; labels are left out."""
        labels = {vocab.SKOS + "prefLabel", vocab.SKOS + "altLabel"}
        pairs = ((quad.predicate.value, quad.object) for quad in self._quads(node, None, None))
        return sorted((pair for pair in pairs if pair[0] not in labels), key=lambda pair: (pair[0], str(pair[1])))

    def used_by(self, node: ox.NamedNode) -> list[Thing]:
        """The first things that something relates to a node."""
        found = {quad.subject for quad in islice(self._quads(None, None, node), USES_SHOWN)}
        return [self.thing(one) for one in sorted(found, key=str)]

    def above(self, node: ox.NamedNode, relation: str) -> list[Thing]:
        """The chain of things above a node along a relation, the widest first; of several, the first by name."""
        chain: list[Thing] = []
        seen = {node.value}
        while True:
            rows = self.select(
                f"SELECT ?up ?name {{ {node} kg:{relation} ?up . ?up skos:prefLabel ?name }} ORDER BY ?name LIMIT 1"
            )
            up = next((row["up"] for row in rows), None)
            if up is None or up.value in seen:
                return chain[::-1]
            seen.add(up.value)
            chain.append(self.thing(up))
            node = up

    # ------------------------------------------------------------ facts

    def groups(self, node: ox.NamedNode, shown: int) -> list[Group]:
        """The facts about a thing by relation, so many of each."""
        return [
            Group(relation, inverse, total, tuple(self.facts(node, relation, inverse, shown)))
            for relation, inverse, total in self._totals(node)
        ]

    def _totals(self, node: ox.NamedNode) -> list[tuple[str, bool, int]]:
        relations = " ".join(f"kg:{name}" for name in RELATIONS)
        found = []
        for inverse, pattern in ((False, f"{node} ?relation ?other"), (True, f"?other ?relation {node}")):
            rows = self.select(
                f"SELECT ?relation (COUNT(DISTINCT ?other) AS ?count) "
                f"{{ VALUES ?relation {{ {relations} }} {pattern} }} GROUP BY ?relation"
            )
            found += [
                (row["relation"].value.removeprefix(vocab.KG), inverse, int(row["count"].value))
                for row in rows
                if row["relation"]
            ]
        return sorted(found, key=lambda one: (RELATIONS.index(one[0]), one[1]))

    def facts(self, node: ox.NamedNode, relation: str, inverse: bool, limit: int, offset: int = 0) -> list[Fact]:
        """Facts of one relation in the order of IRIs, which begin with the names, with their quotes."""
        others = sorted(self._others(node, relation, inverse), key=str)[offset : offset + limit]
        evidence = self._evidence(node, relation, inverse, others)
        figures = self.figures(others) if (relation, inverse) in OF_FIGURES else {}
        facts = []
        for other in others:
            thing = self.thing(other)
            for title, quotes in evidence[other.value].items() or [("", [])]:
                shown = tuple(map(self._quote, quotes[:QUOTES_SHOWN]))
                facts.append(Fact(thing, title, shown, len(quotes), figures.get(other.value)))
        return facts

    def _others(self, node: ox.NamedNode, relation: str, inverse: bool) -> set[ox.NamedNode]:
        near, far = (None, node) if inverse else (node, None)
        quads = self._quads(near, ox.NamedNode(vocab.KG + relation), far)
        return {quad.subject if inverse else quad.object for quad in quads}

    def _evidence(
        self, node: ox.NamedNode, relation: str, inverse: bool, others: Sequence[ox.NamedNode]
    ) -> dict[str, dict[str, list[Any]]]:
        """By the other end and the title of a post: rows of evidence, by document and place.

        It is looked for from the subjects: a region is the object of far more evidence than a unit is the subject of.
        """
        other_of: dict[str, str] = {}
        for evidence, subject, target in self._stating(others if inverse else [node], relation):
            if not inverse or target == node.value:
                other_of[evidence] = subject if inverse else target
        nodes = " ".join(f"<{iri}>" for iri in other_of)
        rows = self.select(f"SELECT * {{ VALUES ?evidence {{ {nodes} }} {_EVIDENCE} }} ORDER BY ?document ?start ?rule")
        found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            found[other_of[row["evidence"].value]][_text(row["title"])].append(row)
        return found

    def _stating(self, subjects: Iterable[ox.NamedNode], relation: str) -> Iterator[tuple[str, str, str]]:
        """The evidence for all facts of a relation about these subjects: its IRI, the subject and the object."""
        for subject in subjects:
            for quad in self._quads(None, ox.NamedNode(vocab.RDF + "subject"), subject):
                if self._value(quad.subject, vocab.RDF + "predicate") == vocab.KG + relation:
                    yield quad.subject.value, subject.value, self._value(quad.subject, vocab.RDF + "object")

    def figures(self, metrics: Iterable[ox.NamedNode]) -> dict[str, Quantity]:
        """The quantities of these metrics, by IRI."""
        rows = self.select(f"SELECT * {{ VALUES ?metric {{ {' '.join(map(str, metrics))} }} {_FIGURE} }}")
        columns = ("value", "unit", "measure", "qualifier", "as_stated", "change", "period")
        return {row["metric"].value: _quantity(*(_text(row[name]) for name in columns)) for row in rows}

    def evidence(self, node: ox.NamedNode) -> tuple[Stated, Quote] | None:
        """The evidence of this IRI: what it states, and its quote."""
        row = next(iter(self.select(f"SELECT * {{ VALUES ?evidence {{ {node} }} {_STATES} {_EVIDENCE} }}")), None)
        return (self._stated(row), self._quote(row)) if row else None

    # ------------------------------------------------------------ quotes

    def _quote(self, row: Any) -> Quote:
        source = self.source(row["document"])
        start, end, first, last = (int(row[name].value) for name in ("start", "end", "sentence_start", "sentence_end"))
        text, whole = self.text(row["document"]), Span(min(first, start), max(last, end))
        sentence = flow(text[whole.start : whole.end])
        before, after = quoted(text, Span(start, end), whole)
        cut = sentence[:before], sentence[before:after], sentence[after:]
        return Quote(row["evidence"].value, *cut, source, start, row["rule"].value, float(row["confidence"].value))

    def text(self, document: ox.NamedNode) -> str:
        """The text of a document, line ends as they are."""
        if document.value not in self._texts:
            self._texts = dict(list(self._texts.items())[-TEXTS_KEPT:])
            self._texts[document.value] = self._value(document, vocab.SCHEMA + "text")
        return self._texts[document.value]

    # ------------------------------------------------------------ documents

    def source(self, document: ox.NamedNode) -> Source:
        """A document as it is cited."""
        if document.value not in self._sources:
            name, title, paper, date, page = (self._value(document, iri) for iri in _CITED)
            self._sources[document.value] = Source(document.value, name, flow(title), paper, date, page)
        return self._sources[document.value]

    def stated(self, document: ox.NamedNode) -> list[Stated]:
        """What a document states, in the order of its text."""
        rows = self.select(
            f"SELECT * {{ ?evidence kg:document {document} ; kg:start ?start ; kg:end ?end ; kg:rule ?rule ; "
            f"kg:confidence ?confidence . {_STATES} OPTIONAL {{ ?evidence kg:title ?title }} }} "
            "ORDER BY ?start ?end ?predicate ?subject ?object"
        )
        found = [self._stated(row) for row in rows]
        figures = self.figures(ox.NamedNode(one.object.iri) for one in found if one.object.kind == "Metric")
        return [replace(one, figure=figures.get(one.object.iri)) for one in found]

    def _stated(self, row: Any) -> Stated:
        return Stated(
            row["evidence"].value,
            self.thing(row["subject"]),
            row["predicate"].value.removeprefix(vocab.KG),
            self.thing(row["object"]),
            _text(row["title"]),
            int(row["start"].value),
            int(row["end"].value),
            row["rule"].value,
            float(row["confidence"].value),
        )

    def documents(self, limit: int) -> list[Source]:
        """The newest documents; those without a date come last."""
        documents = self._ends(vocab.RDF + "type", ox.NamedNode(vocab.KG + "Document"))
        dates = self.column(vocab.SCHEMA + "datePublished")
        newest = sorted(sorted(documents), key=lambda iri: dates.get(iri, ""), reverse=True)
        return [self.source(ox.NamedNode(iri)) for iri in newest[:limit]]

    # ------------------------------------------------------------ all at once

    def _ends(self, predicate: str, target: ox.NamedNode) -> set[str]:
        """The subjects of all statements with this predicate and object."""
        return {quad.subject.value for quad in self._quads(None, ox.NamedNode(predicate), target)}

    def column(self, predicate: str) -> dict[str, str]:
        """The values of a property, by subject; of several, one."""
        return {quad.subject.value: quad.object.value for quad in self._quads(None, ox.NamedNode(predicate), None)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """The preferred name of everything that has one, by IRI."""
        return self.column(vocab.SKOS + "prefLabel")

    def _named(self, iri: str) -> Thing:
        """A thing of ours, told by its IRI alone: of many, this is quicker than `thing`."""
        kind = iri.removeprefix(vocab.BASE).partition("/")[0].capitalize()
        return Thing(iri, kind if kind in KINDS else "", self.labels.get(iri) or vocab.shorten(iri))

    def named(self) -> Iterator[tuple[str, Thing]]:
        """Every name of every thing, with the thing."""
        things = {iri: self._named(iri) for iri in self.labels}
        yield from ((thing.name, thing) for thing in things.values())
        for predicate in (vocab.SKOS + "altLabel", vocab.SCHEMA + "headline"):
            quads = self._quads(None, ox.NamedNode(predicate), None)
            yield from ((q.object.value, things[q.subject.value]) for q in quads if q.subject.value in things)

    def most(self, pattern: str, limit: int) -> list[tuple[Thing, int]]:
        """The things that a pattern over `?thing` and `?of` finds most often."""
        rows = self.select(f"SELECT ?thing (COUNT(DISTINCT ?of) AS ?count) {{ {pattern} }} GROUP BY ?thing")
        counts = [(row["thing"], int(row["count"].value)) for row in rows if row["thing"]]
        kept = nsmallest(limit, counts, key=lambda one: (-one[1], one[0].value))
        return [(self.thing(node), count) for node, count in kept]

    def counted(self) -> list[Counted]:
        """Every figure with what it is of, in the order of documents."""
        stated: dict[tuple[str, str], str] = {}  # the first document that gives a figure
        everywhere: Any = self.store.quads_for_pattern(None, ox.NamedNode(vocab.KG + "has_metric"), None)
        for quad in everywhere:
            if quad.graph_name != EVERYTHING:
                ends, document = (quad.object.value, quad.subject.value), quad.graph_name.value
                stated[ends] = min(document, stated.get(ends, document))
        conducted, attributed = self._units("conducted", inverse=True), self._units("attributed_to")
        columns = [self.column(column) for column in _FIGURES]
        things = {iri: self._named(iri) for _, iri in stated}
        found = []
        for (metric, iri), document in sorted(stated.items(), key=lambda item: (item[1], item[0])):
            thing = things[iri]
            units = attributed.get(metric) or (conducted.get(iri, set()) if thing.kind == "Campaign" else {thing.name})
            figure = _quantity(*(column.get(metric, "") for column in columns))
            source = self.source(ox.NamedNode(document))
            found.append(Counted(metric, figure, thing, tuple(sorted(units)), source))
        return found

    def _units(self, relation: str, *, inverse: bool = False) -> dict[str, set[str]]:
        """The names of the units at the end of a relation, or at its beginning, by what is at the other."""
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self._quads(None, ox.NamedNode(vocab.KG + relation), None):
            of, unit = (quad.object, quad.subject) if inverse else (quad.subject, quad.object)
            found[of.value].add(self.labels.get(unit.value, ""))
        return found

    def quotes(self, metrics: Iterable[str]) -> dict[str, str]:
        """A quote for each of these metrics, by IRI, on one line."""
        wanted = " ".join(f"<{iri}>" for iri in metrics)
        rows = self.select(
            f"SELECT ?metric ?quote {{ VALUES ?metric {{ {wanted} }} "
            "?evidence rdf:object ?metric ; rdf:predicate kg:has_metric ; kg:quote ?quote }"
        )
        found: dict[str, str] = {}
        for row in rows:
            quote = flow(row["quote"].value)
            found[row["metric"].value] = min(found.get(row["metric"].value, quote), quote)
        return found


KINDS = frozenset(term.name for term in vocab.CLASSES)

_EVIDENCE = """?evidence kg:document ?document ; kg:start ?start ; kg:end ?end ; kg:sentence_start ?sentence_start ;
    kg:sentence_end ?sentence_end ; kg:rule ?rule ; kg:confidence ?confidence .
  OPTIONAL { ?evidence kg:title ?title }"""
_STATES = "?evidence rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ."
_FIGURE = """?metric schema:value ?value ; schema:unitText ?unit ; kg:measure ?measure ; kg:qualifier ?qualifier .
  OPTIONAL { ?metric kg:as_stated ?as_stated } OPTIONAL { ?metric kg:change ?change }
  OPTIONAL { ?metric kg:period ?period }"""


_FIGURES = (
    vocab.SCHEMA + "value",
    vocab.SCHEMA + "unitText",
    vocab.KG + "measure",
    vocab.KG + "qualifier",
    vocab.KG + "as_stated",
    vocab.KG + "change",
    vocab.KG + "period",
)
_CITED = (
    vocab.SKOS + "prefLabel",
    vocab.SCHEMA + "headline",
    vocab.KG + "paper",
    vocab.SCHEMA + "datePublished",
    vocab.KG + "page",
)


def _text(term: Any) -> str:
    return term.value if term is not None else ""


def _quantity(value: str, unit: str, measure: str, qualifier: str, stated: str, change: str, period: str) -> Quantity:
    return Quantity(float(value), unit, qualifier, stated, measure, float(change) if change else None, period)
