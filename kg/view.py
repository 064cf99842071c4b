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
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from kg import names
from kg.layout import Place, arrange, opened_at_first
from kg.model import Document, Entity, Evidence, Kind, Quantity, Span, Statement
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
EVIDENCE = ("sentence", "start", "end", "rule", "confidence")
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


def write(
    path: Path, documents: Iterable[Document], entities: Iterable[Entity], statements: Iterable[Statement]
) -> None:
    """Write the page to `path`, as UTF-8."""
    path.write_text(render(documents, entities, statements), encoding="utf-8", newline="\n")


def render(
    documents: Iterable[Document],
    entities: Iterable[Entity],
    statements: Iterable[Statement],
    *,
    title: str = TITLE,
) -> str:
    """The page as one text. The same records give the same text, whatever their order."""
    ordered = sorted(statements, key=_by_content)
    places = arrange(entities, ordered)
    sources = _Sources(documents)
    network = _network((dict(_node(place)) for place in places), (_edge(one, sources) for one in ordered))
    nodes, edges, _heading, _height, _width, options = network.get_network_data()
    data = {
        "kinds": list(Kind),
        "relations": sorted({edge["relation"] for edge in edges}),
        "nodes": _node_columns(nodes),
        "opened": [opaque(place.key) for place in opened_at_first(places)],
        "initials": _initials(places),
        "options": json.loads(options),
    }
    data["facts"] = _fact_columns(edges, data["nodes"]["id"], data["relations"])
    return _page(title, data | sources.tables())


def _network(nodes: Iterable[dict[str, Any]], edges: Iterable[dict[str, Any]]) -> Any:
    """The network as pyvis has it.

    Its lists are filled here: `add_node` and `add_edge` search all of them each time, and 20,000 nodes take 10 s.
    """
    from pyvis.edge import Edge  # type: ignore[import-untyped]  # here, since it loads IPython: only a build waits
    from pyvis.network import Network  # type: ignore[import-untyped]
    from pyvis.node import Node  # type: ignore[import-untyped]

    network = Network()
    network.set_options(json.dumps(OPTIONS))
    network.nodes = [Node(**node).options for node in nodes]
    network.edges = [Edge(**edge).options for edge in edges]
    return network


