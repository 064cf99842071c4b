"""Builds of growing size: the time they take, how it grows, and the memory.

    python -m benchmarks.building [PAGES…] [--workers 2]

Real-length pages made from seeds/, each another (benchmarks.texts), as JSON Lines. Seconds on the processors count, of
all processes together, because others may keep the machine busy; the exponent is that from the row before: 1 is
linear. Memory is the peak of the first process and of the largest other: a worker, or the one that fills the store.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.texts import moved

ROOT = Path(__file__).parent.parent
SIZES = (250, 500, 1000)
CODE = """
import resource, sys
from kg import cli
if __name__ == "__main__":
    sys.argv[0] = "kg"
    try:
        cli.main()
    finally:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(sum(u.ru_utime + u.ru_stime for u in used), *(u.ru_maxrss / 1024 for u in used))
"""


@dataclass(frozen=True)
class Run:
    """What a build takes: seconds on the processors, and MiB of the first process and of the largest other."""

    seconds: float
    memory: float
    other: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Builds of growing size: time, its growth, and memory.")
    parser.add_argument("pages", nargs="*", type=int, metavar="PAGES", help=f"numbers of pages (default: {SIZES})")
    parser.add_argument("--workers", type=int, default=2, help="processes that read (default: 2)")
    arguments = parser.parse_args()
    print(
        "| pages | MB | build, CPU s | exponent | again, CPU s | one page more, CPU s | MiB | of another process | store MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    last: tuple[int, float] | None = None
    for count in arguments.pages or SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            source, out = Path(temporary, "pages.jsonl"), Path(temporary, "out")
            write_pages(source, count)
            words = ("--output", str(out), "--workers", str(arguments.workers))
            first, again = build(source, *words), build(source, *words)
            size = source.stat().st_size / 1e6
            write_pages(source, count + 1)
            more = build(source, *words)
            exponent = math.log(first.seconds / last[1]) / math.log(count / last[0]) if last else math.nan
            last = count, first.seconds
            store = sum(path.stat().st_size for path in (out / "store").iterdir()) / 1e6
            cells = (f"{first.seconds:.0f}", f"{exponent:.2f}", f"{again.seconds:.0f}", f"{more.seconds:.0f}")
            memory = (f"{max(first.memory, again.memory):.0f}", f"{first.other:.0f}")
            print("|", " | ".join((f"{count}", f"{size:.0f}", *cells, *memory, f"{store:.0f}")), "|", flush=True)


def write_pages(path: Path, count: int) -> None:
    """JSON Lines of so many pages."""
    with path.open("w", encoding="utf-8") as file:
        for number, page in enumerate(itertools.islice(moved(), count)):
            print(json.dumps({"id": f"page-{number:07}", "text": page.decode()}, ensure_ascii=False), file=file)


def build(source: Path, *words: str) -> Run:
    """`kg build` in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{CODE}")
        script.flush()
        command = [sys.executable, script.name, "build", str(source), "--quiet", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Run(*map(float, done.stdout.split()))


if __name__ == "__main__":
    main()
