"""For the site: the ontology as tables, links that leave docs/ as the names of files, and the way to the other language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kg import vocab
from kg.relations import Relation
from kg.terms import Term

OUTSIDE = re.compile(r"\[([^\]]*)\]\((?:\.\./)+([^)]*)\)")
MARK = "<!-- ontology -->"
CHINESE = ".zh.md"


def on_page_markdown(markdown: str, page: Any, files: Any, **_: Any) -> str:
    text = OUTSIDE.sub(r"\1 (`\2`)", markdown).replace(MARK, ontology(page.file.src_path.endswith(CHINESE)))
    name = page.file.src_path
    other, said = (name.replace(CHINESE, ".md"), "English") if name.endswith(CHINESE) else (name[:-3] + CHINESE, "中文")
    return f"[{said}]({other})\n\n{text}" if files.get_file_from_path(other) else text


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """The theme has one language for the whole site; a page in Chinese says so, for readers aloud and for fonts."""
    return output.replace(' lang="en"', ' lang="zh"', 1) if page.file.src_path.endswith(CHINESE) else output


def ontology(chinese: bool = False) -> str:
    """Classes, relations and properties as tables; what is said of each term is in both languages."""
    titles = ("类", "关系", "属性") if chinese else ("Classes", "Relations", "Properties")
    head = "| 术语 | | 含义 | |" if chinese else "| term | | meaning | |"
    parts = zip(titles, (vocab.CLASSES, vocab.RELATIONS, vocab.PROPERTIES), strict=True)
    return "\n\n".join(f"## {title}\n\n{_table(head, terms)}" for title, terms in parts)


def _table(head: str, terms: Iterable[Term]) -> str:
    rows = [head, "|---|---|---|---|"]
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
