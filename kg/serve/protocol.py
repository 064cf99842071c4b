"""The query part of the SPARQL 1.1 Protocol: what a request asks, or why it is no good.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


class Refused(Exception):
    """A request that gets no answer: the HTTP status, and the reason in one plain line."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the graphs that the request names for it; `format` is what a link asks for without an Accept header."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


async def asked(request: Request) -> Asked | None:
    """What a GET or POST asks; None for a GET without a query. Raises Refused."""
    pairs = _pairs(request.url.query)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == UPDATE:
            raise Refused(403, "updates are refused: this service only reads")
        if kind not in (FORM, QUERY):
            raise Refused(415, f"a POST to this service is {FORM} or {QUERY}")
        body = _utf8(await request.body())
        pairs += _pairs(body) if kind == FORM else [("query", body)]
    if any(name == "update" for name, _ in pairs):
        raise Refused(403, "updates are refused: this service only reads")
    queries = [value for name, value in pairs if name == "query"]
    if not queries and request.method != "POST":
        return None
    if len(queries) != 1:
        raise Refused(400, f"a request holds one query, not {len(queries)}")

    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    return Asked(queries[0], values("default-graph-uri"), values("named-graph-uri"), *values("format")[:1])


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Refused(400, "the parameters are not UTF-8") from error


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, "the body is not UTF-8") from error
