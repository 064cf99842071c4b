"""Why: each sentence of a file, what was seen in it, each fact with its rule, and what was considered and left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.extract import read_page
from kg.formats import load
from kg.private import cover
from kg.relations import PLACEHOLDER
from kg.telling import Trace

LETTERS = {mark: letter for letter, mark in PLACEHOLDER.items()}


def explain(path: Path) -> Iterator[str]:
    """The lines of an explanation of one file. Raises OSError or ValueError where it cannot be read."""
    page = cover(load(path.read_bytes(), path.name))
    head = page.document
    yield "  ".join(x for x in (f"# {head.name}", head.paper, head.date, head.page, head.section) if x)
    trace: list[list[Trace]] = []
    read_page(page, trace)
    for number, steps in enumerate(trace, 1):
        title = next((s.told.seen.sentence.text for s in steps if s.told.seen.sentence.kind == "heading"), "")
        yield f"\n## {number}  {title}"
        for step in steps:
            yield from _sentence(step)


def _sentence(step: Trace) -> Iterator[str]:
    seen, told = step.told.seen, step.told
    place = seen.sentence.whole
    yield f"\n[{seen.sentence.kind} {place.start}–{place.end}] {seen.sentence.text}"
    for unit, body in zip((*seen.units, *seen.extra), told.bodies, strict=True):
        where = f"  @ {body.region.name}" if body and body.region else ""
        yield f"  unit      {unit.text} → {body.name + where if body else '(left: nobody can be made out)'}"
    for campaign, drive in zip(seen.campaigns, told.drives, strict=True):
        yield f"  campaign  {campaign.text} → {drive.name if drive else '(left: points to none)'}"
    for named in seen.others:
        yield f"  {named.kind.lower():<9} {seen.sentence.text[named.start : named.end]} → {named.name}"
    for figure in seen.figures:
        q = figure.quantity
        notes = [q.qualifier, q.period, "plan" if figure.planned else "", "" if q.change is None else f"{q.change:+g}%"]
        yield f"  figure    {q.as_stated} → {q.measure} = {q.value:,g} {q.unit} ({', '.join(filter(None, notes))})"
    yield "  masked    " + "".join(LETTERS.get(c, c) for c in step.masked.text)
    for subject, predicate, object_, rule, confidence in step.stated:
        ends = (key.split("/", 1)[1] for key in (subject, object_))
        yield "  fact      " + f" —{predicate}→ ".join(ends) + f"   [{rule}, {confidence}]"
    if step.speaking:
        yield f"  speaking  {'、'.join(item.target.name for item in step.speaking)}"
