"""The web service: which request goes to which worker, and what may leave it.

It never touches the store itself: queries of users run in one pool of workers, pages in another, so that neither waits
for the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from kg import __version__, graph, pipeline, vocab
from kg.serve import html, protocol
from kg.serve.guard import Guard
from kg.serve.limits import Limits
from kg.serve.media import GRAPHS, HTML, RESULTS, XLSX, Media, accepted, named
from kg.serve.metrics import Metrics
from kg.serve.pool import Pool, Stopped, store_version
from kg.serve.protocol import Refused
from kg.serve.wire import Reply, Task
from kg.serve.words import LANGUAGES

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
PAGES = Limits(seconds=15.0, workers=4, short=15.0)
# Queries whose answer changes while the store does not.
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
_YEAR = 365 * 24 * 3600
_STATUS = {"time": 503, "memory": 500, "busy": 503}
log = logging.getLogger("kg.serve")


@dataclass(frozen=True, slots=True)
class Settings:
    """What to serve and to whom.

    `endpoint` is a SPARQL store elsewhere that is asked instead of the build in `folder`. `hosts` are the names by which the service may be called (none: any), so that a page of another site cannot reach
    it by a name of its own. `origins` are the sites whose scripts may read it.
    """

    folder: Path
    limits: Limits = field(default_factory=Limits)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    endpoint: str = ""

    @property
    def place(self) -> Path | str:
        return self.endpoint or self.folder


def application(settings: Settings) -> Starlette:
    """The service as an ASGI application."""
    return Service(settings).application()


class Service:
    """The service on one folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.queries = Pool(settings.place, settings.limits)
        limits = replace(PAGES, memory=settings.limits.memory, answer=settings.limits.answer)
        self.pages = Pool(settings.place, limits, None if settings.endpoint else Task("warm"))
        self.assets = _assets()

    def application(self) -> Starlette:
        routes = [
            Route("/", self.home),
            Route("/search", self.search),
            Route("/suggest", self.suggest),
            Route("/query", self.query),
            Route("/figures", self.figures),
            Route("/ns", self.vocabulary),
            Route("/graph", self.network),
            Route("/resource", self.any_resource),
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
            Route("/data", self.data),
            Route("/void", self.void),
            Route("/.well-known/void", self.void),
            Route("/health", self.health),
            Route("/metrics", self.counts),
            Route("/assets/{name}", self.asset),
            Route("/{kind}/{name:path}", self.resource),
        ]
        middleware = [Middleware(Guard, self.metrics)]
        if self.settings.hosts:
            middleware.append(Middleware(TrustedHostMiddleware, list(self.settings.hosts), www_redirect=False))
        if self.settings.origins:
            origins, methods = list(self.settings.origins), ["GET", "POST"]
            cors = Middleware(CORSMiddleware, allow_origins=origins, allow_methods=methods, expose_headers=["ETag"])
            middleware.append(cors)
        middleware.append(Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5))
        handlers = {Refused: self.refused, Stopped: self.stopped, HTTPException: self.failed}
        app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=self.lifespan)
        app.router.redirect_slashes = False
        app.state.has_network = not self.settings.endpoint
        return app

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(self.pages.start(), self.queries.start())
        yield
        await asyncio.gather(self.pages.close(), self.queries.close())

    # ------------------------------------------------------------ the SPARQL protocol

    async def sparql(self, request: Request) -> Response:
        """A query; without one, the description of this endpoint."""
        asked = await protocol.asked(request)
        header = request.headers.get("accept", "")
        if asked is None:
            media = self._negotiated(request, (*GRAPHS, HTML))
            if media[0] is HTML:
                return RedirectResponse("/query", 303)
            return await self._described(request, "service", media)
        chosen = accepted(header, (*RESULTS, *GRAPHS, HTML))
        if request.method != "POST" and chosen and chosen[0] is HTML and not asked.format:
            return RedirectResponse(f"/query?{urlencode({'query': asked.query})}", 303)
        results, graphs, save = _formats(header, asked.format)
        given = {
            "query_text": asked.query,
            "default_graphs": asked.default_graphs,
            "named_graphs": asked.named_graphs,
            "results": results,
            "graphs": graphs,
            "save": save,
        }
        is_lasting = request.method != "POST" and not _VOLATILE.search(asked.query)
        return await self._answer(request, self.queries, Task("ask", given), "Accept" if is_lasting else "")

    async def data(self, request: Request) -> Response:
        """A graph of the store, or all of it (SPARQL 1.1 Graph Store HTTP Protocol, reads)."""
        media = self._negotiated(request, GRAPHS)
        iri = request.query_params.get("graph", "")
        if self.settings.endpoint and not iri:
            raise Refused(404, "the whole graph is to be had from the store that this service asks")
        whole = self.settings.folder / pipeline.TURTLE
        if not iri and media[0] is GRAPHS[0] and whole.exists():
            return _file(request, whole, f"{media[1]}; charset=utf-8", {"Vary": "Accept"})
        task = Task("graph", {"iri": iri, "wanted": (media[0].name, media[1])})
        return await self._answer(request, self.queries, task, "Accept")

    async def void(self, request: Request) -> Response:
        return await self._described(request, "void", self._negotiated(request, GRAPHS))

    async def _described(self, request: Request, task: str, media: tuple[Media, str]) -> Response:
        given = {"base": str(request.base_url).rstrip("/"), "wanted": (media[0].name, media[1])}
        return await self._answer(request, self.pages, Task(task, given), "Accept, Host")

    # ------------------------------------------------------------ pages

    async def home(self, request: Request) -> Response:
        return await self._page(request, "home", {})

    async def search(self, request: Request) -> Response:
        values = request.query_params
        given = {"text": values.get("q", ""), "kind": values.get("kind", ""), "number": _number(values.get("page"))}
        return await self._page(request, "search", given)

    async def suggest(self, request: Request) -> Response:
        values = request.query_params
        task = Task("suggest", {"text": values.get("q", ""), "kind": values.get("kind", "")})
        return await self._answer(request, self.pages, task)

    async def query(self, request: Request) -> Response:
        """The page of questions; its queries run among those of users, under their limits."""
        values = dict(request.query_params)
        given = {"name": values.get("question", ""), "text": values.get("query", ""), "values": values}
        pool = self.queries if given["name"] or given["text"] else self.pages
        return await self._page(request, "query", {**given, "form": values.get("format", "")}, pool)

    async def figures(self, request: Request) -> Response:
        values = dict(request.query_params)
        given = {"choice": values, "number": _number(values.get("page")), "form": values.get("format", "")}
        return await self._page(request, "figures", given)

    async def vocabulary(self, request: Request) -> Response:
        media = self._negotiated(request, (HTML, *GRAPHS))
        if media[0] is HTML:
            return await self._page(request, "vocabulary", {})
        return await self._answer(
            request, self.pages, Task("ontology", {"wanted": (media[0].name, media[1])}), "Accept"
        )

    async def network(self, request: Request) -> Response:
        """The network page of the build, under the policy that it carries itself."""
        path = self.settings.folder / pipeline.PAGE
        if self.settings.endpoint:
            raise Refused(404, "the network page belongs to a build; this service asks a store elsewhere")
        if not path.exists():
            raise HTTPException(404)
        with path.open(encoding="utf-8") as file:
            policy = _POLICY.search(file.read(4096))
        headers = {"Content-Security-Policy": f"{policy[1] if policy else PAGE_POLICY}; frame-ancestors 'none'"}
        return _file(request, path, "text/html; charset=utf-8", headers)

    async def resource(self, request: Request) -> Response:
        """A thing of the graph, by the path of its IRI."""
        kind, name = request.path_params["kind"], request.path_params["name"]
        if kind not in vocab.NODE_PREFIXES or not name:
            raise HTTPException(404)
        iri = graph.document_iri(name).value if kind == "document" else f"{vocab.NODE_PREFIXES[kind]}{name}"
        return await self._thing(request, iri)

    async def any_resource(self, request: Request) -> Response:
        """A thing by its whole IRI, also one of another site."""
        iri = request.query_params.get("iri", "")
        if iri.startswith(vocab.BASE):
            return RedirectResponse(html.address(iri), 303)
        return await self._thing(request, iri)

    async def _thing(self, request: Request, iri: str) -> Response:
        media = self._negotiated(request, (HTML, *GRAPHS))
        if media[0] is not HTML:
            task = Task("describe", {"iri": iri, "wanted": (media[0].name, media[1])})
            return await self._answer(request, self.pages, task, "Accept")
        values = request.query_params
        relation = "unstated" if "unstated" in values else values.get("relation", "")
        given = {
            "iri": iri,
            "relation": relation.removeprefix("~"),
            "inverse": relation.startswith("~"),
            "number": _number(values.get("page")),
        }
        return await self._page(request, "resource", given)

    async def _page(
        self, request: Request, name: str, given: Mapping[str, object], pool: Pool | None = None
    ) -> Response:
        """A page in the language of the reader, who may ask for another in the address; that is remembered."""
        task = Task(name, {**given, "view": _view(request)})
        response = await self._answer(request, pool or self.pages, task, "Accept, Cookie")
        wanted = request.query_params.get("lang", "")
        if wanted in LANGUAGES:
            response.set_cookie("lang", wanted, max_age=_YEAR, samesite="lax", httponly=True)
        return response

    # ------------------------------------------------------------ the service itself

    async def health(self, request: Request) -> Response:
        is_there = bool(store_version(self.settings.place))
        if self.settings.endpoint:
            is_there = (await self.pages.run(Task("alive"))).status == 200
        return JSONResponse(
            {"status": "ok" if is_there else "no graph", "version": __version__}, 200 if is_there else 503
        )

    async def counts(self, request: Request) -> Response:
        return Response(self.metrics.text(self.queries.running), media_type="text/plain; version=0.0.4")

    async def asset(self, request: Request) -> Response:
        if request.path_params["name"] not in self.assets:
            raise HTTPException(404)
        kind, content = self.assets[request.path_params["name"]]
        return _fresh(request, _tag(content)) or Response(content, media_type=kind, headers={"ETag": _tag(content)})

    # ------------------------------------------------------------ answers

    async def _answer(self, request: Request, pool: Pool, task: Task, vary: str = "") -> Response:
        """What a worker replies; with `vary` (headers that change it), an answer that a client may keep and ask for again."""
        headers = {"Vary": vary} if vary else {}
        tag = _tag(f"{__version__} {store_version(self.settings.place)} {task.line()!r}".encode()) if vary else ""
        if tag and (unchanged := _fresh(request, tag)):
            unchanged.headers.update(headers)
            return unchanged
        reply = await _while_connected(request, pool.run(task, request.client.host if request.client else ""))
        if reply.trouble:
            log.error("%s: %s", task.name, reply.trouble)
        if tag and reply.status == 200:
            headers |= {"ETag": tag, "Cache-Control": "no-cache"}
        if reply.filename:
            headers["Content-Disposition"] = f'attachment; filename="{reply.filename}"'
        if reply.type.startswith("text/html"):
            headers["Content-Security-Policy"] = PAGE_POLICY
        response = Response(reply.body, reply.status, headers)
        response.headers["Content-Type"] = reply.type
        return response

    def _negotiated(self, request: Request, offered: Sequence[Media]) -> tuple[Media, str]:
        """The format that a request asks for, by `format` in a link or by its Accept header. Raises Refused."""
        by_link = named(request.query_params.get("format", ""), offered)
        chosen = (by_link, by_link.type) if by_link else accepted(request.headers.get("accept", ""), offered)
        if chosen is None:
            raise Refused(406, f"this can be had as {', '.join(media.type for media in offered)}")
        return chosen

    async def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return _told(request, error.status, error.reason)

    async def stopped(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Stopped)
        self.metrics.stopped[error.cause] += 1
        response = _told(request, _STATUS[error.cause], error.reason)
        if error.cause == "busy":
            response.headers["Retry-After"] = "5"
        return response

    async def failed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = _told(request, error.status_code, "" if error.status_code == 404 else error.detail)
        response.headers.update(error.headers or {})
        return response


