"""Worker processes, so that no query can hold up another, and each can be stopped for good."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import kg
from kg import store
from kg.serve.limits import MEBIBYTE, Limits
from kg.serve.wire import Reply, Task

KEPT = 4  # idle workers that are kept
WARMED = 1  # workers that are made ready for each build
SPARED = 2  # long queries that one client alone cannot have
LASTS = 60  # seconds for which a worker keeps what it has read from an endpoint
LAST = 19  # the lowest priority there is


class Stopped(Exception):
    """A task was stopped or not begun: `cause` is time, memory or busy; the message says it in one line."""

    def __init__(self, cause: str, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason


class Worker:
    """A worker process and the version of the store that it reads."""

    def __init__(self, process: asyncio.subprocess.Process, version: str) -> None:
        self._process = process
        self.version = version
        self.is_slowed = False
        self._is_killed = False

    @staticmethod
    async def start(place: Path | str, limits: Limits) -> Worker:
        """A worker that has opened the store. Raises `Stopped` where it cannot."""
        version = store_version(place)
        places = [str(Path(kg.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "kg.serve.worker", str(place)),
            *(str(limits.seconds), str(limits.memory), str(limits.answer)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
            start_new_session=True,  # Ctrl-C is for the service alone
            limit=MEBIBYTE,
        )
        worker = Worker(process, version)
        try:
            await worker._reply()
        except BaseException as error:
            await worker.end()
            if isinstance(error, asyncio.IncompleteReadError):
                raise Stopped("busy", "the graph cannot be opened just now") from error
            raise
        return worker

    async def ask(self, task: Task) -> Reply:
        """Raises IncompleteReadError or ConnectionError where the process ends before it has answered."""
        assert self._process.stdin
        self._process.stdin.write(task.line())
        await self._process.stdin.drain()
        return await self._reply()

    async def _reply(self) -> Reply:
        assert self._process.stdout
        head = json.loads(await self._process.stdout.readuntil())
        return Reply.read(head, await self._process.stdout.readexactly(head["body"]))

    def slow_down(self) -> None:
        """Give it the lowest priority, for good: only the administrator can raise one again."""
        self.is_slowed = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, LAST)

    def kill(self) -> None:
        """Kill it, once: to signal a process that is gone already would take its end from asyncio, which waits for it."""
        if not self._is_killed:
            self._is_killed = True
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """Kill it and wait until it is gone and its pipes are closed."""
        self.kill()
        await self._process.communicate()


class Pool:
    """Answers tasks, each in a process of its own.

    Long queries cannot hold up short ones: every query starts among the short, whose places come free within a second.
    One that takes longer goes on among the long, at the lowest priority, or is stopped where there are too many.
    """

    def __init__(self, place: Path | str, limits: Limits, first: Task | None = None) -> None:
        """`place` is the folder of a build or the address of an endpoint.

        `first` is what some workers of each build are given to do before they are needed.
        """
        self._place = place
        self.limits = limits
        self.running = 0
        self._first = first
        self._warmed = ""  # the version of the store that it was done for
        self._warming: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._idle: list[Worker] = []
        self._short = asyncio.Semaphore(limits.workers)
        self._long: Counter[str] = Counter()

    async def run(self, task: Task, client: str = "") -> Reply:
        """The reply to a task. Raises `Stopped`. A task that is cancelled is stopped as well."""
        try:
            async with asyncio.timeout(self.limits.waiting):
                await self._short.acquire()
        except TimeoutError as error:
            raise Stopped("busy", "too many queries are running: try again in a moment") from error
        self.running += 1
        place = contextlib.ExitStack()
        place.callback(self._short.release)
        try:
            worker = await self._worker()
            try:
                reply = await self._reply(worker, task, client, place)
            except BaseException:
                self._end(worker)
                raise
            self._keep(worker)
            return reply
        finally:
            place.close()
            self.running -= 1

    async def _reply(self, worker: Worker, task: Task, client: str, place: contextlib.ExitStack) -> Reply:
        """What a worker replies within the limits. `place` gives back the place that the task has; it may change."""
        asking = asyncio.create_task(worker.ask(task))
        try:
            async with asyncio.timeout(self.limits.seconds):
                done, _ = await asyncio.wait({asking}, timeout=self.limits.short)
                if not done:
                    self._begin_long(worker, client, place)
                return await asking
        except TimeoutError as error:
            raise Stopped("time", f"stopped after {self.limits.seconds:g} seconds") from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            reason = f"stopped: it needs more than {self.limits.memory} MiB of memory, or nests too deep"
            raise Stopped("memory", reason) from error
        finally:
            asking.cancel()

    def _begin_long(self, worker: Worker, client: str, place: contextlib.ExitStack) -> None:
        """Move a task from the short to the long ones. Raises `Stopped` where there are too many of them."""
        share = max(1, self.limits.workers - SPARED)
        if self._long.total() >= self.limits.workers or self._long[client] >= share:
            raise Stopped("busy", "stopped: too many long queries are running, try again later")
        place.close()
        self._long[client] += 1
        place.callback(self._end_long, client)
        worker.slow_down()

    def _end_long(self, client: str) -> None:
        self._long[client] -= 1
        self._long += Counter()  # forgets clients with none

    async def _worker(self) -> Worker:
        """An idle worker that reads the store as it is now, else a new one."""
        version = store_version(self._place)
        if self._first and version != self._warmed:
            self._warmed = version
            for _ in range(WARMED):
                _hold(self._warming, self._warm(self._first))
        while self._idle:
            worker = self._idle.pop()
            if worker.version == version:
                return worker
            self._end(worker)
        return await Worker.start(self._place, self.limits)

    def _keep(self, worker: Worker) -> None:
        if worker.is_slowed or len(self._idle) >= KEPT:
            self._end(worker)
        else:
            self._idle.append(worker)

    def _end(self, worker: Worker) -> None:
        """Kill a worker; that it is gone is seen to later."""
        worker.kill()
        _hold(self._ending, worker.end())

    async def _warm(self, first: Task) -> None:
        """Make a worker ready; where that fails there is none, and pages take as long as they take."""
        with contextlib.suppress(Stopped, TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            worker = await Worker.start(self._place, self.limits)
            try:
                async with asyncio.timeout(self.limits.seconds):
                    await worker.ask(first)
            except BaseException:
                self._end(worker)
                raise
            self._keep(worker)

    async def start(self) -> None:
        """Start the first worker before it is needed."""
        self._keep(await self._worker())

    async def close(self) -> None:
        """Stop the idle workers, and wait until all that were stopped are gone."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        while self._idle:
            self._end(self._idle.pop())
        await asyncio.gather(*self._ending)


def _hold(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Do some work in the background; a set holds it until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def store_version(place: Path | str) -> str:
    """What tells one build in a folder from the next; empty where there is none. That of an endpoint is the time."""
    if isinstance(place, str):
        return f"{place} {int(time.time() / LASTS)}"
    try:
        return (place / store.FOLDER / "IDENTITY").read_text(encoding="ascii").strip()
    except OSError:
        return ""
