"""The page to go through what does not fit: one file, no network, nothing that a name or a quote says acts on it.

It makes the file of decisions (`kg.review_decisions`) for the reader to save; it writes nothing itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from string import Template
from typing import Any

from kg import vocab
from kg.model import Extraction, Kind
from kg.read import flow
from kg.review import KINDS, Cited, Finding
from kg.review_decisions import FILE, Decision

MOST_NAMES = 20_000  # that are offered while one writes


def render(content: Extraction, found: Sequence[Finding], decisions: Iterable[Decision]) -> str:
    """The page of these findings, with the decisions that there are already."""
    texts = {document.name: document.text for document in content.documents}
    dates = {document.name: document.date for document in content.documents}
    quantities = {entity.key: entity.quantity for entity in content.entities}

    def cited(one: Cited) -> dict[str, Any]:
        e = one.evidence
        quantity = quantities.get(one.fact.object)
        text = texts[e.document]
        return {
            "says": one.says,
            "fact": list(one.fact[:3]),
            "document": e.document,
            "date": dates[e.document],
            "before": flow(text[e.sentence.start : e.span.start]),
            "quote": flow(e.quote),
            "after": flow(text[e.span.end : e.sentence.end]),
            "value": quantity.value if quantity else None,
            "unit": quantity.unit if quantity else None,
            "measure": quantity.measure if quantity else None,
        }

    data = {
        "file": FILE,
        "findings": [
            {"id": f.id, "kind": list(KINDS[f.kind]), "about": f.about, "cited": [cited(c) for c in f.cited]}
            for f in found
        ],
        "decisions": [dict(decision.said) for decision in decisions],
        "documents": sorted(texts),
        "classes": {str(term.name): [term.zh, term.en] for term in vocab.CLASSES if term.name in set(Kind)},
        "relations": {r.name: [r.zh, r.en, [list(ends) for ends in r.ends]] for r in vocab.RELATIONS},
        "names": sorted(f"{e.kind}/{e.name}" for e in content.entities if e.kind != Kind.METRIC)[:MOST_NAMES],
    }
    assets = files("kg") / "assets"
    style, script = ((assets / f"review.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return Template((assets / "review.html").read_text(encoding="utf-8")).substitute(
        policy=f"script-src {_digest(script)}; style-src {_digest(style)}",
        style=style,
        script=script,
        data=json.dumps(data).replace("<", "\\u003c"),  # in ASCII; the script shows what is no text as a sign
        findings=len(found),
        documents=len(texts),
    )


def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
