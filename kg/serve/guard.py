"""What holds for every request and every response: sizes, security headers, counts."""

from __future__ import annotations

import time
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.limits import BODY, HEADERS, PATH, QUERY_STRING
from kg.serve.metrics import Metrics
from kg.serve.protocol import Refused

# Data is opened by browsers as well, and an answer in XML could hold elements of XHTML.
DATA_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Middleware around the whole service."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers[name] = value
                if status != 304:  # whose headers take the place of those that the client has kept
                    headers.setdefault("Content-Security-Policy", DATA_POLICY)
            await send(message)

        try:
            if reason := _too_large(scope):
                await PlainTextResponse(f"{reason[1]}\n", reason[0])(scope, receive, sending)
            else:
                await self.app(scope, _measured(receive), sending)
        finally:
            part = scope["path"].split("/")[1]
            known = part if status != 404 else "none"
            self.metrics.answered(known or "home", status, time.perf_counter() - started)


def _too_large(scope: Scope) -> tuple[int, str] | None:
    """The status and the reason for a request that is too large, as far as can be seen before its body."""
    if len(scope.get("raw_path") or scope["path"].encode()) > PATH:
        return 414, f"a path is at most {PATH} bytes"
    if len(scope["query_string"]) > QUERY_STRING:
        return 414, f"the parameters in an address are at most {QUERY_STRING} bytes: use POST"
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS:
        return 431, f"the headers are at most {HEADERS} bytes"
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not length.isdigit() or int(length) > BODY:
        return 413, f"a body is at most {BODY} bytes"
    return None


def _measured(receive: Receive) -> Receive:
    """The body as it comes in, for as long as it is not too large."""
    total = 0

    async def receiving() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > BODY:
            raise Refused(413, f"a body is at most {BODY} bytes")
        return message

    return receiving
