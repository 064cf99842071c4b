"""The pages for people, made in a worker: each handler reads what its page shows and fills a template."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from kg import query, vocab
from kg.model import Kind, Span
from kg.names import pattern, plain
from kg.remote import Cut
from kg.serve import charts, figures, html, sparql, words
from kg.serve.answers import Table
from kg.serve.elsewhere import ReaderThere, There
from kg.serve.html import View
from kg.serve.limits import Limits
from kg.serve.media import GRAPHS, RESULTS, XLSX, named
from kg.serve.read import Counted, Fact, Group, Reader, Thing
from kg.serve.wire import Reply
from kg.serve.wire import plain as plain_reply
from kg.view import opaque

ENTITY_KINDS = ("Unit", "Campaign", "Region", "Person", "Award", "Policy", "Facility", "Metric", "Document")
LISTED = 24  # facts of one relation on the page of a thing
GAINS = 4  # figures of a campaign on the time line of a unit
PER_PAGE = 60
SUGGESTED = 8
FIRST = 8  # of each on the first page
EXAMPLE = "SELECT ?unit ?campaign {\n  ?unit kg:conducted ?campaign\n}\nLIMIT 20"
_WRONG_AT = re.compile(r"error at (\d+):(\d+)")


def page(code: int, template: str, view: View, **values: Any) -> Reply:
    """A page from a template, with its HTTP status."""
    return Reply(code, "text/html; charset=utf-8", html.render(template, view, **values))


@lru_cache(maxsize=1)
def _library(store: ox.Store) -> Library:
    return Library(ReaderThere(store) if isinstance(store, There) else Reader(store))


@dataclass
class Library:
    """What a worker keeps of its store between pages: it never changes."""

    read: Reader

    @cached_property
    def names(self) -> list[tuple[str, Thing]]:
        """Every name that a thing has, plain, with the thing."""
        return [(plain(name), thing) for name, thing in self.read.named() if thing.kind in ENTITY_KINDS]

    @cached_property
    def front(self) -> dict[str, Any]:
        """What the first page shows."""
        rows = self.read.select("SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) { ?thing a ?kind } GROUP BY ?kind")
        counts = {row["kind"].value.removeprefix(vocab.KG): int(row["count"].value) for row in rows if row["kind"]}
        return {
            "counts": [(kind, counts[kind]) for kind in ENTITY_KINDS if kind in counts],
            "documents": self.read.documents(FIRST),
            "campaigns": self.read.most("?thing a kg:Campaign ; kg:has_metric ?of", FIRST),
            "units": self.read.most("?thing kg:conducted ?of", FIRST),
        }

    @cached_property
    def counted(self) -> list[Counted]:
        """Every figure."""
        return self.read.counted()

    def _called(self, text: str, kind: str) -> Iterable[tuple[str, Thing]]:
        """The names to look at, plain: all, or those that a store elsewhere finds."""
        if not isinstance(self.read, ReaderThere):
            return self.names
        found = self.read.holding(text, kind)
        return ((plain(name), thing) for name, thing in found if thing.kind in ENTITY_KINDS)

    def find(self, text: str, kind: str) -> list[Thing]:
        """The things of a class (or of all) that are called so, then those whose name starts so, then contains it."""
        wanted = pattern(text)
        ranks: dict[Thing, tuple[int, int, int, str]] = {}
        for name, thing in self._called(text, kind):
            if kind in ("", thing.kind) and (match := wanted.search(name)):
                place = 2 if match.start() else int(match.end() < len(name))
                rank = place, ENTITY_KINDS.index(thing.kind), len(name), thing.name
                ranks[thing] = min(rank, ranks.get(thing, rank))
        return sorted(ranks, key=lambda thing: (ranks[thing], thing.iri))


def warm(store: ox.Store, limits: Limits) -> Reply:
    """Read what pages need all of, before someone waits for it."""
    library = _library(store)
    return plain_reply(200, f"{len(library.names)} names, {len(library.counted)} figures, {len(library.front)} lists")


def alive(store: ox.Store, limits: Limits) -> Reply:
    """Whether the store can be asked."""
    return plain_reply(200, "ok" if store.query("ASK {}", prefixes={}) else "")


# ---------------------------------------------------------------- home and search


def home(store: ox.Store, limits: Limits, view: View) -> Reply:
    return page(200, "home.html", view, **_library(store).front, questions=_questions(view["language"])[:6])


def search(store: ox.Store, limits: Limits, view: View, text: str, kind: str, number: int) -> Reply:
    """The things of a name; without a name, all of a class."""
    found = _library(store).find(text, kind if kind in ENTITY_KINDS else "")
    kinds = Counter(thing.kind for thing in (found if not kind else _library(store).find(text, "")))
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(number, 1), pages)
    return page(
        200,
        "search.html",
        view,
        text=text,
        kind=kind,
        kinds=[(name, kinds[name]) for name in ENTITY_KINDS if kinds[name]],
        total=len(found),
        things=[(thing, _context(_library(store).read, thing)) for thing in _slice(found, number)],
        number=number,
        pages=pages,
        as_typed=isinstance(store, There),
    )


def suggest(store: ox.Store, limits: Limits, text: str, kind: str) -> Reply:
    """The first things of a name, for search as one types."""
    found = _library(store).find(text, kind)[:SUGGESTED] if plain(text) else []
    things = [{"address": html.address(one.iri), "kind": one.kind, "name": html.visible(one.name)} for one in found]
    return Reply(200, "application/json", json.dumps(things, ensure_ascii=False).encode())


def _slice(found: Sequence[Any], number: int) -> Sequence[Any]:
    return found[(number - 1) * PER_PAGE : number * PER_PAGE]


def _context(read: Reader, thing: Thing) -> str:
    """A few words that tell a thing from its namesakes: its other names, or the page of a document."""
    node = ox.NamedNode(thing.iri)
    if thing.kind == "Document":
        source = read.source(node)
        return " · ".join(filter(None, (source.title, source.paper, source.date)))
    if thing.kind == "Metric":
        return " · ".join(fact.other.name for fact in read.facts(node, "has_metric", True, 1))
    return "、".join(read.names(node)[:4])


# ---------------------------------------------------------------- things


def resource(store: ox.Store, limits: Limits, view: View, iri: str, relation: str, inverse: bool, number: int) -> Reply:
    """The page of whatever has this IRI; with a relation, the whole list of its facts of that relation."""
    read = _library(store).read
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return missing(view)
    if not read.exists(node):
        return missing(view)
    thing = read.thing(node)
    if thing.kind == "Document":
        return _document(read, node, thing, view, relation == "unstated")
    if thing.kind == "Evidence" and (found := read.evidence(node)):
        return page(200, "evidence.html", view, thing=thing, stated=found[0], quote=found[1])
    if relation in [one.name for one in vocab.RELATIONS]:
        return _list(read, node, thing, view, relation, inverse, number)
    if thing.kind in ENTITY_KINDS:
        return _entity(_library(store), node, thing, view)
    return page(200, "resource.html", view, thing=thing, properties=_properties(read, node), used_by=read.used_by(node))


def missing(view: View) -> Reply:
    """The page that says that there is no such page."""
    return page(404, "error.html", view, status=404, reason="")


def _entity(library: Library, node: ox.NamedNode, thing: Thing, view: View) -> Reply:
    read = library.read
    groups = read.groups(node, LISTED)
    tree = {"part_of", "located_in"} if thing.kind in ("Unit", "Campaign", "Region") else set()
    timed = [group for group in groups if (group.relation, group.inverse) == ("conducted", False)]
    return page(
        200,
        "entity.html",
        view,
        thing=thing,
        names=read.names(node),
        network=opaque(thing.iri.removeprefix(vocab.BASE)),
        chains=[(relation, chain) for relation in sorted(tree) if (chain := read.above(node, relation))],
        timeline=[_timeline(library, group) for group in timed],
        tables=[_table(group) for group in groups if group.has_figures],
        groups=sorted((one for one in groups if not one.has_figures and one not in timed), key=_is_about_place),
        here=_campaigns_here(library, node) if thing.kind == "Region" else [],
        figure=next(iter(read.figures([node]).values()), None) if thing.kind == "Metric" else None,
        properties=_literals(read, node, view["language"]),
    )


def _table(group: Group) -> dict[str, Any]:
    """The figures of a group as a table: in the order of the documents, with bars and a chart of rises and falls."""
    facts = tuple(sorted((fact for fact in group.facts if fact.figure), key=_as_printed))
    figures = [fact.figure for fact in facts if fact.figure]
    return {"group": group, "facts": facts, "shares": charts.shares(figures), "rises": charts.rises(figures)}


def _as_printed(fact: Fact) -> tuple[str, int]:
    """Its place in the documents."""
    return (fact.quotes[0].source.name, fact.quotes[0].start) if fact.quotes else ("", 0)


def _is_about_place(group: Group) -> bool:
    return group.relation in ("part_of", "located_in")


def _timeline(library: Library, group: Group) -> dict[str, Any]:
    """The campaigns of a unit by date: their own, else that of the first document; the newest first."""
    dated = []
    for fact in group.facts:
        node = ox.NamedNode(fact.other.iri)
        own = dict(library.read.triples(node))
        start = own.get(vocab.SCHEMA + "startDate")
        dates = sorted(quote.source.date for quote in fact.quotes if quote.source.date)
        gains = library.read.facts(node, "has_metric", False, GAINS)
        rows = library.read.select(f"SELECT (COUNT(DISTINCT ?metric) AS ?count) {{ {node} kg:has_metric ?metric }}")
        count = int(next(iter(rows))["count"].value)
        date = start.value if start else "".join(dates[:1])
        dated.append((date, count, [one.figure for one in gains if one.figure], fact))
    dated.sort(key=lambda one: (one[0] != "", one[0]), reverse=True)
    return {"group": group, "items": dated}


def _campaigns_here(library: Library, node: ox.NamedNode) -> list[tuple[Thing, int]]:
    """The campaigns of the units inside a region, those of most units first."""
    return library.read.most(f"?place kg:located_in* {node} . ?of kg:located_in ?place ; kg:conducted ?thing", LISTED)


def _properties(read: Reader, node: ox.NamedNode) -> list[tuple[str, str, str]]:
    """All that is stated of a node: the property, the value as text, and the address of a value that has one."""
    found = []
    for name, value in read.triples(node):
        text = getattr(value, "value", str(value))
        target = html.address(text) if isinstance(value, ox.NamedNode) else ""
        found.append((vocab.shorten(name).partition(":")[2], vocab.shorten(text) if target else text, target))
    return found


def _literals(read: Reader, node: ox.NamedNode, language: str) -> list[tuple[str, str]]:
    """The plain values of a thing: codes, dates, whatever the vocabulary has."""
    pairs = [(name, value.value) for name, value in read.triples(node) if isinstance(value, ox.Literal)]
    named = [(vocab.shorten(name).partition(":")[2], value) for name, value in pairs]
    return [(name, words.value_name(language, name, value)) for name, value in named]


def _list(
    read: Reader, node: ox.NamedNode, thing: Thing, view: View, relation: str, inverse: bool, number: int
) -> Reply:
    total = next((g.total for g in read.groups(node, 0) if (g.relation, g.inverse) == (relation, inverse)), 0)
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(number, 1), pages)
    facts = tuple(read.facts(node, relation, inverse, PER_PAGE, (number - 1) * PER_PAGE))
    group = Group(relation, inverse, total, facts)
    return page(200, "list.html", view, thing=thing, group=group, number=number, pages=pages)


# ---------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document's text, where it starts, and the facts (by number) that it helps to state, the narrowest first."""

    start: int
    text: str
    facts: tuple[int, ...]


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """A text cut where a span starts or ends.

    >>> [(piece.text, piece.facts) for piece in pieces("abcdef", [(1, 4), (2, 3)])]
    [('a', ()), ('b', (0,)), ('c', (1, 0)), ('d', (0,)), ('ef', ())]
    """
    cuts = sorted({0, len(text), *(place for span in spans for place in span if 0 <= place <= len(text))})
    starting: dict[int, list[int]] = {}
    for index, (start, end) in enumerate(spans):
        if start < end:
            starting.setdefault(start, []).append(index)
    found: list[Piece] = []
    open_now: list[int] = []
    for start, end in pairwise(cuts):
        open_now = [index for index in open_now if spans[index][1] > start] + starting.get(start, [])
        narrowest = sorted(open_now, key=lambda index: (spans[index][1] - spans[index][0], index))
        found.append(Piece(start, text[start:end], tuple(narrowest)))
    return found


