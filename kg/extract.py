"""Pages → what they say: documents, entities and statements, with the evidence under each.

A page is looked at twice. The first look learns who is named in full and whom each article is about; the second, knowing that, makes
out short names and pointers, and states.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import takewhile

from kg.model import Extraction
from kg.notes import Notes, merge
from kg.paragraphs import ITEM_PLACE
from kg.read import Article, Page
from kg.regions import Region
from kg.resolve import Body, Drives, Resolver, headed, home, own_regions, place
from kg.seen import Seen, is_row, see, with_names
from kg.telling import Telling, Trace
from kg.told import Told
from kg.turns import parts, rejoined


def extract(pages: Iterable[Page]) -> Extraction:
    """Read all pages; the result does not depend on their order."""
    return merge(map(read_page, pages))


def read_page(page: Page, trace: list[list[Trace]] | None = None) -> Notes:
    """Everything that one page says; `trace` receives, article by article, how each sentence was read."""
    notes = Notes(page.document)
    known: deque[str] = deque(maxlen=50)
    looked_at = rejoined([(article, see(article, page.document.date, known)) for article in page.articles])
    named = (unit for _, sentences in looked_at for seen in sentences for unit in seen.units)
    resolver = Resolver(own_regions(named), home(page.document.paper))
    drives = Drives()
    articles, owners = [], []
    for article, sentences in looked_at:
        turns = parts(_make_out(article, sentences, resolver, drives, None))
        for part in turns:
            articles.append((article, sentences[part]))
            if len(turns) > 1:
                _make_out(article, sentences[part], resolver, drives, None)
            owners.append(resolver.first_subject())
    resolver.look_again()
    drives = Drives(drives.by_core)
    called = frozenset(drives.known)
    for (article, looked), owner in zip(articles, owners, strict=True):
        sentences = [with_names(seen, called) for seen in looked]
        steps = list(Telling(notes, drives, _make_out(article, sentences, resolver, drives, owner)).tell())
        if trace is not None:
            trace.append(steps)
    notes.tell_namesakes_apart()
    return notes


def _make_out(
    article: Article, sentences: list[Seen], resolver: Resolver, drives: Drives, owner: Body | None
) -> list[Told]:
    """What the mentions of an article mean; `owner` is the body that it is about, where that is known."""
    ahead = list(own_regions(unit for seen in sentences for unit in seen.units))
    dateline = place(article.dateline, [*resolver.document, *ahead]) if article.dateline else None
    titles = takewhile(lambda seen: seen.sentence.kind == "heading", sentences)
    dateline = dateline or next(filter(None, (headed(seen.sentence.text) for seen in titles)), None)
    resolver.start_article([seen.sentence.text for seen in sentences], dateline, ahead, owner)
    drives.start_article()
    told, paragraph = [], -1
    here: Region | None = None
    for seen in sentences:
        if seen.sentence.paragraph != paragraph:
            paragraph = seen.sentence.paragraph
            item = ITEM_PLACE.match(seen.sentence.text)
            here = place(item[1], resolver.document) if item else None
            resolver.start_paragraph(here, is_row(seen))
        bodies = resolver.resolve(seen.sentence.text, seen.units, seen.extra)
        told.append(Told(seen, tuple(bodies), tuple(map(drives.resolve, seen.campaigns)), here))
    return told
