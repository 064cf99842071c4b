"""How well pages are read: precision, recall and F1 by class and relation, confidence against truth, errors by sort.

`kg.compare` tells how one document counts.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kg.compare import CORE, FIGURE_ALONE, ROWS, Compared, Finding, Outcome, Tag, compare
from kg.errors import Problem
from kg.extract import extract
from kg.formats import load as load_page
from kg.gold import Gold, load
from kg.pipeline import Failure
from kg.private import cover
from kg.read import Page

CORE_ROW = "core/all four"
BIN_EDGES = (0.0, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many were found, wrong (stated and not so) and missed, and the shares that follow (nan: of nothing)."""

    found: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return _share(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.found, self.found + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.found, 2 * self.found + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Bin:
    """The facts stated with a confidence from `low` to below `high` (1 included), and how many of them are right."""

    low: float
    high: float
    facts: int
    right: int

    @property
    def share(self) -> float:
        return _share(self.right, self.facts)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All documents compared."""

    documents: tuple[Compared, ...]

    @property
    def findings(self) -> Iterator[Finding]:
        return (finding for document in self.documents for finding in document.findings)

    def figures(self) -> dict[str, Figures]:
        """The figures by row, those without any count left out; the last row is the four core relations together."""
        return figures(self.findings)

    @property
    def core_f1(self) -> float:
        """F1 of the four core relations together; 0 where there is nothing to find and nothing is stated."""
        core = self.figures().get(CORE_ROW)
        return core.f1 if core else 0.0

    def calibration(self) -> list[Bin]:
        """The stated facts by confidence, the surest first."""
        judged = [
            (finding.confidence, finding.outcome is Outcome.RIGHT)
            for finding in self.findings
            if finding.outcome in (Outcome.RIGHT, Outcome.WRONG) and not math.isnan(finding.confidence)
        ]
        bins = []
        for low, high in reversed(list(pairwise(BIN_EDGES))):
            held = [right for sure, right in judged if low <= sure < high or sure == high == BIN_EDGES[-1]]
            if held:
                bins.append(Bin(low, high, len(held), sum(held)))
        return bins

    def errors(self) -> list[tuple[str, Outcome, Tag, int]]:
        """How often each sort of error occurs: row, wrong or missed, tag and count, the commonest first."""
        counts = Counter((f.row, f.outcome, f.tag) for f in self.findings if is_error(f))
        return [(*error, count) for error, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def is_error(finding: Finding) -> bool:
    """Whether a finding is to be shown as wrong or missed (a figure counts twice, and is shown once)."""
    return finding.outcome in (Outcome.WRONG, Outcome.MISSED) and finding.row != FIGURE_ALONE


def figures(findings: Iterable[Finding]) -> dict[str, Figures]:
    """Found, wrong and missed by row, and for the core relations together."""
    counts = Counter((finding.row, finding.outcome) for finding in findings)
    by_row = {
        row: Figures(*(counts[row, outcome] for outcome in (Outcome.FOUND, Outcome.WRONG, Outcome.MISSED)))
        for row in ROWS
    }
    core = [by_row[f"fact/{relation}"] for relation in CORE]
    by_row[CORE_ROW] = Figures(sum(f.found for f in core), sum(f.wrong for f in core), sum(f.missed for f in core))
    return {row: f for row, f in by_row.items() if f.found + f.wrong + f.missed}


# ---------------------------------------------------------------- files


def _refuse(failure: Failure) -> None:
    raise Problem(f"{failure.name}: {failure.reason}")


def evaluate(gold: Path, texts: Path, failed: Callable[[Failure], None] = _refuse) -> Evaluation:
    """Read each annotated text of the folder `texts` by itself and compare.

    `gold` is an annotation or a folder of them. What cannot be read, or is not the text that was annotated, is
    reported to `failed` and skipped; without it, raises `Problem`.
    """
    paths = sorted(gold.glob("*.json")) if gold.is_dir() else [gold]
    if not paths:
        failed(Failure(str(gold), "no .json file in this folder"))
    compared = []
    for path in paths:
        try:
            annotated = load(path)
        except (OSError, ValueError) as error:
            failed(Failure(str(path), getattr(error, "strerror", None) or str(error)))
            continue
        source = texts / annotated.document
        try:
            page = _page(source, annotated)
        except (OSError, ValueError) as error:
            failed(Failure(str(source), getattr(error, "strerror", None) or str(error)))
            continue
        compared.append(compare(annotated, page, extract([page])))
    return Evaluation(tuple(compared))


def _page(source: Path, annotated: Gold) -> Page:
    data = source.read_bytes()
    if annotated.sha256 and hashlib.sha256(data).hexdigest() != annotated.sha256:
        raise ValueError("not the text that was annotated (its SHA-256 differs)")
    return cover(load_page(data, annotated.document))
