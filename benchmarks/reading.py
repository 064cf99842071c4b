"""Reading pages, from bytes to facts, against jieba alone on the same text.

    python -m benchmarks.reading [FOLDER] [--megabytes 2]

Without a FOLDER of .txt files the text is made from seeds/. The three take turns, batch by batch, so that a busy
machine slows all of them alike; what counts is the time on the processor. The targets are three times the speed of
jieba.posseg.cut, and 0.4 MB/s.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import jieba
import jieba.posseg

from benchmarks.texts import pages
from kg.extract import extract
from kg.read import decode, read

BATCHES = 8


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Reading pages, from bytes to facts, against jieba alone.")
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of .txt files (default: made from seeds/)")
    parser.add_argument("--megabytes", type=float, default=2.0, help="how much text, in UTF-8 (default: 2)")
    arguments = parser.parse_args()
    texts = pages(arguments.folder, arguments.megabytes)
    runs = runners()
    for run in runs.values():
        run(texts[:1])  # load the dictionaries
    seconds = measure(runs, texts)
    size = sum(map(len, texts)) / 1e6
    print(f"{len(texts)} pages, {size:.2f} MB\n")
    print(f"{'':<24}   MB/s  × posseg     × cut")
    for name, taken in seconds.items():
        ratios = (seconds[other] / taken for other in ("jieba.posseg.cut", "jieba.cut"))
        print(f"{name:<24}{size / taken:7.3f}{''.join(f'{ratio:10.2f}' for ratio in ratios)}")


def runners() -> dict[str, Callable[[Iterable[bytes]], None]]:
    """What reads a batch of pages, by name; ours first."""
    jieba.setLogLevel("ERROR")
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as private:  # jieba trusts whatever cache file it finds in a shared folder
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    tagger = jieba.posseg.POSTokenizer(tokenizer)

    def facts(batch: Iterable[bytes]) -> None:
        for data in batch:
            extract([read(data, "page.txt")])

    def cut(batch: Iterable[bytes]) -> None:
        for data in batch:
            for _ in tokenizer.cut(decode(data)):
                pass

    def tagged(batch: Iterable[bytes]) -> None:
        for data in batch:
            for _ in tagger.cut(decode(data)):
                pass

    return {"tongbao, bytes to facts": facts, "jieba.cut": cut, "jieba.posseg.cut": tagged}


def measure(runners: dict[str, Callable[[Iterable[bytes]], None]], texts: list[bytes]) -> dict[str, float]:
    """Seconds on the processor, by runner."""
    seconds = dict.fromkeys(runners, 0.0)
    for number in range(BATCHES):
        batch = texts[number::BATCHES]
        for name, run in runners.items():
            start = time.process_time()
            run(batch)
            seconds[name] += time.process_time() - start
    return seconds


if __name__ == "__main__":
    main()
