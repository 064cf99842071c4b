"""Texts to notes, in this process or in several: the same notes for any number of them, in no fixed order.

A page that cannot be read is one line among the failures. That holds for an error in reading, for a page that takes
too long, and for one that ends its process: the pages it was read with are read again, each alone.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from multiprocessing import connection, get_context, resource_tracker
from multiprocessing.process import BaseProcess
from types import FrameType

from kg import formats
from kg.errors import Problem
from kg.inputs import Text, reason
from kg.ledger import pack
from kg.notes import Notes
from kg.read import DATE, Page, read

ReadPage = Callable[[Page], Notes]

FEW = 2_000_000  # bytes: to read less takes no longer than to start a process
CHUNK_PAGES, CHUNK_BYTES = 32, 200_000
SECONDS, BYTES_PER_SECOND = 60, 10_000  # a page may take so long, and so much longer for its length


@dataclass(frozen=True, slots=True)
class Task:
    """A text to read, and its digest; with `keep_private` nothing in it is covered (kg.private)."""

    digest: str
    text: Text
    keep_private: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a task: its notes, packed, or why there are none."""

    digest: str
    name: str
    packed: bytes = field(default=b"", repr=False)
    failure: str = ""


class TooSlow(Exception):
    """A page takes longer to read than its length allows."""


# ---------------------------------------------------------------- one page


def default_reader() -> ReadPage:
    """`kg.extract.read_page`; it loads the dictionaries, so only who reads waits for them."""
    from kg.extract import read_page

    return read_page


def load(text: Text) -> Page:
    """The page of a text, with what is given beside it. Raises ValueError where it is no text."""
    page = read(text.data, text.name) if text.is_row else formats.load(text.data, text.name)
    given = dict(text.given)
    if "date" in given:
        stated = DATE.search(given.pop("date"))
        if stated:
            given["date"] = f"{stated[1]}-{int(stated[2]):02d}-{int(stated[3]):02d}"
    return replace(page, document=replace(page.document, **given))


def covered(page: Page) -> Page:
    """The page without its private data; only who reads waits for the dictionaries that this needs."""
    from kg.private import cover

    return cover(page)


def read_one(task: Task, read_page: ReadPage) -> Reading:
    """Read one text; whatever goes wrong is the reading's failure."""
    text = task.text
    try:
        with _at_most(SECONDS + len(text.data) // BYTES_PER_SECOND):
            page = load(text) if task.keep_private else covered(load(text))
            return Reading(task.digest, text.name, pack(read_page(page)))
    except (ValueError, OSError) as error:
        return Reading(task.digest, text.name, failure=reason(error))
    except Exception as error:  # a page that the rules fail on must not keep the others from being read
        return Reading(task.digest, text.name, failure=f"could not be read ({type(error).__name__}: {error})")


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Raise TooSlow after so many seconds, where the system can (POSIX, in the main thread)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"not done in {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---------------------------------------------------------------- many pages


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(tasks: Iterable[Task], workers: int, read_page: ReadPage | None = None) -> Generator[Reading, None, None]:
    """The readings of the tasks. Up to FEW bytes are read in this process.

    Where the caller stops early (Ctrl-C too), the worker processes end at once.
    """
    stream = iter(tasks)
    first: list[Task] = []
    if workers > 1:
        held = 0
        for task in stream:
            first.append(task)
            held += len(task.text.data)
            if held > FEW:
                yield from _in_processes(chain(first, stream), workers, read_page)
                return
    reader = None
    for task in chain(first, stream):
        reader = reader or read_page or default_reader()
        yield read_one(task, reader)


def _in_processes(tasks: Iterator[Task], workers: int, read_page: ReadPage | None) -> Iterator[Reading]:
    waiting = chunks(tasks)
    alone: list[list[Task]] = []  # tasks whose process ended: read again, one by one
    idle, busy = [_Worker(read_page) for _ in range(workers)], list[_Worker]()
    try:
        while True:
            while idle and (chunk := alone.pop() if alone else next(waiting, None)):
                worker = idle.pop()
                worker.give(chunk)
                busy.append(worker)
            if not busy:
                break
            ready = connection.wait([worker.pipe for worker in busy])
            for worker in [worker for worker in busy if worker.pipe in ready]:
                busy.remove(worker)
                done = worker.readings()
                if done is not None:
                    idle.append(worker)
                    yield from done
                    continue
                ended = worker.ended()
                idle.append(_Worker(read_page))
                if len(worker.chunk) > 1:
                    alone += [[task] for task in worker.chunk]
                else:
                    (task,) = worker.chunk
                    yield Reading(task.digest, task.text.name, failure=f"could not be read (the process {ended})")
        for worker in idle:
            worker.pipe.close()  # it ends by itself
    finally:
        for worker in (*idle, *busy):
            worker.stop()


def chunks(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    """Tasks in lists of some pages, few where pages are long."""
    while chunk := list(islice(tasks, 1)):
        held = len(chunk[0].text.data)
        while held < CHUNK_BYTES and len(chunk) < CHUNK_PAGES and (task := next(tasks, None)):
            chunk.append(task)
            held += len(task.text.data)
        yield chunk


class _Worker:
    """A process that reads chunks, one at a time, until its pipe is closed."""

    def __init__(self, read_page: ReadPage | None) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.chunk: list[Task] = []
        self._started = False
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, read_page), daemon=True)
        with _deaf_to_interrupts():
            self._process.start()
        theirs.close()

    def give(self, chunk: list[Task]) -> None:
        self.chunk = chunk
        with suppress(BrokenPipeError):  # it has ended: `readings` will tell
            self.pipe.send(chunk)

    def readings(self) -> list[Reading] | None:
        """What it made of its chunk; None where the process has ended. Raises Problem where it never began."""
        try:
            if not self._started:
                self._started = self.pipe.recv() == "ready"
            found: list[Reading] = self.pipe.recv()
            return found
        except (EOFError, OSError) as error:
            if not self._started:
                raise Problem("a worker process cannot start; --workers 1 goes without") from error
            return None

    def ended(self) -> str:
        """How the process came to its end, in words."""
        self._process.join()
        code = self._process.exitcode or 0
        return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"

    def stop(self) -> None:
        if not self.pipe.closed:
            self.pipe.close()
            self._process.kill()
        self._process.join()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What is started here never hears Ctrl-C, which a terminal sends to all: its parent ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it lifts the mask when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: connection.Connection, read_page: ReadPage | None) -> None:
    """What a worker process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reader = read_page or default_reader()
    with suppress(EOFError, OSError):  # whoever gave the work is gone, or has no more
        pipe.send("ready")
        while True:
            pipe.send([read_one(task, reader) for task in pipe.recv()])
