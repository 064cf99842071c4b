"""Lines of N-Quads into a new store: few of them at once, many in a process of their own.

The engine (Oxigraph, over RocksDB) sorts a stream in parts of a million statements and merges them once, however long
it is; what is loaded bit by bit it merges over and over. It takes gigabytes for that, which stay with its process, so
this file is also a program: it reads the lines from its standard input and ends when the store is whole. It runs as a
file and imports nothing of this package, so that it starts at once wherever the package was found.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Self, cast

import pyoxigraph as ox

FEW = 50_000  # texts of a line or two: to load fewer takes no longer than to start a process
PIECE = 2_000  # texts that go to the process at a time
STREAM = 16_000_000_000  # bytes, some 95 million statements, that are merged at once: the engine opens all their parts together
KEPT_OPEN = 256  # files that the engine keeps open, each with its index in memory
OPEN = 4096  # files that a process of its own may open
SIZE = 8  # bytes that tell how long a piece is


class Loader:
    """Fills the store at `place`, new or not: a context, and when it is left the store is whole and closed.

    Where it is left by an exception, what there is of the store is no store. Raises OSError where it cannot be written.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._few = (
            0 if place.exists() else FEW
        )  # a store that is there may be large, and so what the engine holds of it
        self._held: list[str] = []
        self._gone: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def add(self, lines: Iterable[str]) -> None:
        """Take texts of whole lines of N-Quads."""
        if self._process is None:
            stream = iter(lines)
            self._held.extend(islice(stream, self._few + 1 - len(self._held)))
            if len(self._held) <= self._few:
                return
            lines, self._held = chain(self._held, stream), []
            self._start()
        self._held.extend(lines)
        while len(self._held) >= PIECE:
            piece, self._held = self._held[:PIECE], self._held[PIECE:]
            self._send(piece)

    def remove(self, lines: Iterable[str]) -> None:
        """Take these lines of N-Quads out of the store once all that is added is in it."""
        self._gone.extend(lines)

    def _start(self) -> None:
        command = [sys.executable, "-P", __file__, str(self._place)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)

    def _send(self, piece: list[str]) -> None:
        assert self._process and self._process.stdin
        data = _text(piece)
        try:
            self._process.stdin.write(len(data).to_bytes(SIZE) + data)
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
                _fill(ox.Store(str(self._place)), [_text(self._held)], lambda: _text(self._gone))
            return
        try:
            if kind is None:
                if self._held:
                    self._send(self._held)
                self._send([])
                self._send(self._gone)
                self._wait()
        finally:
            self._process.kill()
            self._process.communicate()


def _text(lines: list[str]) -> bytes:
    return "".join(lines).encode()


def _fill(store: ox.Store, streams: Iterable[bytes | IO[bytes]], gone: Callable[[], bytes] = bytes) -> None:
    is_new = not any(True for _ in store)
    for stream in streams:
        store.bulk_load(stream, format=ox.RdfFormat.N_QUADS, lenient=True)
    for quad in ox.parse(gone(), format=ox.RdfFormat.N_QUADS, lenient=True):
        store.remove(quad)
    if is_new:
        store.optimize()  # puts what was loaded in parts in one order: a question looks into one file instead of several
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


class _Streams:
    """The pieces that come from a pipe, as files of STREAM bytes and a little more, one after the other."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._piece = 0  # bytes of this piece that are still to come
        self._room = 0
        self._is_whole = False

    def __iter__(self) -> Iterator[IO[bytes]]:
        while not self._is_whole:
            self._room = STREAM
            yield cast(IO[bytes], self)

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes, none at the end of a file. Raises EOFError where the last piece did not come."""
        if not self._piece and self._room > 0 and not self._is_whole:
            self._piece = int.from_bytes(self._come(SIZE))
            self._is_whole = not self._piece
        data = self._come(self._piece if size < 0 else min(size, self._piece))
        self._piece -= len(data)
        self._room -= len(data)
        return data

    def gone(self) -> bytes:
        """The piece that comes after the last file."""
        return self._come(int.from_bytes(self._come(SIZE)))

    def _come(self, size: int) -> bytes:
        data = self._pipe.read(size)
        if len(data) < size:
            raise EOFError("the lines broke off")
        return data


def main() -> None:
    """Fill a store at the place that is given with the lines from standard input; says why where it cannot."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever sends the lines ends this process
    try:
        streams = _Streams(sys.stdin.buffer)
        _fill(_opened(Path(sys.argv[1])), streams, streams.gone)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
