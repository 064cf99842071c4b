"""Lines into a store: the same in this process and in one of its own, and no store where anything goes wrong."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyoxigraph as ox
import pytest

from kg import loading
from kg.loading import Loader

LINES = [f'<https://example.org/{number % 700}> <https://example.org/p> "{number}\\n号" .\n' for number in range(9000)]
WHOLE = set(ox.parse("".join(LINES), format=ox.RdfFormat.N_QUADS))


@pytest.fixture
def apart(monkeypatch):
    """A process of its own even for few lines, which come in small pieces."""
    monkeypatch.setattr(loading, "FEW", 10)
    monkeypatch.setattr(loading, "PIECE", 64)


def held(place: Path) -> set[ox.Quad]:
    return set(ox.Store.read_only(str(place)))


def test_few_lines_are_loaded_here(tmp_path):
    with Loader(tmp_path / "store") as loader:
        loader.add(LINES[:40])
        loader.add(LINES[40:50])
        assert loader._process is None
    assert held(tmp_path / "store") == set(ox.parse("".join(LINES[:50]), format=ox.RdfFormat.N_QUADS))


def test_nothing_is_a_store_too(tmp_path):
    with Loader(tmp_path / "store"):
        pass
    assert held(tmp_path / "store") == set()


@pytest.mark.parametrize("at_once", [1, 10, 11, 12, 64, 9000])
def test_many_are_loaded_in_a_process_of_its_own(tmp_path, apart, at_once):
    with Loader(tmp_path / "store") as loader:
        for start in range(0, len(LINES), at_once):
            loader.add(iter(LINES[start : start + at_once]))
        assert loader._process is not None
    assert loader._process.returncode == 0
    assert held(tmp_path / "store") == WHOLE


def piped(*pieces: list[str] | None) -> io.BytesIO:
    """What comes through the pipe: pieces to add, and at None the end."""
    texts = [(loading.END, b"") if piece is None else (loading.ADD, "".join(piece).encode()) for piece in pieces]
    return io.BytesIO(b"".join(what + len(text).to_bytes(loading.SIZE) + text for what, text in texts))


@pytest.mark.parametrize("stream", [1, 5000, 10**9])
def test_a_long_stream_is_loaded_in_several(tmp_path, monkeypatch, stream):
    monkeypatch.setattr(loading, "STREAM", stream)
    pieces = [LINES[start : start + 900] for start in range(0, len(LINES), 900)]
    read, load = [], loading._load

    def loaded(store: ox.Store, file: IO[bytes]) -> None:
        read.append(b"".join(iter(lambda: file.read(1000), b"")))
        load(store, read[-1])

    monkeypatch.setattr(loading, "_load", loaded)
    opened = ox.Store(str(tmp_path / "store"))
    loading._Pieces(piped(*pieces, [], None)).carry_out(opened)
    assert b"".join(read) == "".join(LINES).encode()
    assert all(text.endswith(b"\n") for text in read if text)
    assert len([text for text in read if text]) == {1: 10, 5000: 10, 10**9: 1}[stream]
    assert set(opened) == WHOLE


def test_lines_are_added_and_removed_in_the_order_they_are_given(tmp_path):
    place = tmp_path / "store"
    with Loader(place) as loader:
        loader.add(LINES[:5000])
    with Loader(place) as loader:
        loader.remove(LINES[:3000])
        loader.add(LINES[2000:2500])
        loader.add(LINES[5000:6000])
        loader.remove(LINES[5500:7000])
        loader.add(LINES[6999:7000])
    expected = [*LINES[2000:2500], *LINES[3000:5500], LINES[6999]]
    assert held(place) == set(ox.parse("".join(expected), format=ox.RdfFormat.N_QUADS))


def test_lines_are_not_held_but_sent(tmp_path, apart):
    held_at_once = []

    def lines() -> Iterator[str]:
        for line in LINES:
            held_at_once.append(len(loader._held))
            yield line

    with Loader(tmp_path / "store") as loader:
        loader.add(lines())
    assert max(held_at_once) <= loading.FEW + 1
    assert held(tmp_path / "store") == WHOLE


def test_graphs_are_dropped_with_their_names(tmp_path):
    place, quads = (
        tmp_path / "store",
        [line.replace(" .\n", f" <https://example.org/g{number % 3}> .\n") for number, line in enumerate(LINES)],
    )
    with Loader(place) as loader:
        loader.add(quads)
    with Loader(place) as loader:
        loader.drop(["<https://example.org/g1>", "<https://example.org/g2>"])
        loader.add(quads[2:3])
    left = ox.Store.read_only(str(place))
    assert {graph.value[-2:] for graph in left.named_graphs()} == {"g0", "g2"}
    assert len(left) == 3001


def test_a_store_can_be_added_to_many_times(tmp_path):
    place = tmp_path / "store"
    for start in range(0, 9000, 900):
        with Loader(place) as loader:
            loader.add(LINES[start : start + 900])
    with Loader(place):
        pass
    assert held(place) == WHOLE


@pytest.mark.parametrize("cut", [0, 4, 8, 100, -9, -8, -4])
def test_a_stream_that_breaks_off_is_an_error(tmp_path, cut):
    data = piped(LINES[:20], LINES[20:30], None).getvalue()
    with pytest.raises(EOFError, match="broke off"):
        loading._Pieces(io.BytesIO(data[:cut])).carry_out(ox.Store(str(tmp_path / "store")))


def test_who_is_cut_off_ends_by_itself_without_a_store(tmp_path):
    place = tmp_path / "store"
    done = subprocess.run(
        [sys.executable, "-P", loading.__file__, str(place)],
        input=piped(LINES[:20]).getvalue(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"the lines broke off\n")
    assert held(place) == set()


def test_where_the_store_cannot_be_written_the_reason_is_given(tmp_path, apart):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file/store"), Loader(tmp_path / "file/store") as loader:
        for line in LINES * 20:
            loader.add([line])


def test_a_full_disk_is_an_error(tmp_path, apart):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.raises(OSError, match="too large"), Loader(tmp_path / "store") as loader:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))  # as far as a process can see, a disk of 100 kB
        try:
            loader.add(LINES[:20])  # here the process starts
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        loader.add(LINES)


def test_the_end_of_the_process_is_an_error(tmp_path, apart):
    with pytest.raises(OSError, match="ended by signal 9"), Loader(tmp_path / "store") as loader:
        loader.add(LINES[:20])
        assert loader._process
        loader._process.kill()
        for line in LINES * 100:
            loader.add([line])


def test_an_error_of_the_sender_ends_the_process(tmp_path, apart):
    start = time.monotonic()
    with pytest.raises(ZeroDivisionError), Loader(tmp_path / "store") as loader:
        loader.add(LINES[:20])
        raise ZeroDivisionError
    assert loader._process and loader._process.returncode == -9
    assert time.monotonic() - start < 10


def test_what_is_no_line_is_an_error(tmp_path, apart):
    with pytest.raises(OSError, match="line 31"), Loader(tmp_path / "store") as loader:
        loader.add([*LINES[:30], "not a line\n"])