def _document(read: Reader, node: ox.NamedNode, thing: Thing, view: View, whole: bool) -> Reply:
    stated = read.stated(node)
    text = read.text(node)
    spans = [(one.start, one.end) for one in stated]
    others = _unstated(text, thing.name, spans) if whole else []
    return page(
        200,
        "document.html",
        view,
        thing=thing,
        source=read.source(node),
        pieces=pieces(text, spans + [(span.start, span.end) for span, _ in others]),
        stated=stated,
        unstated=[kind for _, kind in others],
        whole=whole,
    )


def _unstated(text: str, name: str, stated: Sequence[tuple[int, int]]) -> list[tuple[Span, Kind]]:
    from kg.serve.unstated import unstated  # here, since it loads the dictionaries: only who asks for it waits

    return unstated(text, name, stated)


# ---------------------------------------------------------------- questions


def ask(
    store: ox.Store, limits: Limits, view: View, name: str, text: str, values: Mapping[str, str], form: str
) -> Reply:
    """The page of a question by its name, or of a SPARQL text; with `form`, its answer as a file."""
    known = query.questions()
    asked = known.get(name)
    given = {
        key: value for key, value in values.items() if asked and value and key in {p.name for p in asked.parameters}
    }
    problem = "" if asked or not name else f"no question is called {name}"
    shown = asked.text if asked else text
    table = wrong = None
    try:
        if asked:
            shown = query.bind(store, asked, given)
        if form and shown:
            return sparql.ask(store, limits, shown, [], [], *_saved(form), save=True)
        if shown:
            table = Table.of(query.run(store, shown), _library(store).read)
    except (query.QueryError, Cut) as error:
        problem = str(error)
        wrong = _WRONG_AT.search(problem)
    except (OSError, RuntimeError, ValueError) as error:
        problem = str(error).partition("\n")[0]
    return page(
        400 if problem else 200,
        "query.html",
        view,
        questions=_questions(view["language"]),
        asked=asked,
        summary=dict(_questions(view["language"])).get(name, ""),
        values=values,
        text=shown or EXAMPLE,
        table=table,
        problem=problem,
        wrong=wrong and tuple(map(int, wrong.groups())),
        link={"question": name, **given} if asked else {"query": text},
        terms=_terms(),
    )