# ---------------------------------------------------------------- parts


def _formats(header: str, link: str) -> tuple[tuple[str, str] | None, tuple[str, str] | None, bool]:
    """The format for rows, that for triples, and whether the answer is to be saved as a file.

    A program asks by its Accept header and gets what the standard says. `format` is for links, where a reader cannot
    set one: its answer is a file, and in a CSV file no text can act as a formula.
    """
    rows, triples = named(link, (*RESULTS, XLSX)), named(link, GRAPHS)
    takes_anything = header.strip() in ("", "*/*") or "text/html" in header
    if takes_anything and (rows or triples):
        results, graphs = ((one.name, one.type) if one else None for one in (rows, triples))
        return results, graphs, True
    wanted = accepted(header, RESULTS), accepted(header, GRAPHS)
    results, graphs = ((one[0].name, one[1]) if one else None for one in wanted)
    return results, graphs, False


async def _while_connected(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply:
    """The result of some work, which is stopped when the client goes away."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(request))
    tasks: set[asyncio.Task[Any]] = {working, leaving}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Refused(499, "the client went away")
        return await working
    finally:
        leaving.cancel()
        working.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _view(request: Request) -> html.View:
    wanted = request.query_params.get("lang", ""), request.cookies.get("lang", "")
    language = next((one for one in wanted if one in LANGUAGES), LANGUAGES[0])
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    here = f"{request.url.path}?{urlencode(pairs)}"
    return {"language": language, "here": here, "has_network": request.app.state.has_network}


def _told(request: Request, status: int, reason: str) -> Response:
    """A reason: as a page to a reader, in one line of text to a program and to those who asked a query."""
    chosen = accepted(request.headers.get("accept", ""), (Media("text", "text/plain", ".txt"), HTML))
    if chosen and chosen[0] is HTML and request.url.path != "/sparql":
        body = html.render("error.html", _view(request), status=status, reason=reason)
        return Response(body, status, {"Content-Security-Policy": PAGE_POLICY}, "text/html")
    return Response(f"{reason or 'there is nothing here'}\n", status, media_type="text/plain")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def _tag(content: bytes) -> str:
    """An entity tag; weak, since the same content may be sent compressed."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:24]}"'


def _fresh(request: Request, tag: str) -> Response | None:
    """Not Modified, where the client has the answer with this tag."""
    known = {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
    return Response(status_code=304, headers={"ETag": tag}) if known & {tag, tag.removeprefix("W/"), "*"} else None


def _file(request: Request, path: Path, kind: str, headers: dict[str, str]) -> Response:
    """A file of the build, unless the client has it."""
    stat = path.stat()
    tag = _tag(f"{path} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}".encode())
    kept = {"ETag": tag, "Cache-Control": "no-cache"}
    return _fresh(request, tag) or FileResponse(path, media_type=kind, headers=headers | kept, stat_result=stat)


def _assets() -> dict[str, tuple[str, bytes]]:
    """The style, script and icon of the pages: media type and content by name."""
    folder = files("kg") / "assets"
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    found = [folder / "page.css", *(folder / "serve").iterdir()]
    return {
        path.name: (kinds[suffix], path.read_bytes()) for path in found if (suffix := Path(path.name).suffix) in kinds
    }
