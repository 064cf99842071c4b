"""An evaluation for people and programs: lines for the terminal, a JSON object, and a page with the texts marked.

The page is one HTML file without scripts; its Content-Security-Policy allows its own style, by digest, alone.
"""

from __future__ import annotations

import base64
import hashlib
import html
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import pairwise
from string import Template
from typing import Any

from kg.compare import Compared, Finding, Outcome, Tag
from kg.errors import one_line
from kg.evaluate import CORE_ROW, Bin, Evaluation, Figures, is_error
from kg.model import Span
from kg.vocab import CLASSES, RELATIONS

SURE = 0.9
COMMONEST = 10
LABELS = {term.name: term.zh for term in (*CLASSES, *RELATIONS)} | {"metric_value": "数值", "all four": "四种核心关系"}
OUTCOMES = {Outcome.FOUND: "找到", Outcome.WRONG: "错误", Outcome.MISSED: "遗漏", Outcome.RIGHT: "正确"}
TAGS = {
    Tag.BOUNDARY: "边界不对",
    Tag.TYPE: "类型不对",
    Tag.SUBJECT: "主体不对",
    Tag.OBJECT: "对象不对",
    Tag.VALUE: "数值不对",
    Tag.MEASURE: "计量对象不对",
    Tag.MERGED: "误并",
    Tag.SPLIT: "误拆",
    Tag.NOT_A_FACT: "并非事实",
    Tag.NOT_FOUND: "未读出",
}
# Controls that reorder or hide the text around them, and half characters that no encoding can hold.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def sure(bins: Iterable[Bin], floor: float = SURE) -> Bin:
    """The facts with a confidence of `floor` and above, together."""
    above = [b for b in bins if b.low >= floor]
    return Bin(floor, 1.0, sum(b.facts for b in above), sum(b.right for b in above))


# ---------------------------------------------------------------- lines


def errors(evaluation: Evaluation) -> Iterator[str]:
    """What is wrong and missed, document by document, each with its sort of error and its sentence."""
    for document in evaluation.documents:
        shown = [finding for finding in document.findings if is_error(finding)]
        if shown:
            yield one_line(document.name)
        for finding in shown:
            yield one_line(f"  {finding.outcome:<7} {finding.kind:<16} {finding.text}  [{finding.tag}]")
            if finding.sentence:
                yield one_line(f"          {finding.sentence}")


def summary(evaluation: Evaluation) -> Iterator[str]:
    """The figures, the share that is right by confidence, and the commonest errors."""
    title = f"{len(evaluation.documents)} documents"
    yield f"{title:<25} precision  recall      F1   found   wrong  missed"
    for row, figures in evaluation.figures().items():
        group, _, name = row.partition("/")
        shares = "".join(f"{_number(share):>8}" for share in (figures.precision, figures.recall, figures.f1))
        yield f"{group:<7} {name:<19}{shares}{figures.found:8}{figures.wrong:8}{figures.missed:8}"
    if bins := evaluation.calibration():
        yield ""
        yield "confidence        facts   right   share"
        for b in bins:
            yield f"{b.low:.2f} to {b.high:.2f}    {b.facts:7} {b.right:7} {_number(b.share):>7}"
        together = sure(bins)
        yield f"{SURE:.2f} and above  {together.facts:7} {together.right:7} {_number(together.share):>7}"
    if commonest := evaluation.errors()[:COMMONEST]:
        yield ""
        yield "commonest errors"
        for row, outcome, tag, count in commonest:
            yield f"{count:7}  {outcome:<7} {row.partition('/')[2]:<16} {tag}"


def _number(share: float) -> str:
    return "-" if math.isnan(share) else f"{share:.3f}"


