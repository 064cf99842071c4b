"""The service as a process: bound to an address, until it is told to stop."""

from __future__ import annotations

import uvicorn

from kg import store
from kg.serve.app import Settings, application
from kg.serve.limits import HEADERS, PATH, QUERY_STRING

LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECTIONS = 512


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until interrupted. Raises `store.NoBuild` where there is no graph, OSError where the address is taken."""
    store.read(settings.folder)
    config = uvicorn.Config(
        application(settings),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=2 * (HEADERS + PATH + QUERY_STRING),
        http="h11",
        ws="none",
    )
    server = uvicorn.Server(config)
    server.run([config.bind_socket()])
