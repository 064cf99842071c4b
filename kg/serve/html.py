"""HTML from templates. Everything is escaped, and what would hide or turn the text around it is made visible."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from kg import vocab
from kg.errors import one_line
from kg.serve import words

# The marks of the classes, as in the network page: paths around 0, 0.
SHAPES = {
    "Region": "M0-1.08L.935-.54V.54L0 1.08-.935.54V-.54Z",
    "Unit": "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
    "Campaign": "M0-1.18L1.18 0 0 1.18-1.18 0Z",
    "Person": "M0-1.25L1.083.625H-1.083Z",
    "Award": "M0-1.3L.329-.453 1.236-.402.533.173.764 1.052 0 .56-.764 1.052-.533.173-1.236-.402-.329-.453Z",
    "Policy": "M-.8-1.05H.35L.8-.6V1.05H-.8Z",
    "Facility": "M0-1.1L1.05-.15V.95H-1.05V-.15Z",
    "Metric": "M.884-.884V.884H-.884V-.884Z",
    "Document": "M-.8-1.05H.35L.8-.6V1.05H-.8Z",
}


_GAP = re.compile(r"\n\s*\n\s*\n")  # more than one empty line


class View(TypedDict):
    """Who looks: the language of the page (one of `words.LANGUAGES`), its own address, and whether there is a network page."""

    language: str
    here: str
    has_network: bool


def visible(text: str) -> str:
    """The text with controls and signs that turn the direction of text made spaces; line breaks stay.

    >>> visible("a\\u202eb\\nc")
    'a b\\nc'
    """
    return "\n".join(map(one_line, text.split("\n")))


def address(iri: str) -> str:
    """Where the service shows the thing with this IRI.

    >>> address("https://w3id.org/tongbao/unit/某局")
    '/unit/%E6%9F%90%E5%B1%80'
    >>> address("https://example.org/a?b")
    '/resource?iri=https%3A//example.org/a%3Fb'
    """
    if iri.startswith(vocab.KG) or iri == vocab.KG.removesuffix("#"):
        return f"/ns{iri.removeprefix(vocab.KG.removesuffix('#'))}"
    if iri.startswith(vocab.BASE):
        return f"/{quote(iri.removeprefix(vocab.BASE), safe='/%')}"
    return f"/resource?iri={quote(iri)}"


def render(template: str, view: View, **values: Any) -> bytes:
    """A template with its values."""
    other = next(language for language in words.LANGUAGES if language != view["language"])
    parts = urlsplit(view["here"])
    switch = f"{parts.path}?{urlencode([*parse_qsl(parts.query), ('lang', other)])}"
    shown = _environment(view["language"]).get_template(template)
    filled = shown.render(values, switch=switch, has_network=view["has_network"])
    return filled.encode("utf-8", "replace")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: (files("kg") / "assets" / "serve" / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals = {
        "t": lambda key, *values: words.word(language, key, *values),
        "language": language,
        "class_name": lambda kind: words.class_name(language, kind),
        "relation_name": lambda relation, inverse=False: words.relation_name(language, relation, inverse),
        "column_name": lambda variable: words.column_name(language, variable),
        "address": address,
        "shapes": SHAPES,
    }
    environment.filters = environment.filters | {
        "close": lambda text: _GAP.sub("\n\n", text),
        "number": words.number,
        "change": words.change,
        "amount": lambda figure: words.amount(language, figure),
    }
    return environment


def _shown(value: Any) -> Any:
    """What a template prints for a value."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return "" if value is None else value
