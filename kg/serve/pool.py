"""Worker processes, so that no query can hold up another, and each can be stopped for good."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import kg
from kg import store
from kg.serve.limits import MEBIBYTE, Limits
from kg.serve.wire import Reply, Task

KEPT = 4  # idle workers that are kept
SPARED = 2  # workers that one client alone cannot hold
LONG = 1.0  # seconds after which a query has to stand back for shorter ones
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

    @staticmethod
    async def start(folder: Path, limits: Limits) -> Worker:
        """A worker that has opened the store. Raises `Stopped` where it cannot."""
        version = store_version(folder)
        places = [str(Path(kg.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "kg.serve.worker", str(folder)),
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
            worker.kill()
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
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Kill it and wait until it is gone."""
        self.kill()
        await self._process.wait()


class Pool:
    """Answers tasks, each in a process of its own, at most `limits.workers` at a time."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self.limits = limits
        self._idle: list[Worker] = []
        self._running: Counter[str] = Counter()
        self._freed = asyncio.Condition()

    @property
    def running(self) -> int:
        """How many tasks are being worked on."""
        return self._running.total()

    async def run(self, task: Task, client: str = "") -> Reply:
        """The reply to a task. Raises `Stopped`. A task that is cancelled is stopped as well."""
        async with self._turn(client):
            worker = await self._worker()
            slowing = asyncio.get_running_loop().call_later(LONG, worker.slow_down)
            try:
                async with asyncio.timeout(self.limits.seconds):
                    reply = await worker.ask(task)
            except TimeoutError as error:
                worker.kill()
                raise Stopped("time", f"stopped after {self.limits.seconds:g} seconds") from error
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                worker.kill()
                raise Stopped(
                    "memory", f"stopped: it needs more than {self.limits.memory} MiB of memory, or nests too deep"
                ) from error
            except BaseException:
                worker.kill()
                raise
            finally:
                slowing.cancel()
            self._keep(worker)
            return reply

    @contextlib.asynccontextmanager
    async def _turn(self, client: str) -> AsyncIterator[None]:
        """A place among those that run. Raises `Stopped` where none comes free in time."""

        def is_free() -> bool:
            share = max(1, self.limits.workers - SPARED)
            return self.running < self.limits.workers and self._running[client] < share

        try:
            async with asyncio.timeout(self.limits.waiting), self._freed:
                await self._freed.wait_for(is_free)
                self._running[client] += 1
        except TimeoutError as error:
            raise Stopped("busy", "too many queries are running: try again in a moment") from error
        try:
            yield
        finally:
            self._running[client] -= 1
            self._running += Counter()  # forgets clients with none
            async with self._freed:
                self._freed.notify_all()

    async def _worker(self) -> Worker:
        """An idle worker that reads the store as it is now, else a new one."""
        version = store_version(self._folder)
        while self._idle:
            worker = self._idle.pop()
            if worker.version == version:
                return worker
            worker.kill()
        return await Worker.start(self._folder, self.limits)

    def _keep(self, worker: Worker) -> None:
        if worker.is_slowed or len(self._idle) >= KEPT:
            worker.kill()
        else:
            self._idle.append(worker)

    async def warm(self) -> None:
        """Start the first worker before it is needed."""
        self._keep(await self._worker())

    async def close(self) -> None:
        """Stop the idle workers."""
        while self._idle:
            await self._idle.pop().end()


def store_version(folder: Path) -> str:
    """What tells one build in a folder from the next; empty where there is none."""
    try:
        return (folder / store.FOLDER / "IDENTITY").read_text(encoding="ascii").strip()
    except OSError:
        return ""
