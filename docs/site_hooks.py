"""For the site: the ontology as tables, and links that leave docs/ as the names of files of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kg import vocab
from kg.relations import Relation
from kg.terms import Term

OUTSIDE = re.compile(r"\[([^\]]*)\]\((?:\.\./)+([^)]*)\)")
MARK = "<!-- ontology -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    return OUTSIDE.sub(r"\1 (`\2`)", markdown).replace(MARK, ontology())


def ontology() -> str:
    """Classes, relations and properties as tables."""
    parts = (("Classes", vocab.CLASSES), ("Relations", vocab.RELATIONS), ("Properties", vocab.PROPERTIES))
    return "\n\n".join(f"## {title}\n\n{_table(terms)}" for title, terms in parts)


def _table(terms: Iterable[Term]) -> str:
    rows = ["| term | | meaning | |", "|---|---|---|---|"]
    for term in terms:
        above = " ".join(f"⊑ `{name}`" for name in term.broader)
        names = f"`kg:{term.name}` {above}".strip(), f"{term.zh} {term.en}", f"{term.comment_zh} {term.comment_en}"
        rows.append(f"| {' | '.join(names)} | {_ends(term)} |")
    return "\n".join(rows)


def _ends(term: Term) -> str:
    if isinstance(term, Relation):
        return ", ".join(f"{subject} → {target}" for subject, target in term.ends)
    if isinstance(term, vocab.Property):
        return f"{', '.join(term.domain)} → {term.range}"
    return ""
