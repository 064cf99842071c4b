"""Where a page turns to something else although no dateline says so: pages run one article into the next.

A heading alone does not tell, since long articles have headings too. The text under it turns where it begins like an article of its own
with a body that is not of the family of the one told of before.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from kg.clauses import clause_start, opens
from kg.mentions.units import Unit
from kg.model import Kind
from kg.paragraphs import NUMBERED
from kg.read import Article
from kg.regions import divisions
from kg.resolve import Body
from kg.seen import Seen
from kg.told import Told

MARKED = re.compile(r"[【［◇△▲■●◆○]")  # an item of its own
BRIEF = re.compile(
    r"[^，。]{0,36}(?:今天|今晨|今晚|昨天|昨日|昨晚|这两天|近日|日前|本周|记者|最新|[0-9]{1,2}月[0-9]{1,2}日|（[0-9]{1,2}日）)"
)
NEWS = re.compile(
    r"[■●◆▲★◇─]*(?:[\u4e00-\u9fff]{0,4}(?:简讯|短讯|快讯|短波)|要闻|要闻速览|[\u4e00-\u9fff]{0,4}速递|新闻集锦|动态|工作动态|一句话新闻|又讯|"
    r"广告|公告|启事|[【［]?[\u4e00-\u9fff]{2,4}(?:启事|声明|公告|通知|通告|公示)[】］]?)[：:◇─]*$"
)


def parts(told: Sequence[Told]) -> list[slice]:
    """The stretches of an article that tell of different things, in order; mostly one."""
    cuts, topic, begun, i = [0], None, False, 0
    digest = _is_digest(told)
    news, paragraph = False, -1  # under a heading 简讯 every paragraph is for itself
    while i < len(told):
        kind = told[i].seen.sentence.kind
        if kind == "heading":
            news = bool(NEWS.match(told[i].seen.sentence.text)) or (news and not begun)
        elif kind == "body" and news and begun and told[i].seen.sentence.paragraph != paragraph:
            cuts.append(i)
            topic = None
        paragraph = told[i].seen.sentence.paragraph
        if kind == "heading" and begun:
            under = next((j for j in range(i, len(told)) if told[j].seen.sentence.kind == "body"), len(told))
            if under < len(told) and (digest or _turns(told[i:under], told[under : under + 1], topic)):
                cuts.append(i)
                topic, begun = None, False
            else:
                i = under
                continue
        if kind == "body" and begun and MARKED.match(told[i].seen.sentence.text) and _turns([], told[i : i + 2], topic):
            cuts.append(i)
            topic = None
        begun = begun or kind == "body"
        topic = topic or next((body for _, body in _subjects(told[i])), None)
        i += 1
    return [slice(start, end) for start, end in zip(cuts, [*cuts[1:], len(told)], strict=True)]


def _is_digest(told: Sequence[Told]) -> bool:
    """Whether all that stands here are short items, each under a heading and most with a day of their own."""
    sections: list[tuple[str, set[int]]] = []  # how each opens, and its paragraphs
    before = ""
    for step in told:
        sentence = step.seen.sentence
        if sentence.kind == "body":
            if before == "heading":
                sections.append((sentence.text, set()))
            elif not sections and not sentence.text.endswith("："):
                return False  # a lead, and not the line that says who sends it
            if sections:
                sections[-1][1].add(sentence.paragraph)
        before = sentence.kind if sentence.kind != "byline" else before
    if len(sections) < 4 or any(len(paragraphs) > 4 for _, paragraphs in sections):
        return False
    return sum(bool(BRIEF.match(text) or OPENS_ITEM.match(text)) for text, _ in sections) * 2 > len(sections)


OPENS_ITEM = re.compile(  # an item of a digest
    r"(?:从|自)(?:今|明|[0-9]|[一二三四五六七八九十上中下]{1,3}[月旬])[^，。]{0,6}(?:开始|起)|[^，。]{0,36}(?:举行|开幕|闭幕)"
)


CONTINUES = re.compile(r"（(?:上接|紧接)[^）]*?[“《]([^”》）]{4,}?)[’”》]")


def rejoined(articles: list[tuple[Article, list[Seen]]]) -> list[tuple[Article, list[Seen]]]:
    """Articles that another interrupts, put together: each with its sentences, all of them, in reading order.

    A paragraph that goes on about somebody whom an earlier article has introduced, by the name alone, or that says which
    one it continues, is moved there with all up to the next heading.
    """
    first: dict[str, int] = {}  # who is introduced in which article
    titles: deque[tuple[str, int]] = deque(maxlen=MOST_TITLES)
    found: list[tuple[Article, list[Seen]]] = []
    for number, (article, sentences) in enumerate(articles):
        found.append((article, []))
        into, paragraph = number, -1
        for seen in sentences:
            if seen.sentence.kind == "heading":
                into = number
                titles.append((seen.sentence.text, number))
            elif seen.sentence.paragraph != paragraph:
                into = _earlier(seen, titles, first, into)
            paragraph = seen.sentence.paragraph
            found[into][1].append(seen)
            for named in seen.others:
                if named.kind == Kind.PERSON and named.detail:
                    first[named.name] = into
    return [(article, sentences) for article, sentences in found if sentences]


def _earlier(opening: Seen, titles: Iterable[tuple[str, int]], first: dict[str, int], here: int) -> int:
    """The number of the article that a paragraph belongs to, told by its first sentence."""
    text = opening.sentence.text
    if m := CONTINUES.search(text):
        return next((number for title, number in titles if m[1].strip("“‘") in title), here)
    for named in opening.others:
        again = named.kind == Kind.PERSON and not named.detail and named.start <= 2
        if again and first.get(named.name, here) < here and SAYS.match(text, named.end):
            return first[named.name]
    return here


MOST_TITLES = 100  # how far back a continued title is looked for
SAYS = re.compile(r"[^，。]{0,6}(?:说|介绍|表示|告诉|回忆|坦言|透露)")


def _named(told: Told) -> Iterator[tuple[Unit, Body | None]]:
    return zip((*told.seen.units, *told.seen.extra), told.bodies, strict=True)


def _subjects(told: Told) -> Iterator[tuple[Unit, Body]]:
    """The bodies that clauses of a sentence are about."""
    text = told.seen.sentence.text
    for unit, body in _named(told):
        if body and body.sort in ("body", "part", "all") and opens(text[clause_start(text, unit.start) : unit.start]):
            yield unit, body


def _turns(headings: Sequence[Told], opening: Sequence[Told], topic: Body | None) -> bool:
    """Whether what stands under headings, or an item that opens like this, is about something else than `topic`."""
    if any(NEWS.match(h.seen.sentence.text) for h in headings):
        return True
    if headings and NUMBERED.match(headings[0].seen.sentence.text):
        return False
    if not headings or not BRIEF.match(opening[0].seen.sentence.text):
        about = [(unit.name, body) for told in (*headings, *opening) for unit, body in _subjects(told)]
        if topic is None or not about or about[0][0].pointer or about[0][0].relative:
            return False
        return not any(body.region is None or family(body, topic) for name, body in about if not name.pointer)
    known = False
    for unit, body in _named(opening[0]):
        if unit.name.pointer or unit.name.relative:
            if not known:
                return False
        elif body and topic and family(body, topic):
            return False
        known = known or body is not None
    return True


def family(body: Body, topic: Body) -> bool:
    """Whether an article about `topic` may come to speak of `body`: a part of it, one above it, or one of a place within its own."""
    lines = [
        {b.name for b in (one, one.parent, one.parent.parent if one.parent else None) if b} for one in (body, topic)
    ]
    if lines[0] & lines[1] or body.region is None or topic.region is None:
        return bool(lines[0] & lines[1])
    table = divisions()
    wide = len(topic.region.code) <= 4
    return body.region == topic.region or (wide and table.within(body.region, topic.region))