def _node_columns(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """One list for each field, in the order of the nodes: a browser reads a few long lists sooner than many objects.

    Of a field that few nodes have, the list holds pairs of a node's place in the others and its value.
    """
    place = {node["id"]: index for index, node in enumerate(nodes)}
    kinds = list(Kind)
    return {
        **{field: [node[field] for node in nodes] for field in ("id", "label", "x", "y", "size")},
        "kind": [kinds.index(node["group"]) for node in nodes],
        "parent": [place.get(node.get("parent"), -1) for node in nodes],
        **{
            field: [[index, node[field]] for index, node in enumerate(nodes) if field in node]
            for field in ("disc", "part", "names", "code", "quantity")
        },
    }


def _fact_columns(edges: list[dict[str, Any]], ids: list[str], relations: list[str]) -> dict[str, Any]:
    """The same for facts; of each its ends as places among the nodes, and how many of the pieces of evidence it has."""
    place = {name: index for index, name in enumerate(ids)}
    rank = {relation: index for index, relation in enumerate(relations)}
    pieces = [piece for edge in edges for piece in edge["evidence"]]
    return {
        "subject": [place[edge["from"]] for edge in edges],
        "object": [place[edge["to"]] for edge in edges],
        "relation": [rank[edge["relation"]] for edge in edges],
        "detail": [[index, edge["detail"]] for index, edge in enumerate(edges) if "detail" in edge],
        "pieces": [len(edge["evidence"]) for edge in edges],
        "evidence": {field: [piece[index] for piece in pieces] for index, field in enumerate(EVIDENCE)},
    }


def _node(place: Place) -> Iterator[tuple[str, Any]]:
    """What pyvis's `Node` takes: only the fields that say something."""
    entity = place.entity
    yield "n_id", opaque(place.key)
    yield "shape", "custom"
    yield "label", _safe(entity.name) if entity else ""
    yield "group", place.kind.value
    yield "x", round(place.x, 1)
    yield "y", round(place.y, 1)
    yield "size", place.size
    if place.parent:
        yield "parent", opaque(place.parent.key)
    if place.children:
        yield "disc", [round(place.disc_x, 1), round(place.disc_y, 1), round(place.reach, 1)]
    if entity is None:
        yield "part", place.part
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


def _edge(statement: Statement, sources: _Sources) -> dict[str, Any]:
    """What pyvis's `Edge` takes."""
    edge: dict[str, Any] = {
        "source": opaque(statement.subject),
        "dest": opaque(statement.object),
        "relation": _safe(statement.predicate),
        "evidence": [sources.cite(evidence) for evidence in sorted(statement.evidence, key=_reading_order)],
    }
    if statement.detail:
        edge["detail"] = _safe(statement.detail)
    return edge


def _by_content(statement: Statement) -> tuple[Any, ...]:
    evidence = sorted(map(_reading_order, statement.evidence))
    return statement.subject, statement.predicate, statement.object, statement.detail, evidence


def _reading_order(evidence: Evidence) -> tuple[str, Span, str, float]:
    return evidence.document, evidence.span, evidence.rule, evidence.confidence


class _Sources:
    """The documents, and each of their cited sentences and rules once."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = {document.name: document for document in sorted(documents, key=lambda d: d.name)}
        self._rank = {name: index for index, name in enumerate(self._documents)}
        self._sentences: dict[tuple[str, int, int], int] = {}
        self._rules: dict[str, int] = {}

    def cite(self, evidence: Evidence) -> list[float]:
        """Sentence, where the quote starts and ends in it as displayed, rule, confidence."""
        text = self._documents[evidence.document].text
        start = min(evidence.sentence.start, evidence.span.start)
        end = max(evidence.sentence.end, evidence.span.end)
        sentence = self._sentences.setdefault((evidence.document, start, end), len(self._sentences))
        rule = self._rules.setdefault(evidence.rule, len(self._rules))
        return [sentence, *quoted(text, evidence.span, Span(start, end)), rule, evidence.confidence]

    def tables(self) -> dict[str, Any]:
        """What the citations point to."""
        return {
            "documents": [
                {
                    "id": opaque(document.name),
                    "name": _safe(document.name),
                    "paper": _safe(document.paper),
                    "date": _safe(document.date),
                    "page": _safe(document.page),
                    "section": _safe(document.section),
                    "title": _safe(flow(document.title)),
                }
                for document in self._documents.values()
            ],
            "sentences": {
                "document": [self._rank[name] for name, _, _ in self._sentences],
                "text": [_safe(flow(self._documents[name].text[start:end])) for name, start, end in self._sentences],
            },
            "rules": [_safe(rule) for rule in self._rules],
        }


def _safe(text: str) -> str:
    """The text with each control character replaced by a visible sign; as long as before."""
    return _UNSAFE.sub("\ufffd", text)


def opaque(key: str) -> str:
    """A short name for a key, fit for a URL, the same in every build."""
    return base64.urlsafe_b64encode(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=6).digest()).decode()


def _page(title: str, data: dict[str, Any]) -> str:
    assets = files("kg") / "assets"
    library = (files("pyvis") / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text(encoding="utf-8")
    style = (assets / "page.css").read_text(encoding="utf-8")
    called = {r.name: {"zh": [r.zh, r.inverse[0]], "en": [r.en, r.inverse[1]]} for r in relations()}
    script = f"const RELATIONS = {json.dumps(called, ensure_ascii=False)};\n"
    script += "\n".join((assets / name).read_text(encoding="utf-8") for name in SCRIPTS)
    encoding, inlined = _inlined(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    return Template((assets / "page.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(_safe(title)),
        policy=f"script-src {_digest(library)} {_digest(script)}; style-src {_digest(style)}",
        style=style,
        library=library,
        script=script,
        encoding=encoding,
        data=inlined,
    )


def _inlined(text: str) -> tuple[str, str]:
    """How the data stand in the page, and the data: in plain sight, or deflated in base64 where they are large."""
    if len(text) <= PLAIN_DATA:
        return "plain", text.replace("<", "\\u003c")
    return "deflate", base64.b64encode(zlib.compress(text.encode())).decode()


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
