"""How much a request may take."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one query: seconds, memory in MiB, size of the answer in MiB; and how many run at a time.

    A query that is not done after `short` seconds is a long one. There are at most `workers` long ones, of which one
    client has at most all but two, and as many short ones, which wait at most `waiting` seconds to begin.
    """

    seconds: float = 30.0
    memory: int = 1024
    answer: int = 32
    workers: int = 8
    short: float = 1.0
    waiting: float = 10.0


# A request: bytes of its path, of its query string, of all its headers, and of its body.
PATH, QUERY_STRING, HEADERS, BODY = 4096, 32 * 1024, 16 * 1024, MEBIBYTE
