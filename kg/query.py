"""Questions in SPARQL, their parameters, and their answers as tables and files.

A question is a `.rq` file that describes itself in its first lines:

    #+ summary: 一次行动取得了哪些数据 / The figures of a campaign
    #+ param: campaign (kg:Campaign): 行动名称 / name of the campaign

and says where each parameter goes: `VALUES ?campaign { UNDEF }`. As it stands that is ordinary SPARQL, which runs
anywhere and asks about all campaigns. With `campaign=守护2号` the names of all campaigns are compared with 守护2号, and
those that fit stand in the place of UNDEF. So what a user types is compared, and never becomes part of a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import vocab
from kg.errors import Problem
from kg.names import plain

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.remote import Endpoint

ANYTHING = "rdfs:Resource"

_SUMMARY = re.compile(r"#\+ summary: (.+?) / (.+)")
_PARAM = re.compile(r"#\+ param: (\w+) \(([\w:]+)\): (.+?) / (.+)")


class QueryError(Problem):
    """A query that cannot be run."""


# ---------------------------------------------------------------- questions


@dataclass(frozen=True, slots=True)
class Parameter:
    """What narrows a question: `scope` is the class of the things it names, or the property whose values it names."""

    name: str
    scope: str
    zh: str
    en: str

    @property
    def place(self) -> re.Pattern[str]:
        """Where it stands in the text of the question."""
        return re.compile(rf"VALUES\s+\?{self.name}\s*\{{\s*UNDEF\s*\}}")


@dataclass(frozen=True)
class Question:
    """A query with its description. Raises QueryError where a parameter has no place in the text or no known scope."""

    text: str
    name: str = ""

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            if not parameter.place.search(self.text):
                raise QueryError(f"parameter {parameter.name} has no place: VALUES ?{parameter.name} {{ UNDEF }}")
            if parameter.scope.partition(":")[0] not in vocab.PREFIXES:
                raise QueryError(f"parameter {parameter.name} has an unknown prefix: {parameter.scope}")

    @property
    def summary(self) -> tuple[str, str]:
        """One line in Chinese and one in English; empty where the text has none."""
        found = _SUMMARY.search(self.text)
        return (found[1], found[2].rstrip()) if found else ("", "")

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(Parameter(*(part.strip() for part in found)) for found in _PARAM.findall(self.text))

    def bound(self, values: Mapping[str, Iterable[ox.NamedNode | ox.Literal]]) -> str:
        """The query with these terms in the places of its parameters; the others stay open."""
        text = self.text
        for parameter in self.parameters:
            if parameter.name in values:
                terms = " ".join(sorted(map(str, values[parameter.name])))
                text = f"VALUES ?{parameter.name} {{ {terms} }}".join(parameter.place.split(text))
        return text


def questions() -> dict[str, Question]:
    """The questions that come with tongbao, by name."""
    found = {path.name: path.read_text(encoding="utf-8") for path in _folder().iterdir() if path.name.endswith(".rq")}
    return {name.removesuffix(".rq"): Question(found[name], name.removesuffix(".rq")) for name in sorted(found)}


def _folder() -> Any:
    """`queries/` inside an installed package, or at the top of the repository."""
    packaged = files("kg") / "queries"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "queries"


def question(name_or_sparql: str) -> Question:
    """The question of this name, else the text itself as a query. Raises QueryError for a name that is unknown."""
    known = questions()
    if name_or_sparql in known:
        return known[name_or_sparql]
    if re.search(r"[\s{]", name_or_sparql.strip()):
        return Question(name_or_sparql)
    raise QueryError(f"no question is called {name_or_sparql}{_hint(name_or_sparql, known) or '; kg query lists them'}")


def _hint(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(known), n=3, cutoff=0.4)
    return f"; there is {', '.join(near)}" if near else ""


# ---------------------------------------------------------------- parameters


def bind(store: ox.Store | Endpoint, asked: Question, values: Mapping[str, str]) -> str:
    """The text of a question with the things that the names fit. Raises QueryError for what is not known."""
    known = {parameter.name: parameter for parameter in asked.parameters}
    for name in values:
        if name not in known:
            raise QueryError(f"{asked.name or 'this query'} has no parameter {name}{_hint(name, known)}")
    return asked.bound({name: fitting(store, known[name], value) for name, value in values.items()})


def fitting(store: ox.Store | Endpoint, parameter: Parameter, name: str) -> list[ox.NamedNode | ox.Literal]:
    """The things in the scope of the parameter that a name fits: those called so, else those whose name contains it.

    Spaces, quotation marks, letter case and width are not compared. Raises QueryError where nothing fits.
    """
    wanted = plain(name)
    named = [(term, text, plain(text)) for term, text in _names(store, parameter.scope)]
    found = {term for term, _, compared in named if compared == wanted} or {
        term for term, _, compared in named if wanted and wanted in compared
    }
    if not found:
        raise QueryError(f"no {parameter.name} is called {name}{_hint(name, {text for _, text, _ in named})}")
    return sorted(found, key=str)


_LABELS = "skos:prefLabel|skos:altLabel|schema:headline"
# Each names what may be asked for; `?scope` is bound to the class or the property.
_OF_CLASS = f"SELECT ?scope ?term ?text {{ ?term a ?scope ; {_LABELS} ?text }}"
_OF_ANYTHING = f"SELECT ?scope ?term ?text {{ ?term {_LABELS} ?text }}"
_OF_PROPERTY = "SELECT DISTINCT ?scope ?term (STR(?term) AS ?text) { ?thing ?scope ?term }"


def _names(store: ox.Store | Endpoint, scope: str) -> Iterator[tuple[ox.NamedNode | ox.Literal, str]]:
    import pyoxigraph as ox

    prefix, _, local = scope.partition(":")
    query = _OF_ANYTHING if scope == ANYTHING else _OF_CLASS if local[:1].isupper() else _OF_PROPERTY
    rows: Any = store.query(
        query,
        prefixes=vocab.PREFIXES,
        substitutions={ox.Variable("scope"): ox.NamedNode(vocab.PREFIXES[prefix] + local)},
    )
    for row in rows:
        yield row["term"], row["text"].value


# ---------------------------------------------------------------- running


_PREFIXES = tuple((f"{name}:", name, iri) for name, iri in (vocab.PREFIXES | vocab.NODE_PREFIXES).items())
_COMMENTS = re.compile(r"(?:\s|#[^\r\n]*)*")  # with which a query begins
_ONCE_ON_A_FIGURE = frozenset({"kg:measure", "kg:qualifier", "schema:unitText", "schema:value"})  # kg:MetricShape


@dataclass(frozen=True, slots=True)
class Graphs:
    """The graphs of a query, by IRI: those that make up its default graph together, and those that it can name."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def run(
    store: ox.Store | Endpoint, sparql: str, graphs: Graphs | None = None
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """The answer to a query over everything that is stated, or over some graphs alone.

    `graphs` take the place of those that the query names with FROM. A query can only read this store: to the parser
    an update is no query, and what reaches outside is refused. A relative IRI, <unit/包头市公安局>, is one of a thing
    here. Raises QueryError; Problem for an endpoint that fails.
    """
    import pyoxigraph as ox

    named = _graphs_of(sparql)  # also where `graphs` take their place: it refuses what is no good
    graphs = graphs or named
    if not isinstance(store, ox.Store):
        return _run_there(store, sparql, graphs or Graphs())
    prefixes = {name: iri for used, name, iri in _PREFIXES if used in sparql}  # to read all takes 10 µs
    sparql = by_column(sparql)
    try:
        if not graphs:
            return store.query(sparql, base_iri=vocab.BASE, prefixes=prefixes)
        default, others = map(partial(_known, store), (graphs.default, graphs.named))
        if len(default) > 1:
            store, default = _merged(store, default, others), [ox.DefaultGraph()]
        return store.query(sparql, base_iri=vocab.BASE, prefixes=prefixes, default_graph=default, named_graphs=others)
    except SyntaxError as error:
        raise QueryError(f"not a SPARQL query: {_first_line(error)}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(_first_line(error)) from error


def by_column(sparql: str) -> str:
    """A query that groups figures by what each has once, with each of these columns in a SELECT of its own.

    It has the same rows. For `?m kg:measure ?t ; schema:value ?v` the engine looks up the value of each figure by
    itself; in the other form it reads both columns and joins them once. What is not exactly so comes back as it is: a
    query with one pair of braces, and no quotation marks before it, has one group, its WHERE, and this is read whole.

    >>> print(by_column("SELECT ?t (SUM(?v) AS ?s) { ?m kg:measure ?t ; schema:value ?v } GROUP BY ?t"))
    SELECT ?t (SUM(?v) AS ?s) {
    { SELECT ?m ?t { ?m kg:measure ?t } }
    { SELECT ?m ?v { ?m schema:value ?v } }
    } GROUP BY ?t
    """
    before, _, rest = sparql.partition("{")
    inside, _, after = rest.partition("}")
    is_one = sparql.count("{") == sparql.count("}") == 1 and '"' not in before and "'" not in before
    if not is_one or "construct" in before.casefold() or "group" not in after.casefold():
        return sparql
    subject, _, told = " ".join(inside.replace(";", " ; ").replace(".", " . ").split()).partition(" ")
    pairs = [part.split() for part in told.removesuffix(" .").replace(f" . {subject} ", " ; ").split(" ; ")]
    if len(pairs) == 1 or not all(len(pair) == 2 and pair[0] in _ONCE_ON_A_FIGURE for pair in pairs):
        return sparql
    variables = {subject, *(value for _, value in pairs)}
    if not all(name[:1] == "?" and name[1:].isidentifier() for name in variables) or len(variables) <= len(pairs):
        return sparql
    columns = "\n".join(f"{{ SELECT {subject} {value} {{ {subject} {name} {value} }} }}" for name, value in pairs)
    return f"{before}{{\n{columns}\n}}{after}"


def _run_there(
    endpoint: Endpoint, sparql: str, graphs: Graphs
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """The same on a store elsewhere, which may take more than SPARQL: what is no plain query never gets there."""
    import pyoxigraph as ox

    from kg.remote import Refused

    prefixes = vocab.PREFIXES | vocab.NODE_PREFIXES
    try:
        ox.Store().query(sparql, base_iri=vocab.BASE, prefixes=prefixes)
    except SyntaxError as error:
        raise QueryError(f"not a SPARQL query: {_first_line(error)}") from error
    except (RuntimeError, ValueError) as error:
        raise QueryError(_first_line(error)) from error
    outside = {str(part.iri) for part in _parsed(sparql) if part.name == "Function"}
    if unknown := sorted(iri for iri in outside if not iri.startswith(vocab.XSD)):
        raise QueryError(f"refused: the function <{unknown[0]}> is not one of SPARQL")
    for iri in (*graphs.default, *graphs.named):
        try:
            graph = ox.NamedNode(iri)
        except ValueError as error:
            raise QueryError(f"not an IRI: {iri}") from error
        if not endpoint.contains_named_graph(graph):
            raise QueryError(f"refused: there is no graph <{iri}> here")
    try:
        return endpoint.query(sparql, prefixes=prefixes, default_graphs=graphs.default, named_graphs=graphs.named)
    except Refused as error:
        if error.status == 400:
            raise QueryError(error.reason) from error
        raise


def _known(store: ox.Store, iris: Iterable[str]) -> list[Any]:
    """The graphs of these IRIs. Raises QueryError for one that the store does not have: a query cannot fetch it."""
    import pyoxigraph as ox

    graphs = []
    for iri in iris:
        try:
            graphs.append(ox.NamedNode(iri))
        except ValueError as error:
            raise QueryError(f"not an IRI: {iri}") from error
        if not store.contains_named_graph(graphs[-1]):
            raise QueryError(f"refused: there is no graph <{iri}> here")
    return graphs


def _merged(store: ox.Store, default: Iterable[Any], named: Iterable[Any]) -> ox.Store:
    """A store of these graphs alone, the default ones merged: as they are, what two of them state would count twice."""
    import pyoxigraph as ox

    merged = ox.Store()
    for graph in default:
        merged.extend(ox.Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, graph))
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


def _graphs_of(sparql: str) -> Graphs | None:
    """The graphs that a query names, if it has FROM clauses. Raises QueryError for SERVICE.

    A query without these two words, comments at its beginning aside, needs no closer look. In one with them they may be
    names or text, so it is parsed.
    """
    folded = sparql[_COMMENTS.match(sparql).end() :].casefold()  # type: ignore[union-attr]
    if "service" not in folded and "from" not in folded:
        return None
    parts = _parsed(sparql)
    if any(part.name == "ServiceGraphPattern" for part in parts):
        raise QueryError("SERVICE is refused: a query reads this graph only")
    clauses = [part for part in parts if part.name == "DatasetClause"]
    default, named = (tuple(str(part[key]) for part in clauses if key in part) for key in ("default", "named"))
    return Graphs(default, named) if clauses else None


def _parsed(sparql: str) -> list[Any]:
    """The nodes of a query as rdflib parses it, with whole IRIs. Raises QueryError."""
    from rdflib.plugins.sparql.algebra import translatePName, translatePrologue, traverse
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        opening, body = parseQuery(sparql)
        prologue = translatePrologue(opening, vocab.BASE, initNs=vocab.PREFIXES | vocab.NODE_PREFIXES)
        return list(_parts(traverse(body, visitPost=partial(translatePName, prologue=prologue))))
    except Exception as error:  # whatever the parser stumbles over, the query is not let through unread
        raise QueryError(f"not a SPARQL query: {_first_line(error)}") from error


def _parts(tree: Any) -> Iterator[Any]:
    """The nodes of a parsed query, each before its own parts."""
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(tree, CompValue):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list | ParseResults):
        for child in tree:
            yield from _parts(child)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
