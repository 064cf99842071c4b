"""The network page: one HTML file that works offline, with the sentences that say so behind every node and line.

pyvis makes the network: its lists of nodes and edges, its options and the vis-network library it brings. The page
around it (`assets/`) is ours, because pyvis's own asks other hosts for files. A Content-Security-Policy allows only
the scripts and the style of this page, each by its digest.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from itertools import accumulate, chain, islice
from pathlib import Path
from string import Template
from typing import Any, BinaryIO, NamedTuple

from kg import names
from kg.layout import Place, arrange, opened_at_first
from kg.model import Document, Entity, Evidence, Kind, Quantity, Span, Statement
from kg.notes import Fact
from kg.read import flow, quoted
from kg.relations import relations

PLAIN_DATA = 1_000_000  # characters
TITLE = "通报 · 官方新闻知识图谱"
SCRIPTS = (
    "strings.js",
    "model.js",
    "search.js",
    "state.js",
    "svg.js",
    "canvas.js",
    "panel.js",
    "filters.js",
    "page.js",
)
AT_ONCE = 10_000  # items of a column that are text at a time
NODE_FIELDS = ("id", "label", "x", "y", "size")
RARE_NODE_FIELDS = ("disc", "part", "names", "code", "quantity")
OPTIONS = {
    "physics": False,
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom", "borderWidth": 0},
    "edges": {"smooth": False, "selectionWidth": 1, "hoverWidth": 0, "arrows": {"to": {"scaleFactor": 0.4}}},
    "interaction": {"hover": True, "dragNodes": False, "multiselect": False, "selectConnectedEdges": True},
}

# Controls that reorder or hide text around them, and half characters that no encoding can hold.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Piece(NamedTuple):
    """A piece of evidence: where its quote stands in the text of a document, and the sentence around it."""

    document: str
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Content:
    """What a page holds.

    `facts` are all its facts with the number of pieces of evidence, `evidence` the pieces of each, in any order.
    `documents` gives those of the names that it is called with, one by one, in that order. `all` counts the facts and
    the pieces of evidence of the whole graph, where the page does not hold all of them.
    """

    entities: Iterable[Entity]
    facts: Mapping[Fact, int]
    evidence: Iterable[tuple[Fact, Iterable[Piece]]]
    documents: Callable[[Sequence[str]], Iterable[Document]]
    all: tuple[int, int] | None = None


def gathered(documents: Iterable[Document], entities: Iterable[Entity], statements: Iterable[Statement]) -> Content:
    """The content of these records, all in memory."""
    pieces: defaultdict[Fact, list[Piece]] = defaultdict(list)
    for one in statements:
        pieces[one.subject, one.predicate, one.object, one.detail] += map(_piece, one.evidence)
    texts = {document.name: document for document in documents}
    counts = {fact: len(found) for fact, found in pieces.items()}
    return Content(entities, counts, pieces.items(), lambda names: (texts[name] for name in names))


def _piece(evidence: Evidence) -> Piece:
    span, sentence = evidence.span, evidence.sentence
    places = span.start, span.end, sentence.start, sentence.end
    return Piece(evidence.document, *places, evidence.rule, evidence.confidence)


def render(documents: Iterable[Document], entities: Iterable[Entity], statements: Iterable[Statement]) -> str:
    """The page of these records as one text. The same records give the same text, whatever their order."""
    file = BytesIO()
    _write(file, gathered(documents, entities, statements))
    return file.getvalue().decode()


def write(path: Path, content: Content) -> None:
    """Write the page to `path`, as UTF-8. Of the documents, one text at a time is in memory."""
    with path.open("wb") as file:
        _write(file, content)


def _write(file: BinaryIO, content: Content) -> None:
    from pyvis.network import Network  # type: ignore[import-untyped]  # here, since it loads IPython: only a build waits

    network = Network()
    network.set_options(json.dumps(OPTIONS))
    places = arrange(content.entities, content.facts)
    *_, options = network.get_network_data()
    columns = _node_columns(places)
    facts = _Facts(content, {place.key: index for index, place in enumerate(places)})
    data: dict[str, Any] = {
        "kinds": list(Kind),
        "nodes": columns,
        "opened": [opaque(place.key) for place in opened_at_first(places)],
        "initials": _initials(places),
        "options": json.loads(options),
        "all": content.all,
    }
    del places, columns
    before, after = _frame()
    file.write(before)
    file.writelines(_block("sentences", _column(facts.sentences(content.documents))))
    file.writelines(_block("data", _json({**data, **facts.columns()}.items())))
    file.write(after)


def _node_columns(places: Sequence[Place]) -> dict[str, Any]:
    """One list for each field, in the order of the nodes: a browser reads a few long lists sooner than many objects.

    Of a field that few nodes have, the list holds pairs of a node's place in the others and its value. pyvis makes each
    node; its own lists are not used, since `add_node` searches all of them each time, and 20,000 nodes take 10 s.
    """
    from pyvis.node import Node  # type: ignore[import-untyped]

    index = {place.key: number for number, place in enumerate(places)}
    kinds = list(Kind)
    columns: dict[str, Any] = {field: [] for field in (*NODE_FIELDS, "kind", "parent", *RARE_NODE_FIELDS)}
    for number, place in enumerate(places):
        node = Node(**dict(_node(place))).options
        for field in NODE_FIELDS:
            columns[field].append(node[field])
        columns["kind"].append(kinds.index(node["group"]))
        columns["parent"].append(index[place.parent.key] if place.parent else -1)
        for field in RARE_NODE_FIELDS:
            if field in node:
                columns[field].append([number, node[field]])
    return columns


class _Facts:
    """The facts in the order of their content, as columns of numbers; their evidence, and the sentences it stands in.

    The evidence of all facts is in one row, each fact's in the order of reading.
    """

    def __init__(self, content: Content, nodes: Mapping[str, int]) -> None:
        from pyvis.edge import Edge  # type: ignore[import-untyped]

        order = sorted(content.facts)
        self._relations = sorted({relation for _, relation, _, _ in order})
        rank = {relation: index for index, relation in enumerate(self._relations)}
        self._edges: dict[str, Any] = {
            "subject": array("i"),
            "object": array("i"),
            "relation": array("i"),
            "detail": [],
        }
        for index, (subject, relation, target, detail) in enumerate(order):
            edge = Edge(nodes[subject], nodes[target], relation=rank[relation]).options
            self._edges["subject"].append(edge["from"])
            self._edges["object"].append(edge["to"])
            self._edges["relation"].append(edge["relation"])
            if detail:
                self._edges["detail"].append([index, _safe(detail)])
        self._edges["pieces"] = array("i", map(content.facts.__getitem__, order))
        self._sources = array("i")  # of each sentence, the place of its document
        self._documents: list[dict[str, str]] = []
        self._take(content, dict(zip(order, accumulate(self._edges["pieces"], initial=0), strict=False)))

    def _take(self, content: Content, first: Mapping[Fact, int]) -> None:
        """Take the evidence; of each fact, the first piece stands at the number `first` gives."""
        total = sum(self._edges["pieces"])
        self._places = {name: array("i", [0]) * total for name in ("start", "end", "from", "to", "rule", "sentence")}
        self._confidence = array("d", [0.0]) * total
        self._rules: dict[str, int] = {}
        self._cited: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        for fact, pieces in content.evidence:
            for at, piece in enumerate(sorted(pieces), first[fact]):
                self._cited[piece.document].append(at)
                self._places["start"][at], self._places["end"][at] = piece.start, piece.end
                self._places["from"][at] = min(piece.start, piece.sentence_start)
                self._places["to"][at] = max(piece.end, piece.sentence_end)
                self._places["rule"][at] = self._rules.setdefault(piece.rule, len(self._rules))
                self._confidence[at] = piece.confidence

    def sentences(self, documents: Callable[[Sequence[str]], Iterable[Document]]) -> Iterator[str]:
        """Each sentence cited, as displayed; notes the document of each, and where the quotes stand in it."""
        start, end, first, last, sentence = (self._places[name] for name in ("start", "end", "from", "to", "sentence"))
        for document in documents(sorted(self._cited)):
            spans: dict[Span, int] = {}
            for at in sorted(self._cited[document.name], key=lambda at: (first[at], last[at])):
                whole = Span(first[at], last[at])
                if whole not in spans:
                    spans[whole] = len(self._sources)
                    self._sources.append(len(self._documents))
                    yield _safe(flow(document.text[whole.start : whole.end]))
                sentence[at] = spans[whole]
                start[at], end[at] = quoted(document.text, Span(start[at], end[at]), whole)
            self._documents.append(_head(document))

    def columns(self) -> dict[str, Any]:
        """All but the sentences, which must have been taken before."""
        rules = sorted(self._rules)
        rank = {self._rules[rule]: index for index, rule in enumerate(rules)}
        evidence = {name: self._places[name] for name in ("sentence", "start", "end")}
        evidence |= {"rule": array("i", map(rank.__getitem__, self._places["rule"])), "confidence": self._confidence}
        return {
            "relations": [_safe(relation) for relation in self._relations],
            "sources": self._sources,
            "documents": self._documents,
            "rules": [_safe(rule) for rule in rules],
            "facts": {**self._edges, "evidence": evidence},
        }


def _head(document: Document) -> dict[str, str]:
    return {
        "id": opaque(document.name),
        "name": _safe(document.name),
        "paper": _safe(document.paper),
        "date": _safe(document.date),
        "page": _safe(document.page),
        "section": _safe(document.section),
        "title": _safe(flow(document.title)),
    }


def _node(place: Place) -> Iterator[tuple[str, Any]]:
    """What pyvis's `Node` takes: only the fields that say something."""
    entity = place.entity
    yield "n_id", opaque(place.key)
    yield "shape", "custom"
    yield "label", _safe(entity.name) if entity else place.division.name if place.division else ""
    yield "group", place.kind.value
    yield "x", round(place.x, 1)
    yield "y", round(place.y, 1)
    yield "size", place.size
    if place.children:
        yield "disc", [round(place.disc_x, 1), round(place.disc_y, 1), round(place.reach, 1)]
    if entity is None:
        yield "part", place.part
        if place.division:
            yield "code", place.division.gb_code
        return
    if entity.names:
        yield "names", [_safe(name) for name in sorted(entity.names)]
    if entity.code:
        yield "code", _safe(entity.code)
    if entity.quantity:
        yield "quantity", _quantity(entity.quantity)


