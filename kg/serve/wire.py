"""What goes between the web service and its workers: tasks out, replies back, over a worker's standard streams."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: its name (a key of `worker.HANDLERS`) and what it is given, as JSON can hold it."""

    name: str
    given: dict[str, Any] = field(default_factory=dict)

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @staticmethod
    def read(line: bytes) -> Task:
        return Task(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: HTTP status, content type, body; a file name where it is to be saved.

    `trouble` is for the log of the service alone.
    """

    status: int
    type: str
    body: bytes
    filename: str = ""
    trouble: str = ""

    def head(self) -> bytes:
        head = asdict(self) | {"body": len(self.body)}
        return json.dumps(head).encode() + b"\n"

    @staticmethod
    def read(head: dict[str, Any], body: bytes) -> Reply:
        return Reply(**head | {"body": body})


def plain(status: int, reason: str) -> Reply:
    """A reason in one line of text."""
    return Reply(status, "text/plain; charset=utf-8", f"{reason}\n".encode("utf-8", "replace"))
