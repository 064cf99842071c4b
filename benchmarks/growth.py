"""How the time to read one page grows with its length: 1, 2, 4 and 8 times, as one line and as many lines.

    python -m benchmarks.growth [--megabytes 2.5]

The exponent is that of the last doubling: 1 is linear, 2 quadratic. The longest page has 8 times the megabytes given.
"""

from __future__ import annotations

import argparse
import math
import resource
import time

from benchmarks.texts import pages
from kg.extract import extract
from kg.read import read

TIMES = (1, 2, 4, 8)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How the time to read one page grows with its length.")
    parser.add_argument("--megabytes", type=float, default=2.5, help="the shortest page, in UTF-8 (default: 2.5)")
    arguments = parser.parse_args()
    extract([read(pages(None, 0)[0], "page.txt")])  # load the dictionaries
    print(f"{'':<12}      MB  read s  facts s    MB/s  exponent")
    for shape, joiner in (("many lines", "\n\n"), ("one line", "")):
        before = math.nan
        for times in TIMES:
            data = _page(arguments.megabytes * times, joiner)
            start = time.process_time()
            page = read(data, "page.txt")
            middle = time.process_time()
            extract([page])
            end = time.process_time()
            size, taken = len(data) / 1e6, end - start
            exponent = math.log2(taken / before)
            shown = "" if math.isnan(exponent) else f"{exponent:10.2f}"
            print(
                f"{shape:<12}{size:8.2f}{middle - start:8.2f}{end - middle:9.2f}{size / taken:8.3f}{shown}", flush=True
            )
            before = taken
    print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _page(megabytes: float, joiner: str) -> bytes:
    texts = (data.decode() for data in pages(None, megabytes))
    return joiner.join(text if joiner else "".join(text.split()) for text in texts).encode()


if __name__ == "__main__":
    main()