# ---------------------------------------------------------------- JSON


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation as JSON values; a share of nothing is null."""
    return {
        "documents": len(evaluation.documents),
        "figures": {row: _figures(figures) for row, figures in evaluation.figures().items()},
        "calibration": [
            {"low": b.low, "high": b.high, "facts": b.facts, "right": b.right, "share": b.share}
            for b in evaluation.calibration()
        ],
        "errors": [
            {
                "document": document.name,
                "outcome": finding.outcome,
                "kind": finding.kind,
                "tag": finding.tag,
                "text": finding.text,
                "spans": [[span.start, span.end] for span in finding.spans],
                "sentence": finding.sentence,
            }
            for document in evaluation.documents
            for finding in document.findings
            if is_error(finding)
        ],
    }


def _figures(figures: Figures) -> dict[str, float | None]:
    shares = {"precision": figures.precision, "recall": figures.recall, "f1": figures.f1}
    counts = {"found": figures.found, "wrong": figures.wrong, "missed": figures.missed}
    return {name: None if math.isnan(share) else share for name, share in shares.items()} | counts


# ---------------------------------------------------------------- the page


def page(evaluation: Evaluation) -> str:
    """The texts with what is right, wrong and missed marked in place, and the figures above them."""
    assets = files("kg") / "assets"
    style = (assets / "evaluate.css").read_text(encoding="utf-8")
    core = evaluation.figures().get(CORE_ROW, Figures(0, 0, 0))
    return Template((assets / "evaluate.html").read_text(encoding="utf-8")).substitute(
        digest=f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'",
        style=style,
        documents=len(evaluation.documents),
        core=_number(core.f1),
        precision=_number(core.precision),
        recall=_number(core.recall),
        figures="".join(_figures_row(row, figures) for row, figures in evaluation.figures().items()),
        bins="".join(_bin_row(f"{b.low:.2f}–{b.high:.2f}", b) for b in evaluation.calibration()),
        sure=_bin_row(f"≥ {SURE:.2f}", sure(evaluation.calibration())),
        errors="".join(
            _row(_label(row), OUTCOMES[outcome], _tag(tag), count)
            for row, outcome, tag, count in evaluation.errors()[:COMMONEST]
        ),
        contents="".join(_contents(number, d) for number, d in enumerate(evaluation.documents)),
        texts="".join(_document(number, d) for number, d in enumerate(evaluation.documents)),
    )


def _row(*cells: object) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _figures_row(row: str, figures: Figures) -> str:
    shares = (_number(share) for share in (figures.precision, figures.recall, figures.f1))
    return _row(_label(row), *shares, figures.found, figures.wrong, figures.missed)


def _bin_row(label: str, held: Bin) -> str:
    return _row(label, held.facts, held.right, _number(held.share))


def _label(row: str) -> str:
    name = row.partition("/")[2]
    return f"{LABELS[name]} <small>{name}</small>"


def _tag(tag: Tag) -> str:
    return f'<b class="tag">{TAGS[tag]}</b> <small>{tag}</small>'


def _text(text: str) -> str:
    return html.escape(_UNSAFE.sub("\ufffd", text))


def _counts(document: Compared) -> str:
    counts = Counter(f.outcome for f in document.findings if is_error(f) or _is_right_fact(f))
    return " ".join(
        f'<span class="{outcome}">{OUTCOMES[outcome]} {counts[outcome]}</span>'
        for outcome in (Outcome.RIGHT, Outcome.WRONG, Outcome.MISSED)
    )


def _is_right_fact(finding: Finding) -> bool:
    return finding.outcome is Outcome.RIGHT and finding.row.startswith("fact/")


def _contents(number: int, document: Compared) -> str:
    return f'<li><a href="#d{number}">{_text(document.name)}</a> {_counts(document)}</li>\n'


def _document(number: int, document: Compared) -> str:
    """One text with its marks; wrong and missed ones carry the number of the note that tells more."""
    shown = [finding for finding in document.findings if is_error(finding) or _is_right_fact(finding)]
    to_note = [index for index, finding in enumerate(shown) if is_error(finding)]
    noted = {index: f"{number}-{count}" for count, index in enumerate(to_note, 1)}
    notes = "".join(_notes((anchor, shown[index]) for index, anchor in noted.items()))
    return (
        f'<section id="d{number}">\n<h2>{_text(document.name)} <span>{_counts(document)}</span></h2>\n'
        f'<div class="print" lang="zh">{"".join(_marked(document.text, shown, noted))}</div>\n'
        f'<ol class="notes">\n{notes}</ol>\n</section>\n'
    )


def _notes(numbered: Iterable[tuple[str, Finding]]) -> Iterator[str]:
    """A note for each mark; a sentence is quoted once for the notes on it that follow each other."""
    quoted = ""
    for anchor, finding in numbered:
        sentence = f"<q>{_text(finding.sentence)}</q>" if finding.sentence not in ("", quoted) else ""
        quoted = finding.sentence
        number = anchor.rpartition("-")[2]
        where = f'<a href="#m{anchor}">{number}</a>' if finding.spans else number
        yield (
            f'<li id="n{anchor}" class="{finding.outcome}"><span class="number">{where}</span> '
            f"<b>{OUTCOMES[finding.outcome]}</b> {_label(finding.row)} {_tag(finding.tag)}"
            f"<p>{_text(finding.text)}</p>{sentence}</li>\n"
        )


def _marked(text: str, shown: list[Finding], noted: dict[int, str]) -> Iterator[str]:
    """The text cut where a mark begins or ends; each piece has the classes of all marks on it."""
    edges = {edge for finding in shown for span in finding.spans for edge in (span.start, span.end)}
    places = sorted({0, len(text), *edges})
    starting: dict[int, list[tuple[int, Span]]] = {}
    for index, finding in enumerate(shown):
        for span in finding.spans:
            starting.setdefault(span.start, []).append((index, span))
    numbered: set[str] = set()
    open_marks: list[tuple[int, Span]] = []
    for start, end in pairwise(places):
        open_marks = [mark for mark in open_marks if mark[1].end > start] + starting.get(start, [])
        for index, span in open_marks:
            if span.start == start and index in noted and noted[index] not in numbered:
                numbered.add(noted[index])
                yield _number_mark(noted[index], shown[index])
        piece = _text(text[start:end])
        if not open_marks:
            yield piece
            continue
        classes = " ".join(sorted({shown[index].outcome for index, _ in open_marks}))
        titles = dict.fromkeys(_title(shown[index]) for index, _ in open_marks)
        yield f'<mark class="{classes}" title="{html.escape(chr(10).join(titles))}">{piece}</mark>'


def _number_mark(anchor: str, finding: Finding) -> str:
    number = anchor.rpartition("-")[2]
    return f'<sup id="m{anchor}" class="{finding.outcome}"><a href="#n{anchor}">{number}</a></sup>'


def _title(finding: Finding) -> str:
    text = f"{OUTCOMES[finding.outcome]} {LABELS[finding.kind]}: {finding.text}"
    return _UNSAFE.sub("\ufffd", text + (f" [{TAGS[finding.tag]}]" if finding.tag else ""))