def _saved(form: str) -> tuple[list[str] | None, list[str] | None]:
    """What `sparql.ask` is to write for a format of this name."""
    results, graphs = named(form, (*RESULTS, XLSX)), named(form, GRAPHS)
    return [results.name, results.type] if results else None, [graphs.name, graphs.type] if graphs else None


def _questions(language: str) -> list[tuple[str, str]]:
    """The questions and what each asks, in a language."""
    side = 0 if language == "zh" else 1
    return [(name, asked.summary[side]) for name, asked in query.questions().items()]


def _terms() -> list[str]:
    """What the editor offers: the terms of the vocabulary, and those of others that this graph uses."""
    own = [f"kg:{term.name}" for term in (*vocab.CLASSES, *vocab.RELATIONS, *vocab.PROPERTIES)]
    others = (
        "skos:prefLabel skos:altLabel schema:value schema:unitText schema:headline schema:datePublished schema:text"
    )
    return sorted([*own, *others.split(), "rdf:subject", "rdf:predicate", "rdf:object"])


# ---------------------------------------------------------------- figures and vocabulary


def pivot(store: ox.Store, limits: Limits, view: View, choice: Mapping[str, str], number: int, form: str) -> Reply:
    """The figures page, or with `form` the figures that it chooses as a file."""
    chosen = figures.Choice.of_request(choice)
    found = chosen.filter(_library(store).counted)
    if form in ("csv", "xlsx"):
        return figures.saved(found, _library(store).read, form, limits)
    table = figures.pivot(found, chosen, number)
    units = Counter(one.figure.unit for one in _library(store).counted)
    return page(
        200,
        "figures.html",
        view,
        choice=chosen,
        table=table,
        quotes=_library(store).read.quotes({one.metric for one in table.shown}),
        total=len(found),
        counters=[unit for unit, _ in units.most_common(40) if unit],
        dimensions=figures.DIMENSIONS,
    )


def vocabulary(store: ox.Store, limits: Limits, view: View) -> Reply:
    """The classes, relations and properties, with their meaning."""
    side = ("zh", "comment_zh") if view["language"] == "zh" else ("en", "comment_en")
    parts = (("classes", vocab.CLASSES), ("relations", vocab.RELATIONS), ("properties", vocab.PROPERTIES))

    def terms(group: Iterable[vocab.Term]) -> list[tuple[vocab.Term, str, str]]:
        return [(term, getattr(term, side[0]), getattr(term, side[1])) for term in group]

    return page(
        200, "vocabulary.html", view, namespace=vocab.KG, parts_of=[(key, terms(group)) for key, group in parts]
    )


HANDLERS: Mapping[str, Callable[..., Reply]] = {
    "warm": warm,
    "alive": alive,
    "home": home,
    "search": search,
    "suggest": suggest,
    "resource": resource,
    "query": ask,
    "figures": pivot,
    "vocabulary": vocabulary,
}
