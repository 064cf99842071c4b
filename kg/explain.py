"""Why: each sentence of a file, what was seen in it, each fact with its rule, and what was considered and left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg import extract
from kg.read import read
from kg.relations import PLACEHOLDER

LETTERS = {mark: letter for letter, mark in PLACEHOLDER.items()}


def explain(path: Path) -> Iterator[str]:
    """The lines of an explanation of one file. Raises OSError or ValueError where it cannot be read."""
    page = read(path.read_bytes(), path.name)
    yield f"# {page.document.name}" + "".join(f"  {x}" for x in (page.document.paper, page.document.date, page.document.page) if x)
    trace: list[extract.Trace] = []
    extract.read_page(page, trace)
    article = -1
    for step in trace:
        if step.article != article:
            article = step.article
            yield f"\n## article {article + 1}"
        sentence = step.read.sentence
        yield f"\n[{sentence.kind} {sentence.whole.start}–{sentence.whole.end}] {sentence.text}"
        for unit, body in zip(step.read.units, step.read.bodies, strict=True):
            yield f"  unit      {unit.text} → {body.name if body else '(nobody: left)'}" + (f"  @ {body.region.name}" if body and body.region else "")
        for campaign, drive in zip(step.read.drives_found, step.read.drives, strict=True):
            yield f"  campaign  {campaign.text} → {drive.name if drive else '(none: left)'}"
        for figure in step.read.figures:
            q = figure.quantity
            yield f"  figure    {q.as_stated} → {q.measure} = {q.value:g} {q.unit} ({q.qualifier}{'' if q.change is None else f', {q.change:+g}%'})"
        for text, reason in step.read.left:
            yield f"  left      {text}: {reason}"
        yield "  masked    " + "".join(LETTERS.get(c, c) for c in step.masked.text)
        for s, p, o, rule, confidence in step.stated:
            yield f"  fact      {s.split('/', 1)[1]} —{p}→ {o.split('/', 1)[1]}   [{rule}, {confidence}]"
        if step.speaking:
            yield f"  speaking  {'、'.join(i.target.name for i in step.speaking)}"
