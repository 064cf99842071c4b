"""What a document names or counts without any fact being stated of it: read again, for those who look for what is missing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from kg.model import Kind, Span
from kg.read import Page, read
from kg.seen import see


def unstated(text: str, name: str, stated: Sequence[tuple[int, int]]) -> list[tuple[Span, Kind]]:
    """The mentions in a text that no fact's quote touches, and the class of each, in the order of the text.

    `stated` are the places of the quotes. Of mentions that overlap, the first and longest.
    """
    found: list[tuple[Span, Kind]] = []
    taken = sorted(stated)
    for span, kind in sorted(set(_mentions(read(text.encode(), name))), key=lambda one: (one[0].start, -one[0].end)):
        is_free = not any(start < span.end and span.start < end for start, end in taken)
        if is_free and (not found or found[-1][0].end <= span.start):
            found.append((span, kind))
    return found


def _mentions(page: Page) -> Iterator[tuple[Span, Kind]]:
    known: deque[str] = deque(maxlen=100)
    for article in page.articles:
        for seen in see(article, page.document.date, known):
            for group, kind in ((seen.units, Kind.UNIT), (seen.campaigns, Kind.CAMPAIGN), (seen.figures, Kind.METRIC)):
                yield from ((seen.sentence.span(one.start, one.end), kind) for one in group)
            yield from ((seen.sentence.span(one.start, one.end), one.kind) for one in seen.others)
