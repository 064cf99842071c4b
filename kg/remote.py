"""SPARQL endpoints and graph stores of any make, over HTTP.

Who asks is told by the environment: TONGBAO_USER and TONGBAO_PASSWORD (basic or digest, as the server wants it), or
TONGBAO_TOKEN (bearer).
"""

from __future__ import annotations

import http.client
import os
import re
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from kg import vocab
from kg.answer import Answer
from kg.errors import Problem

USER, PASSWORD, TOKEN = "TONGBAO_USER", "TONGBAO_PASSWORD", "TONGBAO_TOKEN"
TIMEOUT = 300  # seconds without a byte
WAITS = (1, 2, 4, 8, 16)  # seconds before a request is tried again
LONGEST_WAIT = 60
MOST_ROWS = "X-SPARQL-MaxRows"  # what Virtuoso says where an answer has as many rows as it gives at most
FOR_NOW = (408, 425, 429, 502, 503, 504)  # the same request may well succeed later
EVERYTHING = ox.NamedNode(vocab.BASE + "graph")
"""The graph of a remote store that holds every statement once, as the default graph of a build does."""


class Refused(Problem):
    """A server does not do what it is asked for; `status` is that of HTTP, `reason` what the server says."""

    def __init__(self, url: str, status: int, reason: str) -> None:
        super().__init__(f"{url}: {status} {reason}")
        self.status = status
        self.reason = reason


class Cut(Problem):
    """A server gives a part of an answer only."""


@dataclass(frozen=True, slots=True)
class Received:
    """What a server has answered: the media type, the content, and the rows after which it has cut them off, if it says so."""

    media: str
    content: bytes
    most_rows: int | None = None


class Client:
    """Sends requests, again where the server cannot answer for now (`waits` are the seconds between).

    Raises Refused, or Problem for one not reached.
    """

    def __init__(
        self,
        pause: Callable[[float], None] = time.sleep,
        environment: Mapping[str, str] = os.environ,
        waits: Sequence[float] = WAITS,
    ) -> None:
        self._pause = pause
        self._waits = waits
        self._user, self._password = environment.get(USER, ""), environment.get(PASSWORD, "")
        self._token = environment.get(TOKEN, "")

    def send(
        self, method: str, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Received:
        """The answer to a request."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise Problem(f"{url}: not an address that begins with http:// or https://")
        told = dict(headers or {}) | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        request = urllib.request.Request(url, data, told, method=method)
        opener = self._opener(url)
        for wait in (*self._waits, None):
            try:
                with opener.open(request, timeout=TIMEOUT) as answer:
                    most = answer.headers.get(MOST_ROWS, "")
                    kind = answer.headers.get_content_type()
                    return Received(kind, answer.read(), int(most) if most.isdecimal() else None)
            except HTTPError as error:
                with error:
                    said = error.read(2000).decode("utf-8", "replace")
                if error.code not in FOR_NOW or wait is None:
                    raise Refused(url, error.code, _first_line(said) or error.reason) from error
                asked = error.headers.get("Retry-After", "")
                wait = min(int(asked), LONGEST_WAIT) if asked.isdecimal() else wait
            except TimeoutError as error:
                raise Problem(f"{url}: no answer in {TIMEOUT} s") from error
            except (URLError, OSError, http.client.HTTPException) as error:
                if wait is None:
                    raise Problem(
                        f"{url}: {getattr(error, 'reason', None) or error or type(error).__name__}"
                    ) from error
            self._pause(wait)
        raise AssertionError("unreachable")

    def _opener(self, url: str) -> urllib.request.OpenerDirector:
        """One that answers this server when it asks who we are, and follows it nowhere else."""
        known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if self._user:
            known.add_password(None, url, self._user, self._password)
        return urllib.request.build_opener(
            urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known), _Stay()
        )


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _first_line(said: str) -> str:
    return next(filter(None, (line.strip() for line in re.sub(r"<[^>]*>", " ", said).splitlines())), "")


# ---------------------------------------------------------------- asking

# A query whose answer is a graph: Virtuoso gives whatever form it is asked for.
_GRAPH = re.compile(r"(?:\s|#.*|PREFIX\s+[^<]*<[^>]*>|BASE\s*<[^>]*>)*(?:CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)


class Endpoint:
    """A SPARQL endpoint, asked as a store is. Where `kg push` has filled it, each statement counts once."""

    def __init__(self, url: str, client: Client | None = None) -> None:
        self._url = url
        self._client = client or Client()
        self._graphs: dict[str, list[str]] | None = None

    def query(
        self,
        sparql: str,
        *,
        prefixes: Mapping[str, str],
        substitutions: Mapping[ox.Variable, ox.NamedNode] | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """The answer of the endpoint, over these graphs where any are given.

        A variable that is substituted must be among those of a SELECT. Raises Cut where the endpoint gives a part of
        the answer only, Refused for a query that it does not take, Problem where it cannot be asked.
        """
        head = f"BASE <{vocab.BASE}>\n" + "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
        tail = "".join(f"\nVALUES {variable} {{ {term} }}" for variable, term in (substitutions or {}).items())
        if default_graphs or named_graphs:
            given = {"default-graph-uri": default_graphs, "named-graph-uri": named_graphs}
            return self._ask(head + sparql + tail, given)
        if self._graphs is None:
            held = self.contains_named_graph(EVERYTHING)
            self._graphs = {"default-graph-uri": [EVERYTHING.value]} if held else {}
        names_its_graphs = re.search(r"\bFROM\s*(NAMED\s*)?[<\w]", sparql, re.IGNORECASE)
        return self._ask(head + sparql + tail, {} if names_its_graphs else self._graphs)

    def contains_named_graph(self, graph: ox.NamedNode) -> bool:
        """Whether the endpoint has a graph of this name."""
        return bool(self._ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}", {}))

    def _ask(self, sparql: str, graphs: Mapping[str, Sequence[str]]) -> Answer:
        accept = (
            "application/n-triples, text/turtle;q=0.9" if _GRAPH.match(sparql) else "application/sparql-results+json"
        )
        form = urlencode({"query": sparql, **graphs}, doseq=True).encode()
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        received = self._client.send("POST", self._url, form, headers)
        if received.most_rows is not None and not _asks_for_few(sparql, received.most_rows):
            raise Cut(f"the endpoint gives {received.most_rows} rows at most, and this has more: ask for fewer (LIMIT)")
        try:
            if results := ox.QueryResultsFormat.from_media_type(received.media):
                return ox.parse_query_results(received.content, format=results)
            if graph := ox.RdfFormat.from_media_type(received.media):
                held = ox.Store()
                held.load(received.content, format=graph)
                triples = held.query("CONSTRUCT WHERE { ?s ?p ?o }")
                assert isinstance(triples, ox.QueryTriples)
                return triples
        except (SyntaxError, ValueError) as error:
            raise Problem(f"{self._url}: an answer that cannot be read: {error}") from error
        raise Problem(f"{self._url}: no answer to a query, but {received.media}")


def _asks_for_few(sparql: str, rows: int) -> bool:
    """Whether a query says itself that it wants so many rows at most."""
    said = re.search(r"\bLIMIT\s+(\d+)[^{}]*$", sparql, re.IGNORECASE)
    return said is not None and int(said[1]) <= rows
