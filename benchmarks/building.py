"""Builds of growing size: reading with one and two processes, building again, adding one page, and the memory it takes.

Run as `python benchmarks/building.py [PAGES…]`. Each row is measured in processes of its own; ratios are what counts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIZES = (400, 1600)


def pages(path: Path, count: int) -> None:
    """JSON Lines of so many pages: the seeds over and over, each with a first line of its own."""
    seeds = [seed.read_text(encoding="utf-8") for seed in sorted((ROOT / "seeds").glob("*.txt"))]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            row = {"id": f"page-{number:07}", "text": f"{seeds[number % len(seeds)]}\n编号{number}\n"}
            print(json.dumps(row, ensure_ascii=False), file=file)


def run(*words: str) -> tuple[float, float]:
    """Seconds and peak MiB of `kg build` with these words."""
    code = (
        "import sys, resource, time; from kg import cli\nif __name__ == '__main__':\n"
        " sys.argv[0] = 'kg'; begun = time.perf_counter()\n try: cli.main()\n"
        " finally: print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}")
        script.flush()
        done = subprocess.run(
            [sys.executable, script.name, "build", "--quiet", *words], capture_output=True, text=True, check=True
        )
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print("| pages | 1 process, s | 2 processes, s | again, s | one page more, s | MiB |")
    print("|---|---|---|---|---|---|")
    for count in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            source, one, two = (str(Path(temporary, name)) for name in ("pages.jsonl", "one", "two"))
            pages(Path(source), count)
            alone, memory = run(source, "--output", one, "--workers", "1")
            both, _ = run(source, "--output", two, "--workers", "2")
            again, _ = run(source, "--output", one, "--workers", "1")
            pages(Path(source), count + 1)
            more, _ = run(source, "--output", one, "--workers", "1")
            print(f"| {count} | {alone:.1f} | {both:.1f} | {again:.1f} | {more:.1f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
