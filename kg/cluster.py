"""Texts to notes on the workers of a dask cluster: the same notes as on one machine.

Start workers with one thread each (`dask worker ADDRESS --nworkers N --nthreads 1`): reading is work for the processor.
Whoever can reach a dask scheduler can run code on its workers, so it belongs in a network of its own, or behind TLS.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import cache
from threading import Lock

from distributed import Client, Future, KilledWorker, as_completed

from kg.errors import Problem
from kg.ledger import rules_version
from kg.workers import Reading, ReadPage, Task, chunks, default_reader, read_one

SECONDS = 60  # to wait for the scheduler, and for a first worker
AHEAD = 2  # chunks that are given out for each thread: what the machine that builds holds in memory
_one_at_a_time = Lock()


class OtherRules(Problem):
    """A worker has another version of tongbao, or of what it reads with."""


def read_all(
    tasks: Iterable[Task], scheduler: str, read_page: ReadPage | None = None
) -> Generator[Reading, None, None]:
    """The readings of the tasks, from the workers of the scheduler at this address.

    The chunk of a worker that ends is read by another; a page that has ended several is one line among the failures.
    Raises OtherRules, and Problem where there is no scheduler or worker.
    """
    try:
        client = Client(scheduler, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Problem(f"{scheduler}: no dask scheduler ({error})") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError as error:
            raise Problem(f"{scheduler}: no worker has come in {SECONDS} s") from error
        waiting = chunks(iter(tasks))
        suspects: list[Task] = []  # their workers ended: read again at the end, each with nothing beside it
        given: dict[Future, list[Task]] = {}
        done = as_completed(loop=client.loop)

        def give(chunk: list[Task]) -> None:
            future = client.submit(_read, chunk, rules_version(), read_page, pure=False)
            given[future] = chunk
            done.add(future)

        tried = False  # whether the chunk that is out is a suspect
        while True:
            room = AHEAD * max(1, sum(client.nthreads().values()))
            while len(given) < room and (chunk := next(waiting, None)):
                give(chunk)
            if not given and suspects:
                give([suspects.pop()])
                tried = True
            if not given:
                return
            future = next(done)
            chunk = given.pop(future)
            try:
                yield from future.result()
            except KilledWorker:
                if not tried:
                    suspects += chunk  # one of them, or what the same workers had beside them
                    continue
                (task,) = chunk
                yield Reading(task.digest, task.text.name, failure="could not be read (its workers ended)")


@cache
def _reader() -> ReadPage:
    return default_reader()


def _read(chunk: list[Task], rules: str, read_page: ReadPage | None) -> list[Reading]:
    """What a worker does. Threads of one process take turns: the dictionaries are not made for several."""
    with _one_at_a_time:
        if rules_version() != rules:
            raise OtherRules("a worker reads by other rules: install the same tongbao, Python and libraries on all")
        return [read_one(task, read_page or _reader()) for task in chunk]
