"""Records to RDF and back.

The split into graphs. The named graph of a document (its name is the IRI of the document) holds all that the document
itself supports: its metadata and text, the statements it makes, the posts it names, and the evidence. The default
graph holds what is assembled over documents: what each entity is (class, names, region code, the value of a metric)
and the chain of regions above each region. A statement that two documents make stands in both graphs. To replace or
withdraw a document is therefore to drop one graph, and then the entities that no graph speaks of any more.

Posts. The title of a post stands on the evidence (`kg:title`) and on a `kg:Post`, which is an `org:Membership`
of the person and the unit, so that tools that know ORG find it.

`quads` and `records` are inverses for records whose keys `vocab.entity_key` made: nothing is lost on the way.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from kg import __version__, vocab
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Review, Span, Statement
from kg.read import flow
from kg.regions import Region, divisions

Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]
RELATIONS = frozenset(relation.name for relation in vocab.RELATIONS)

# Characters that Turtle allows and rapper refuses.
_NONCHARACTERS = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})
DIVISIONS = ox.NamedNode("https://github.com/modood/Administrative-divisions-of-China")


@cache
def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(vocab.PREFIXES[prefix] + local)


TYPE, PREF_LABEL, ALT_LABEL = _term("rdf:type"), _term("skos:prefLabel"), _term("skos:altLabel")
SUBJECT, PREDICATE, OBJECT = _term("rdf:subject"), _term("rdf:predicate"), _term("rdf:object")
VALUE, UNIT_TEXT, TEXT = _term("schema:value"), _term("schema:unitText"), _term("schema:text")
START_DATE, END_DATE = _term("schema:startDate"), _term("schema:endDate")
TRUE = ox.Literal(True)
AUTHOR, FORMAT = _term("schema:author"), _term("dcterms:format")
ATTRIBUTED, DECIDED, REASON = _term("prov:wasAttributedTo"), _term("dcterms:created"), _term("rdfs:comment")
NAME, HEADLINE, PUBLISHED = _term("schema:name"), _term("schema:headline"), _term("schema:datePublished")


@cache
def _kg(name: str) -> ox.NamedNode:
    return ox.NamedNode(vocab.KG + name)


LOCATED_IN = _kg("located_in")


# ---------------------------------------------------------------- names of nodes


@lru_cache(maxsize=100_000)
def entity_iri(key: str) -> ox.NamedNode:
    """The IRI of the entity with this key."""
    kind, _, name = key.partition("/")
    return ox.NamedNode(vocab.NODE_PREFIXES[kind] + vocab.local_name(name))


@lru_cache(maxsize=1000)
def document_iri(name: str) -> ox.NamedNode:
    """The IRI of the document with this name, and of its graph. Two names never share one."""
    return ox.NamedNode(vocab.NODE_PREFIXES["document"] + _injective(name))


def _injective(name: str) -> str:
    """A name as it stands in an IRI: what is no letter, digit or Chinese character is percent-encoded."""
    return "".join(c if (c.isascii() and c.isalnum()) or c in "-._" or _is_han(c) else _percent(c) for c in name)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0002f7ff"


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))


def _digest_iri(kind: str, *parts: object) -> ox.NamedNode:
    """A node that has no name of its own, after a digest of what it is made of."""
    return ox.NamedNode(vocab.NODE_PREFIXES[kind] + hashlib.sha256(repr(parts).encode()).hexdigest()[:20])


# ---------------------------------------------------------------- literals


def _text(value: str, language: str | None = None) -> ox.Literal:
    return ox.Literal(value.translate(_NONCHARACTERS), language=language)


def _zh(value: str) -> ox.Literal:
    return _text(value, "zh")


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_term("xsd:integer"))


def _decimal(value: float) -> ox.Literal:
    """A plain decimal: 64500, never 6.45E4 or 64500.0. Raises ValueError for infinity and not-a-number."""
    if not math.isfinite(value):
        raise ValueError(f"not a decimal number: {value}")
    digits = format(Decimal(repr(value)), "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return ox.Literal(digits, datatype=_term("xsd:decimal"))


def _date(value: str) -> ox.Literal:
    """A date as precise as known: xsd:date, xsd:gYearMonth or xsd:gYear; a plain literal where there is no such day."""
    for form, datatype in (("%Y-%m-%d", "xsd:date"), ("%Y-%m", "xsd:gYearMonth"), ("%Y", "xsd:gYear")):
        try:
            datetime.strptime(value, form)
        except ValueError:
            continue
        return ox.Literal(value, datatype=_term(datatype))
    return ox.Literal(value)


# ---------------------------------------------------------------- records to quads


def quads(extraction: Extraction) -> Iterator[ox.Quad]:
    """The quads of the graph, each document's in its graph.

    Raises ValueError where two keys share an IRI, or a statement names an unknown relation, entity or document.
    """
    _check(extraction)
    for document in extraction.documents:
        graph = document_iri(document.name)
        yield from (ox.Quad(*triple, graph) for triple in of_document(document))
    texts = {document.name: document.text for document in extraction.documents}
    for statement in extraction.statements:
        fact = statement.subject, statement.predicate, statement.object, statement.detail
        for evidence in statement.evidence:
            graph = document_iri(evidence.document)
            yield from (ox.Quad(*triple, graph) for triple in of_evidence(fact, evidence, texts[evidence.document]))
    for entity in extraction.entities:
        yield from (ox.Quad(*triple) for triple in of_entity(entity))
    yield from (ox.Quad(*triple) for triple in of_all(extraction.entities))


def _check(extraction: Extraction) -> None:
    keys = {entity.key for entity in extraction.entities}
    if len(keys) != len(extraction.entities) or len({entity_iri(key) for key in keys}) != len(keys):
        raise ValueError("two entities share a key or an IRI")
    documents = {document.name for document in extraction.documents}
    if len(documents) != len(extraction.documents):
        raise ValueError("two documents share a name")
    for statement in extraction.statements:
        if statement.predicate not in RELATIONS:
            raise ValueError(f"unknown relation: {statement.predicate}")
        if missing := {statement.subject, statement.object} - keys:
            raise ValueError(f"a statement about an unknown entity: {min(missing)}")
        if missing := {evidence.document for evidence in statement.evidence} - documents:
            raise ValueError(f"evidence from an unknown document: {min(missing)}")


def of_document(document: Document) -> Iterator[Triple]:
    """Metadata and text, for the graph of the document."""
    node = document_iri(document.name)
    yield node, TYPE, _kg("Document")
    yield node, PREF_LABEL, _zh(document.name)
    yield node, NAME, _text(document.name)
    yield node, TEXT, _text(document.text)
    yield node, _kg("sha256"), ox.Literal(document.sha256)
    yield node, _term("prov:wasGeneratedBy"), _activity_iri()
    if document.title:
        yield node, HEADLINE, _zh(document.title)
    if document.author:
        yield node, AUTHOR, _text(document.author)
    if document.format:
        yield node, FORMAT, _text(document.format)
    if document.date:
        yield node, PUBLISHED, _date(document.date)
    for name in ("paper", "page", "section"):
        if value := getattr(document, name):
            yield node, _kg(name), _text(value)


def _reviewed(node: ox.NamedNode, review: Review) -> Iterator[Triple]:
    """Who vouches for a piece of evidence, since when, and why."""
    person = ox.NamedNode(vocab.NODE_PREFIXES["reviewer"] + _injective(review.by))
    yield node, ATTRIBUTED, person
    yield person, TYPE, _term("prov:Person")
    yield person, NAME, _text(review.by)
    if review.on:
        yield node, DECIDED, _date(review.on)
    if review.why:
        yield node, REASON, _zh(review.why)


def of_evidence(fact: tuple[str, str, str, str], evidence: Evidence, text: str) -> Iterator[Triple]:
    """What one piece of evidence for a fact (subject, relation, object, detail) puts into the graph of its document."""
    subject, predicate, target = entity_iri(fact[0]), _kg(fact[1]), entity_iri(fact[2])
    detail = fact[3]
    yield subject, predicate, target
    place = evidence.document, evidence.span, evidence.sentence
    said = subject.value, fact[1], target.value, detail
    review = (evidence.review,) if evidence.review else ()
    node = _digest_iri("evidence", *said, *place, evidence.rule, evidence.confidence, *review)
    yield node, TYPE, _kg("Evidence")
    yield node, SUBJECT, subject
    yield node, PREDICATE, predicate
    yield node, OBJECT, target
    yield node, _kg("document"), document_iri(evidence.document)
    yield node, _kg("start"), _integer(evidence.span.start)
    yield node, _kg("end"), _integer(evidence.span.end)
    yield node, _kg("quote"), _text(evidence.quote)
    yield node, _kg("sentence"), _text(flow(text[evidence.sentence.start : evidence.sentence.end]))
    yield node, _kg("sentence_start"), _integer(evidence.sentence.start)
    yield node, _kg("sentence_end"), _integer(evidence.sentence.end)
    yield node, _kg("rule"), _text(evidence.rule)
    yield node, _kg("confidence"), _decimal(evidence.confidence)
    if evidence.review:
        yield from _reviewed(node, evidence.review)
    if detail:
        yield node, _kg("title"), _zh(detail)
        post = _digest_iri("post", subject.value, target.value, detail)
        yield post, TYPE, _kg("Post")
        yield post, _term("org:member"), subject
        yield post, _term("org:organization"), target
        yield post, _kg("title"), _zh(detail)


def of_entity(entity: Entity) -> Iterator[Triple]:
    """What an entity is, for the default graph."""
    node = entity_iri(entity.key)
    yield node, TYPE, _kg(entity.kind)
    yield node, PREF_LABEL, _zh(entity.name)
    for name in entity.names:
        if name != entity.name:
            yield node, ALT_LABEL, _zh(name)
    if entity.code:
        yield node, _kg("code"), ox.Literal(entity.code)
    if quantity := entity.quantity:
        yield node, VALUE, _decimal(quantity.value)
        yield node, UNIT_TEXT, _text(quantity.unit)
        yield node, _kg("measure"), _text(quantity.measure)
        yield node, _kg("qualifier"), ox.Literal(quantity.qualifier)
        if quantity.as_stated:
            yield node, _kg("as_stated"), _text(quantity.as_stated)
        if quantity.change is not None:
            yield node, _kg("change"), _decimal(quantity.change)
        if quantity.period:
            yield node, _kg("period"), _text(quantity.period)
        if quantity.per:
            yield node, _kg("per"), _text(quantity.per)
        if quantity.cumulative:
            yield node, _kg("cumulative"), TRUE
        if quantity.of_which:
            yield node, _kg("of_which"), TRUE
    dated = entity.quantity or entity
    if dated.start:
        yield node, START_DATE, _date(dated.start)
    if dated.end:
        yield node, END_DATE, _date(dated.end)


def of_all(entities: Iterable[Entity]) -> Iterator[Triple]:
    """What stands in the default graph besides the entities: the regions around theirs, and the extraction itself."""
    yield from _regions(entities)
    yield from _activity()


def _regions(entities: Iterable[Entity]) -> Iterator[Triple]:
    """Level and source of each region that has a code, and the chain of regions above it."""
    table = divisions()
    by_key = sorted(entities, key=attrgetter("key"))
    used = {region: entity for entity in by_key if entity.code and (region := _division(entity.code))}
    around = {above for region in used for above in table.ancestors(region)}

    def node(region: Region) -> ox.NamedNode:
        return entity_iri(used[region].key if region in used else region_key(region))

    for region in {*used, *around}:
        if region not in used:
            yield from of_entity(Entity(region_key(region), Kind.REGION, region.name, code=region.gb_code))
        yield node(region), _kg("level"), ox.Literal(region.level)
        yield node(region), _term("dcterms:source"), DIVISIONS
        if above := table.parent(region):
            yield node(region), LOCATED_IN, node(above)


def region_key(region: Region) -> str:
    """The key of a division: its full name, qualified where another has the same."""
    return vocab.entity_key(Kind.REGION, divisions().qualified(region))


def _division(code: str) -> Region | None:
    short = code.removesuffix("00").removesuffix("00") if len(code) == 6 else code
    return divisions().by_code.get(short)


def _activity_iri() -> ox.NamedNode:
    return ox.NamedNode(f"{vocab.NODE_PREFIXES['activity']}tongbao-{__version__}")


def _activity() -> Iterator[Triple]:
    """The extraction: which version of the software, and no time, so that the same input gives the same graph."""
    agent = ox.NamedNode(f"{vocab.NODE_PREFIXES['agent']}tongbao")
    yield _activity_iri(), TYPE, _term("prov:Activity")
    yield _activity_iri(), _term("prov:wasAssociatedWith"), agent
    yield _activity_iri(), _term("schema:softwareVersion"), ox.Literal(__version__)
    yield agent, TYPE, _term("prov:SoftwareAgent")
    yield agent, NAME, ox.Literal("tongbao")


def turtle(all_quads: Iterable[ox.Quad]) -> bytes:
    """The union of all graphs as Turtle, sorted: the same bytes for the same statements in any order."""
    triples = sorted({quad.triple for quad in all_quads}, key=str)
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=vocab.PREFIXES | vocab.NODE_PREFIXES) or b""


# ---------------------------------------------------------------- quads to records

Node = dict[str, list[str]]


def records(all_quads: Iterable[ox.Quad]) -> Extraction:
    """The records that the quads say, in a fixed order. Regions that only stand above others are among the entities."""
    nodes: dict[str, Node] = defaultdict(lambda: defaultdict(list))
    triple: Any
    for triple in {quad.triple for quad in all_quads}:
        nodes[triple.subject.value][triple.predicate.value].append(triple.object.value)
    kinds = {vocab.KG + kind: kind for kind in Kind}
    documents: dict[str, Document] = {}
    entities: list[Entity] = []
    evidence_nodes: list[Node] = []
    for iri, node in nodes.items():
        kind = _one(node, TYPE)
        if kind == vocab.KG + "Document":
            documents[iri] = _read_document(node)
        elif kind == vocab.KG + "Evidence":
            evidence_nodes.append(node)
        elif kind in kinds:
            entities.append(_read_entity(iri, kinds[kind], node))
    stated: dict[tuple[str, str, str, str], list[Evidence]] = defaultdict(list)
    for node in evidence_nodes:
        predicate = _one(node, PREDICATE).removeprefix(vocab.KG)
        fact = _key(_one(node, SUBJECT)), predicate, _key(_one(node, OBJECT)), _one(node, _kg("title"))
        stated[fact].append(_read_evidence(node, documents))
    return Extraction(
        tuple(sorted(documents.values(), key=attrgetter("name"))),
        tuple(sorted(entities, key=attrgetter("key"))),
        tuple(
            Statement(subject, predicate, target, tuple(sorted(found, key=_reading_order)), detail)
            for (subject, predicate, target, detail), found in sorted(stated.items())
        ),
    )


def _one(node: Node, predicate: ox.NamedNode) -> str:
    return next(iter(node[predicate.value]), "")


def _key(iri: str) -> str:
    return iri.removeprefix(vocab.BASE)


def _read_document(node: Node) -> Document:
    paper, page, section, sha256 = (_one(node, _kg(name)) for name in ("paper", "page", "section", "sha256"))
    said = (_one(node, term) for term in (NAME, TEXT, HEADLINE, PUBLISHED, AUTHOR, FORMAT))
    name, text, title, published, author, form = said
    return Document(name, text, sha256, paper, published, page, section, title, author, form)


def _read_entity(iri: str, kind: Kind, node: Node) -> Entity:
    names = tuple(sorted(node[ALT_LABEL.value]))
    quantity = _read_quantity(node) if VALUE.value in node else None
    start, end = ("", "") if quantity else (_one(node, START_DATE), _one(node, END_DATE))
    return Entity(_key(iri), kind, _one(node, PREF_LABEL), names, _one(node, _kg("code")), quantity, start, end)


def _read_quantity(node: Node) -> Quantity:
    qualifier, as_stated, measure, change, period, per, cumulative, of_which = (
        _one(node, _kg(name))
        for name in ("qualifier", "as_stated", "measure", "change", "period", "per", "cumulative", "of_which")
    )
    return Quantity(
        value=float(_one(node, VALUE)),
        unit=_one(node, UNIT_TEXT),
        qualifier=qualifier,
        as_stated=as_stated,
        measure=measure,
        change=float(change) if change else None,
        period=period,
        start=_one(node, START_DATE),
        end=_one(node, END_DATE),
        per=per,
        cumulative=bool(cumulative),
        of_which=bool(of_which),
    )


def _read_evidence(node: Node, documents: dict[str, Document]) -> Evidence:
    start, end, sentence_start, sentence_end = (
        int(_one(node, _kg(name))) for name in ("start", "end", "sentence_start", "sentence_end")
    )
    return Evidence(
        document=documents[_one(node, _kg("document"))].name,
        span=Span(start, end),
        quote=_one(node, _kg("quote")),
        rule=_one(node, _kg("rule")),
        confidence=float(_one(node, _kg("confidence"))),
        sentence=Span(sentence_start, sentence_end),
        review=_read_review(node),
    )


def _read_review(node: Node) -> Review | None:
    person = _one(node, ATTRIBUTED).removeprefix(vocab.NODE_PREFIXES["reviewer"])
    return Review(unquote(person), _one(node, DECIDED), _one(node, REASON)) if person else None


def _reading_order(evidence: Evidence) -> tuple[str, Span, str]:
    return evidence.document, evidence.span, evidence.rule


# ---------------------------------------------------------------- a part of the records


def supported(extraction: Extraction, keep: Callable[[Evidence], bool]) -> Extraction:
    """The statements that have evidence worth keeping, with that evidence, and the entities they speak of."""
    statements = tuple(
        Statement(s.subject, s.predicate, s.object, kept, s.detail)
        for s in extraction.statements
        if (kept := tuple(filter(keep, s.evidence)))
    )
    spoken_of = {key for statement in statements for key in (statement.subject, statement.object)}
    entities = tuple(entity for entity in extraction.entities if entity.key in spoken_of)
    return Extraction(extraction.documents, entities, statements)


def without(extraction: Extraction, names: Iterable[str]) -> Extraction:
    """The records without these documents and what only they support.

    A name that only a withdrawn document used for an entity stays: records do not say which document used which name.
    """
    gone = frozenset(names)
    rest = supported(extraction, lambda evidence: evidence.document not in gone)
    documents = tuple(document for document in extraction.documents if document.name not in gone)
    return Extraction(documents, rest.entities, rest.statements)
