"""Builds on a dask cluster of worker processes on this machine: the same bytes, also when workers are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
import samples
from distributed import Client, LocalCluster

from kg import cluster, pipeline, store, workers
from kg.errors import Problem
from kg.inputs import Failure
from kg.notes import Notes
from kg.read import Page

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two worker processes."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1, "distributed.comm.timeouts.connect": "2s"}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", protocol="tcp://") as running,
    ):
        yield running.scheduler_address


def build(pages: Path, output: Path, failures: list[Failure], **options: object) -> tuple[bytes, bytes, set[str]]:
    """Builds; the bytes of Turtle and page, and the quads of the store."""
    pipeline.build(pipeline.find([pages], failures.append), output, failures.append, **options)
    quads = set(map(str, store.read(output)))
    return (output / "graph.ttl").read_bytes(), (output / "graph.html").read_bytes(), quads


def pids(scheduler: str) -> list[int]:
    with Client(scheduler, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def patient(page: Page) -> Notes:
    time.sleep(0.1)
    return samples.read_page(page)


def hostile(page: Page) -> Notes:
    if page.document.text == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    return samples.read_page(page)


def test_the_same_bytes_as_on_one_machine(tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr(workers, "CHUNK_PAGES", 1)
    failures: list[Failure] = []
    assert build(SEEDS, tmp_path / "there", failures, scheduler=scheduler) == build(SEEDS, tmp_path / "here", failures)
    assert failures == []


def test_a_worker_is_killed_in_the_middle(tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr(workers, "CHUNK_PAGES", 2)
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(60):
        (pages / f"{number}.txt").write_text(f"{number}局", encoding="utf-8")
    failures: list[Failure] = []
    whole = build(pages, tmp_path / "here", failures, read_page=samples.read_page)
    before = pids(scheduler)
    read: list[str] = []
    add = pipeline.Ledger.add

    def adding(ledger: pipeline.Ledger, key: str, packed: bytes) -> None:
        if len(read) == 9:
            os.kill(before[0], signal.SIGKILL)
        read.append(key)
        add(ledger, key, packed)

    monkeypatch.setattr(pipeline.Ledger, "add", adding)
    assert build(pages, tmp_path / "there", failures, scheduler=scheduler, read_page=patient) == whole
    assert failures == []
    assert len(read) == 60
    assert before[0] not in pids(scheduler)


def test_a_page_that_kills_its_workers_takes_no_other_down(tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr(workers, "CHUNK_PAGES", 1)
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("甲局", "kill", "乙局"):
        (pages / f"{name}.txt").write_text(name, encoding="utf-8")
    failures: list[Failure] = []
    build(pages, tmp_path / "out", failures, scheduler=scheduler, read_page=hostile)
    assert failures == [Failure("kill.txt", "could not be read (its workers ended)")]


def test_workers_with_other_rules_are_refused(tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr(cluster, "rules_version", lambda: "other")
    with pytest.raises(cluster.OtherRules, match="install the same"):
        build(SEEDS, tmp_path / "out", [], scheduler=scheduler)


def test_no_scheduler_is_one_clear_line(tmp_path):
    command = [sys.executable, "-c", f"from kg import cluster, cli; cluster.SECONDS = 1; import sys; sys.argv = {['kg', 'build', str(SEEDS), '--output', str(tmp_path / 'out'), '--scheduler', 'tcp://127.0.0.1:9']!r}; cli.main()"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("kg: tcp://127.0.0.1:9: no dask scheduler")


def test_no_worker_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "SECONDS", 1)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", protocol="tcp://") as empty,
        pytest.raises(Problem, match="no worker has come in 1 s"),
    ):
        build(SEEDS, tmp_path / "out", [], scheduler=empty.scheduler_address)
