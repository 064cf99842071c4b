"""Lines of N-Quads into a store: few of them at once, many in a process of their own.

The engine (Oxigraph, over RocksDB) sorts a stream in parts of a million statements and merges them once, however long
it is; what is loaded bit by bit it merges over and over. It takes gigabytes for that, which stay with its process, so
this file is also a program: it reads from its standard input what to add and what to remove, and ends when the store is
whole. It runs as a file and imports nothing of this package, so that it starts at once wherever the package was found.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from typing import IO, Self, cast

import pyoxigraph as ox

FEW = 50_000  # texts of a line or two: to load fewer takes no longer than to start a process
PIECE = 2_000  # texts that go to the process at a time
STREAM = 16_000_000_000  # bytes, some 95 million statements, that are merged at once: the engine opens all their parts together
KEPT_OPEN = 256  # files that the engine keeps open, each with its index in memory
OPEN = 4096  # files that a process of its own may open
ADD, REMOVE, DROP, END = b"+", b"-", b"x", b"."  # what is to be done with a piece: lines, or the names of graphs
SIZE = 8  # bytes that tell how long it is


class Loader:
    """Fills the store at `place`, new or not: a context, and when it is left the store is whole and closed.

    Where it is left by an exception, what there is of the store is no store. Raises OSError where it cannot be written.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._held: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._place.exists():  # it may be large, and so what the engine holds of it
            self._start()
        return self

    def add(self, lines: Iterable[str]) -> None:
        """Take texts of whole lines of N-Quads."""
        stream = iter(lines)
        if self._process is None:
            self._held.extend(islice(stream, FEW + 1 - len(self._held)))
            if len(self._held) <= FEW:
                return
            self._start()
        stream = chain(self._held, stream)
        while len(piece := list(islice(stream, PIECE))) == PIECE:
            self._send(ADD, piece)
        self._held = piece

    def remove(self, lines: Iterable[str]) -> None:
        """Take such lines out of a store that is not new, as it is once all has been done that was asked before."""
        self._undo(REMOVE, lines)

    def drop(self, graphs: Iterable[str]) -> None:
        """Take graphs out of such a store, whose names are given as N-Quads writes them."""
        self._undo(DROP, (f"{graph}\n" for graph in graphs))

    def _undo(self, what: bytes, lines: Iterable[str]) -> None:
        stream = iter(lines)
        while piece := list(islice(stream, PIECE)):
            if self._held:
                self._send(ADD, self._held)
                self._held = []
            self._send(what, piece)

    def _start(self) -> None:
        command = [sys.executable, "-P", __file__, str(self._place)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)

    def _send(self, what: bytes, piece: list[str]) -> None:
        assert self._process and self._process.stdin
        data = "".join(piece).encode()
        try:
            self._process.stdin.write(what + len(data).to_bytes(SIZE) + data)
        except BrokenPipeError:
            self._wait()  # it says why it has ended
            raise

    def _wait(self) -> None:
        """Until the process has ended. Raises OSError where the store is not whole then."""
        assert self._process
        _, said = self._process.communicate()
        if code := self._process.returncode:
            ended = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
            raise OSError(said.decode(errors="replace").strip() or f"the process that writes the store {ended}")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._process is None:
            if kind is None:
                new = ox.Store(str(self._place))
                _load(new, "".join(self._held).encode())
                _close(new)
            return
        try:
            if kind is None:
                self._send(ADD, self._held)
                self._send(END, [])
                self._wait()
        finally:
            self._process.kill()
            self._process.communicate()


def _load(store: ox.Store, stream: bytes | IO[bytes]) -> None:
    store.bulk_load(stream, format=ox.RdfFormat.N_QUADS, lenient=True)


def _close(store: ox.Store) -> None:
    store.optimize()  # puts what came in parts in one order: a question looks into one file instead of several
    store.flush()


def _opened(place: Path) -> ox.Store:
    """A store that keeps few files open: the engine takes all that may be open when it starts, and many to merge them."""
    try:
        from resource import RLIMIT_NOFILE, getrlimit, setrlimit
    except ImportError:
        return ox.Store(str(place))
    _, hard = getrlimit(RLIMIT_NOFILE)
    most = OPEN if hard < 0 else min(OPEN, hard)
    setrlimit(RLIMIT_NOFILE, (min(KEPT_OPEN, most), hard))
    store = ox.Store(str(place))
    setrlimit(RLIMIT_NOFILE, (most, hard))
    return store


class _Pieces:
    """The pieces that come from a pipe, in their order. Raises EOFError where the last does not come."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._room = 0
        self._next()

    def _next(self) -> None:
        self.what = self._come(1)
        self._left = int.from_bytes(self._come(SIZE))

    def carry_out(self, store: ox.Store) -> None:
        """Add to the store, and remove from it."""
        while self.what != END:
            if self.what == ADD:
                self._room = STREAM
                _load(store, cast(IO[bytes], self))
                continue
            data = self._come(self._left)
            if self.what == REMOVE:
                for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS, lenient=True):
                    store.remove(quad)
            else:
                for name in data.decode().split():
                    store.remove_graph(ox.NamedNode(name[1:-1]))
            self._next()

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes of what is to be added; none where something else follows, or after STREAM bytes and a little more."""
        while not self._left and self.what == ADD:
            self._next()
            if self._room <= 0:
                return b""
        if self.what != ADD:
            return b""
        data = self._come(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self._room -= len(data)
        return data

    def _come(self, size: int) -> bytes:
        data = self._pipe.read(size)
        if len(data) < size:
            raise EOFError("the lines broke off")
        return data


def main() -> None:
    """Do to the store at the place that is given what standard input says; says why where it cannot."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever sends the lines ends this process
    try:
        store = _opened(Path(sys.argv[1]))
        _Pieces(sys.stdin.buffer).carry_out(store)
        _close(store)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