def _initials(places: Iterable[Place]) -> dict[str, str]:
    """Of the characters of these names, those that a letter may stand for (`names.initials`)."""
    entities = [place.entity for place in places if place.entity]
    texts = (text for one in entities for text in (one.name, *one.names, one.quantity.measure if one.quantity else ""))
    used = set("".join(map(names.plain, texts)))
    return {letter: "".join(filter(used.__contains__, known)) for letter, known in names.initials().items()}


def _quantity(quantity: Quantity) -> list[Any]:
    """Measure, value, unit, qualifier, as stated, change and period, the texts made safe."""
    return [
        _safe(quantity.measure),
        quantity.value,
        _safe(quantity.unit),
        quantity.qualifier,
        _safe(quantity.as_stated),
        quantity.change,
        _safe(quantity.period),
    ]


def _safe(text: str) -> str:
    """The text with each control character replaced by a visible sign; as long as before."""
    return _UNSAFE.sub("\ufffd", text)


def opaque(key: str) -> str:
    """A short name for a key, fit for a URL, the same in every build."""
    return base64.urlsafe_b64encode(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=6).digest()).decode()


def _block(name: str, text: Iterator[str]) -> Iterator[bytes]:
    """Data as an element of the page: in plain sight, or deflated in base64 where they are large."""
    held: list[str] = []
    size = 0
    for piece in text:
        held.append(piece)
        size += len(piece)
        if size > PLAIN_DATA:
            encoding, content = "deflate", _deflated(chain(held, text))
            break
    else:
        encoding, content = "plain", (piece.replace("<", "\\u003c").encode() for piece in held)
    yield f'<script type="application/json" id="{name}" data-encoding="{encoding}">'.encode()
    yield from content
    yield b"</script>\n"


