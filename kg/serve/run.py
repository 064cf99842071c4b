"""The service as a process: bound to an address, until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from kg import store
from kg.serve.app import Settings, application
from kg.serve.elsewhere import There
from kg.serve.limits import HEADERS, PATH, QUERY_STRING

CONNECTIONS = 512
SECONDS_TO_LEAVE = 2


class _Server(uvicorn.Server):
    """Says when it is ready to answer."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def run(settings: Settings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `ready` is given the address, once it answers (port 0: any that is free).

    Raises `store.NoBuild` where there is no graph, Problem where the endpoint does not answer, OSError where the address
    cannot be had.
    """
    if settings.endpoint:
        There(settings.endpoint).query("ASK {}", prefixes={})
    else:
        store.read(settings.folder)
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.create_server(place[:2], family=family) as listening:
        config = uvicorn.Config(
            application(settings),
            log_level="warning",
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=SECONDS_TO_LEAVE,
            h11_max_incomplete_event_size=2 * (HEADERS + PATH + QUERY_STRING),
            http="h11",
            ws="none",
        )
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
        with suppress(KeyboardInterrupt):  # the way to stop it
            _Server(config, lambda: ready(address)).run([listening])
