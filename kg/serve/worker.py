"""A worker: a process that reads the store and answers one task at a time, until its input ends.

The system holds it to its limits: address space by `setrlimit`, so that a query that wants more memory ends the
process, and time by an alarm that no query can put off. (The service kills it sooner; the alarm is for a worker whose
service is gone.) Run as `python -m kg.serve.worker PLACE SECONDS MEBIBYTES MEBIBYTES`;
PLACE is the folder of a build or the address of an endpoint.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg import store
from kg.errors import Problem
from kg.remote import Cut
from kg.serve import describe, pages, sparql
from kg.serve.elsewhere import SCHEMES, There
from kg.serve.limits import MEBIBYTE, Limits
from kg.serve.wire import Reply, Task, plain

Handler = Callable[..., Reply]
HANDLERS: Mapping[str, Handler] = {**sparql.HANDLERS, **describe.HANDLERS, **pages.HANDLERS}
SPARE_SECONDS = 2.0
STATM = Path("/proc/self/statm")
KINDNESS = 5  # how much these processes stand back (nice) for the service itself


def main() -> None:
    """Open the store, then answer tasks."""
    place, seconds, memory, answer = sys.argv[1:]
    limits = Limits(float(seconds), int(memory), int(answer))
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed stays out of the replies
    os.nice(KINDNESS)
    opened = There(place) if place.startswith(SCHEMES) else store.read(Path(place))
    _hold_memory(limits.memory)
    _send(replies, plain(200, "ready"))
    for line in sys.stdin.buffer:
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + SPARE_SECONDS)
        _send(replies, _answer(opened, Task.read(line), limits))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _hold_memory(mebibytes: int) -> None:
    """Allow so much address space above what is in use now. Linux only: other systems do not count it so."""
    if STATM.exists():
        in_use = int(STATM.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use + mebibytes * MEBIBYTE,) * 2)


def _answer(opened: ox.Store | There, task: Task, limits: Limits) -> Reply:
    try:
        return HANDLERS[task.name](opened, limits, **task.given)
    except MemoryError:
        return plain(500, "stopped: it needs more memory than it is allowed")
    except Cut as error:
        return plain(500, str(error))
    except Problem as error:
        return replace(plain(502, "the store elsewhere does not answer"), trouble=str(error))
    except Exception:
        return Reply(500, "text/plain; charset=utf-8", b"the service failed\n", trouble=traceback.format_exc())


def _send(output: IO[bytes], reply: Reply) -> None:
    output.write(reply.head())
    output.write(reply.body)
    output.flush()


if __name__ == "__main__":
    main()