def _deflated(text: Iterable[str]) -> Iterator[bytes]:
    packer, rest = zlib.compressobj(), b""
    for piece in chain(text, (None,)):
        rest += packer.flush() if piece is None else packer.compress(piece.encode())
        ready = len(rest) if piece is None else len(rest) // 3 * 3
        yield base64.b64encode(rest[:ready])
        rest = rest[ready:]


def _json(fields: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """The fields as JSON, in pieces: of a long column, only a part is text at a time."""
    before = "{"
    for name, value in fields:
        yield f"{before}{_dumped(name)}:"
        yield from _json(value.items()) if isinstance(value, dict) else _column(value)
        before = ","
    yield "}"


def _column(value: Any) -> Iterator[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        yield _dumped(value)
        return
    items, before = iter(value), "["
    while part := list(islice(items, AT_ONCE)):
        yield f"{before}{_dumped(part)[1:-1]}"
        before = ","
    yield "]" if before == "," else "[]"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _frame() -> tuple[bytes, bytes]:
    """The page before and after its data."""
    assets = files("kg") / "assets"
    library = (files("pyvis") / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text(encoding="utf-8")
    style = (assets / "page.css").read_text(encoding="utf-8")
    called = {r.name: {"zh": [r.zh, r.inverse[0]], "en": [r.en, r.inverse[1]]} for r in relations()}
    script = f"const RELATIONS = {json.dumps(called, ensure_ascii=False)};\n"
    script += "\n".join((assets / name).read_text(encoding="utf-8") for name in SCRIPTS)
    before, after = (assets / "page.html").read_text(encoding="utf-8").split("$data\n")
    values = {
        "title": html.escape(TITLE),
        "policy": f"script-src {_digest(library)} {_digest(script)}; style-src {_digest(style)}",
        "style": style,
        "library": library,
        "script": script,
    }
    return Template(before).substitute(values).encode(), Template(after).substitute(values).encode()


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
