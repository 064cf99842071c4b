"""Figures in the columns of a table: a line of headings, and under it lines of a name and as many numbers.

产品      抽查批次  合格批次  合格率
塑料袋    140       127       90.7%

Rows of a file that has tables of its own come with a bar between the cells: 塑料袋 | 140 | 127 | 90.7%。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.mentions.quantities import COUNTERS, SCALES, Figure
from kg.model import Quantity
from kg.read import Sentence

CELL = re.compile(rf"([0-9][0-9,]*(?:\.[0-9]+)?)([万亿]?)({COUNTERS})?$")
BETWEEN_BARS = re.compile(r"[^|。 ](?:[^|。]*[^|。 ])?")
LONGEST = 80  # no row of a table has more characters
UNIT = re.compile(rf"(?:[（(]({COUNTERS})[）)]|({COUNTERS}))$")
NAME = re.compile(r"[\u3400-\u9fff（）“”]{2,16}$")
HEADING = re.compile(r"[\u3400-\u9fff（）()“”%]{2,16}$")
RATE = re.compile(r"(?:率|占比|比重|比例)$")


def figures(sentences: Sequence[Sentence]) -> dict[int, list[Figure]]:
    """The figures of the tables among the lines of an article, by the number of the line."""
    found: dict[int, list[Figure]] = {}
    head: list[str] = []
    for i, sentence in enumerate(sentences):
        if len(sentence.text) > LONGEST or (sentence.text.endswith("。") and "|" not in sentence.text):
            head = []
            continue
        row = cells(sentence)
        texts = [sentence.text[a:b] for a, b in row]
        if head and len(row) == len(head) + 1 and "|" in sentence.text:
            head = ["", *head]  # no heading over the names
        if row and len(row) == len(head) and (read := list(_row(sentence, row, head))):
            found[i] = read
        else:
            least = 2 if "|" in sentence.text else 3
            head = texts if len(texts) >= least and all(HEADING.match(text) for text in texts) else []
    return found


def cells(sentence: Sentence) -> list[tuple[int, int]]:
    """The stretches of a line between its bars, or between its gaps, those that reading has closed included."""
    if "|" in sentence.text:
        return [m.span() for m in BETWEEN_BARS.finditer(sentence.text)]
    found, start = [], 0
    for i in range(1, len(sentence.text) + 1):
        gap = i == len(sentence.text) or sentence.offsets[i] > sentence.offsets[i - 1] + 1 or sentence.text[i] == " "
        if gap:
            if sentence.text[start:i].strip():
                found.append((start + (sentence.text[start] == " "), i))
            start = i
    return found


def _row(sentence: Sentence, row: list[tuple[int, int]], head: list[str]) -> Iterator[Figure]:
    """The figures of a line under the headings; none where a number has no unit of its own or in its heading."""
    name = sentence.text[slice(*row[0])]
    if not NAME.match(name):
        return
    for (start, end), title in zip(row[1:], head[1:], strict=True):
        m = CELL.match(sentence.text[start:end])
        unit = (m[3] or _unit(title)) if m else ""
        if m is None or not unit:
            continue
        value = float(m[1].replace(",", "")) * SCALES.get(m[2] or (unit[0] if unit in ("万元", "亿元") else ""), 1)
        unit = "元" if unit in ("万元", "亿元") else unit
        quantity = Quantity(
            round(value, 6), unit, "exact", sentence.text[start:end], name + re.sub(r"[（(].*", "", title)
        )
        yield Figure(start, end, quantity, (0, end))


def _unit(title: str) -> str:
    """The unit that the heading of a column gives: 罚款（万元）, 抽查批次, 合格率."""
    m = UNIT.search(title)
    return (m[1] or m[2]) if m else "%" if RATE.search(title) else ""
