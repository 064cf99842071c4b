"""Text made to keep a reader busy: does the time to read it grow faster than its length?

    python -m benchmarks.hostile [NAME…] [--characters 200000]

Each kind of text is read at 1/8, 1/4, 1/2 and 1/1 of that length, in a process that is stopped after 60 s. The exponent
is that of the last doubling: 1 is linear, 2 quadratic. Where it is above 1.3, the functions that took the most time
are named, those that call patterns with them. Exit status 1 where there is one.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import multiprocessing
import pstats
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.texts import pages
from kg.extract import extract
from kg.read import read

LIMIT = 60.0
LINEAR = 1.3
SHORT = 0.02  # seconds: too short to tell how they grow
T = TypeVar("T")
CODE = str(Path(__file__).parent.parent / "kg")


def _times(piece: str) -> Callable[[int], str]:
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def _plain(unwanted: str) -> Callable[[int], str]:
    """Pages of news on one line, without some characters."""

    def text(length: int) -> str:
        joined = "".join(data.decode() for data in pages(None, 4 * length / 1e6))
        return joined.translate(str.maketrans("", "", unwanted + " \n"))[:length]

    return text


def _random(alphabet: str) -> Callable[[int], str]:
    return lambda length: "".join(random.Random(0).choices(alphabet, k=length))


KINDS: dict[str, Callable[[int], str]] = {
    "one character": _times("的"),
    "one head": _times("局"),
    "bare headings": _times("水利局护堤\n"),
    "items": _times("▲海淀区水利局护堤3处。\n"),
    "briefs": _times("简讯\n海淀区水利局护堤3处。\n"),
    "continued": _times("护堤\n\n（上接“护堤三十里”）封堵口子3处。\n\n"),
    "torn": _times("　　海淀区水利局护堤三十里封堵\n口子3处，"),
    "rows of a table": _times("口子 3 4 5%\n"),
    "police bureaus": _times("公安局"),
    "counties": _times("县"),
    "regions": _times("海淀区"),
    "bureau of bureau": _times("海淀区公安局"),
    "stations in a row": _times("东路派出所"),
    "bare parts": _times("禁毒大队"),
    "parts in a list": _times("东城、"),
    "detachments in a list": _times("东城、西城、刑侦三个派出所"),
    "pairs of counties": _times("甲县、乙县公安局、"),
    "pointers": _times("该局"),
    "digits": _times("7"),
    "figures": _times("抓获嫌疑人12名"),
    "figures, commas": _times("抓获嫌疑人12名，"),
    "figures, same": _times("12名、"),
    "changes": _times("同比下降8%"),
    "changes in a list": _times("分别上升8%、9%、"),
    "numerals": _times("三百二十"),
    "thousands": _times("1,000,"),
    "percents": _times("百分之三十"),
    "opening quotes": _times("“"),
    "closing quotes": _times("”"),
    "short quotes": _times("“护江”"),
    "quotes, commas": _times("“护江”、"),
    "speech and figures": _times("“我，" * 300 + "查处6起，" * 40 + "。"),
    "straight quotes": _times('"'),
    "open titles": _times("《"),
    "nested titles": _times("《〈"),
    "titles": _times("《关于护江的意见》"),
    "brackets": _times("（"),
    "brackets in brackets": lambda n: "（" * (n // 2) + "）" * (n // 2),
    "list commas": _times("、"),
    "commas": _times("，"),
    "dots": _times("…"),
    "full stops": _times("。"),
    "drives": _times("专项行动"),
    "drives, named": _times("护江专项行动"),
    "drives of drives": _times("开展护江专项整治行动和"),
    "carries out": _times("组织开展"),
    "carries out, commas": _times("组织开展，"),
    "plans": _times("将继续"),
    "cooperates": _times("联合海淀区公安局"),
    "cooperates, list": _times("联合海淀区公安局、通州区公安局、"),
    "posts": _times("局长"),
    "posts and names": _times("局长王建国"),
    "posts, list": _times("党委书记、局长、"),
    "names": _times("王建国、"),
    "awards": _times("荣获“先进集体”称号"),
    "awards, open": _times("荣获"),
    "issues": _times("印发《护江办法》"),
    "facilities": _times("建成护江指挥中心"),
    "dates": _times("2024年5月6日"),
    "ranges of dates": _times("5月6日至"),
    "half lines": _times("海淀区公安局开展行动\n"),
    "full lines": _times("海淀区公安局组织民警在辖区内持续开展护江专项行动\n"),
    "headings": _times("# 护江\n"),
    "numbered": _times("一、护江行动\n"),
    "datelines": _times("海淀讯 护江。\n"),
    "blank lines": _times("\n"),
    "spaces": _times("护 "),
    "spaces alone": _times(" "),
    "latin": _times("a"),
    "no punctuation": _plain("，。；：！？、“”《》（）…,.;:!?()\"'"),
    "no full stops": _plain("。！？…!?."),
    "no commas": _plain("，；：,;:"),
    "random han": _random("".join(chr(c) for c in range(0x4E00, 0x9FA6))),
    "random news": _random("局县市区公安的、，。“”《》（）12年月名起开展行动专项王长将"),
}


def main() -> int:
    """Print the table; 1 where a kind of text takes more than linear time."""
    parser = argparse.ArgumentParser(description="Does the time to read hostile text grow faster than its length?")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the kinds of text (default: all)")
    parser.add_argument("--characters", type=int, default=200_000, help="the longest text (default: 200000)")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(KINDS):
        parser.error(f"no such kind of text: {min(unknown)}")
    extract([read(pages(None, 0)[0], "page.txt")])  # load the dictionaries, which each process inherits
    lengths = [arguments.characters // part for part in (8, 4, 2, 1)]
    print(f"{'':<22}{''.join(f'{length:>10}' for length in lengths)}  exponent")
    worse = [name for name in arguments.names or KINDS if not _linear(name, lengths)]
    return 1 if worse else 0


def _linear(name: str, lengths: list[int]) -> bool:
    """Measure one kind of text and print its line; whether the time grows with the length and no faster."""
    seconds: list[float] = []
    for length in lengths:
        seconds.append(_apart(_seconds, name, length, math.inf))
        if seconds[-1] == math.inf:
            break
    exponent = math.log2(seconds[-1] / seconds[-2]) if seconds[-1] > SHORT else 0.0
    linear = exponent <= LINEAR
    shown = "".join(f"{taken:10.2f}" if taken < math.inf else f"{'stopped':>10}" for taken in seconds)
    print(
        f"{name:<22}{shown:<40}{exponent:10.2f}  {'' if linear else _apart(_where, name, lengths[0], '?')}", flush=True
    )
    return linear


def _apart(work: Callable[[str, int], T], name: str, length: int, otherwise: T) -> T:
    """What `work` returns in a process of its own; `otherwise` where that has to be stopped."""
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as pool:
        try:
            return pool.apply_async(work, (name, length)).get(LIMIT)
        except multiprocessing.TimeoutError:
            return otherwise


def _seconds(name: str, length: int) -> float:
    data = KINDS[name](length).encode()
    start = time.process_time()
    extract([read(data, "page.txt")])
    return time.process_time() - start


def _where(name: str, length: int) -> str:
    """The functions of the reader that took the most time, patterns and other built-ins counted to their callers."""
    data = KINDS[name](length).encode()
    profile = cProfile.Profile()
    profile.enable()
    extract([read(data, "page.txt")])
    profile.disable()
    own: dict[str, float] = {}
    total = 0.0
    for (file, line, function), (_, _, taken, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        total += taken
        if file.startswith(CODE):
            place = f"{Path(file).stem}.{function}:{line}"
            own[place] = own.get(place, 0.0) + taken
            continue
        for (caller_file, caller_line, caller), (_, _, share, _) in callers.items():
            if caller_file.startswith(CODE):
                place = f"{Path(caller_file).stem}.{caller}:{caller_line}"
                own[place] = own.get(place, 0.0) + share
    worst = sorted(own.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{place} {taken / total:.0%}" for place, taken in worst)


if __name__ == "__main__":
    sys.exit(main())
