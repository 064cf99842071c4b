"""The measurements run, and measure what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.texts import pages

ROOT = Path(__file__).parent.parent


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_page_returns_as_it_was():
    made = pages(None, 0.3)
    assert len(set(made)) == len(made) > 20
    assert pages(None, 0.3) == made
    assert 0.3 <= sum(map(len, made)) / 1e6 < 0.33


def test_pages_of_a_folder(tmp_path):
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_text(name, encoding="utf-8")
    assert pages(tmp_path, 1) == [b"a", b"b"]
    assert pages(tmp_path, 0) == [b"a"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (6, ("benchmarks.reading", "--megabytes", "0.02")),
        (10, ("benchmarks.growth", "--megabytes", "0.005")),
        (3, ("benchmarks.hostile", "--characters", "800", "digits", "brackets")),
        (3, ("benchmarks.building", "2", "--workers", "1")),
        (11, ("benchmarks", "reading", "sparql", "turtle", "--statements", "2000", "--megabytes", "0.02")),
    ],
)
def test_each_prints_its_table(lines, words):
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == lines


def test_the_servers_are_measured_against_each_other():
    if shutil.which("virtuoso-t") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("virtuoso-t (virtuoso-opensource-7-bin) is missing")
        pytest.skip("virtuoso-t (virtuoso-opensource-7-bin) is missing")
    done = run("benchmarks", "servers", "--statements", "2000")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("| kg serve | ") == done.stdout.count("| Virtuoso | ") == 5


def test_an_unknown_kind_of_text_is_refused():
    done = run("benchmarks.hostile", "nothing")
    assert done.returncode == 2
    assert "no such kind of text: nothing" in done.stderr
