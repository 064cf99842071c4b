"""How much a request may take."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one query: seconds, memory in MiB, size of the answer in MiB; and how many run at a time.

    Of the workers one client holds at most all but two. `waiting` seconds is how long a query waits for a worker.
    """

    seconds: float = 30.0
    memory: int = 1024
    answer: int = 32
    workers: int = 8
    waiting: float = 10.0


# A request: bytes of its path, of its query string, of all its headers, and of its body.
PATH, QUERY_STRING, HEADERS, BODY = 4096, 32 * 1024, 16 * 1024, MEBIBYTE
