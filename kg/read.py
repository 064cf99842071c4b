"""A file becomes articles and sentences, and every character keeps its place in the file.

Papers print columns: lines are wrapped inside words, a column break leaves blank lines in the middle of a sentence, another
article's heading stands between two halves, scanned text has spaces between characters. Reading undoes all of it in four steps:

1. `decode`   bytes to text;
2. `kg.lines` each line without indentation and stray spaces, punctuation in one form, each character with its offset;
3. `kg.paragraphs` lines that belong together are joined, past an interrupting heading where the sentence goes on;
4. `articles` headings, datelines and by-lines say where one article ends and the next begins.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kg.lines import CLOSERS, HAN, Line, lines
from kg.model import Document, Span
from kg.paragraphs import CLOSING, DATELINE, ENDS, LONG, NUMBERED, Paragraph, paragraphs

# ---------------------------------------------------------------- bytes to text


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with a byte order mark, or GB18030; a mark is not part of the text.

    Raises ValueError with a reason that a person understands when it is none of them, or holds NUL characters.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            attempts = [encoding]
            break
    else:
        attempts = ["utf-8", "gb18030"]
    for encoding in attempts:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise ValueError("not a text file (it holds NUL characters)")
        return text
    raise ValueError("not text in UTF-8, UTF-16 or GB18030")


# ---------------------------------------------------------------- page head

DATE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[/年.\-]([0-9]{1,2})[/月.\-]([0-9]{1,2})日?(?![0-9])")
PAPER = re.compile(
    rf"^《?([{HAN}]{{2,10}}(?:日报|晚报|法制报|法治报|时报|晨报|都市报|新闻网|商报|公安报|税务报|应急报|环境报|检察报|法院报|报))》?$"
)


# A first line that holds all of a page's head: date, paper, section, editors; no sentence.
FURNITURE = re.compile(
    r"^(?=[^。，；！？]{8,80}$).*(?:星期|责任编辑|编辑|责编|美编|版|日报|晚报|时报|晨报|商报|[A-Z]?[0-9]{1,2}$)"
)


@dataclass(frozen=True, slots=True)
class Head:
    paper: str = ""
    date: str = ""
    page: str = ""
    section: str = ""
    lines: int = 0


def page_head(all_lines: list[Line]) -> Head:
    """Paper, date, page and section, where the first lines of a page print them, each on a line of its own."""
    paper = date = page = section = ""
    last = -1
    for i, line in enumerate(all_lines[:8]):
        text = line.text
        if (m := DATE.search(text)) and not date and (len(text) <= 24 or (i == 0 and FURNITURE.search(text))):
            if 1 <= int(m[2]) <= 12 and 1 <= int(m[3]) <= 31:
                date = f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}"
            rest = (text[: m.start()] + text[m.end() :]).strip(" ·，|星期一二三四五六日")
            parts = (rest, text[: m.start()], text[m.end() :], *re.split(r"[ 　·|｜]+", text))
            named = (PAPER.match(part.strip()) for part in parts)
            paper = paper or next((p[1] for p in named if p), "")
        elif m := re.fullmatch(r"第?([0-9]{1,3}|[A-Z][0-9]{1,2})版?(?:[ ：:](.{2,8}))?", text):
            page, section = m[1], section or (m[2] or "")
        elif m := PAPER.match(text):
            paper = m[1]
        elif re.match(r"^(?:责任编辑|责编|编辑|版式|制版编辑|美编|校对|组版|版面设计|本版编辑)[： ]", text):
            pass
        elif (paper or date) and not section and len(text) <= 6 and not ENDS.search(text) and i == last + 1 and page:
            section = text
        else:
            break
        last = i
    return Head(paper, date, page, section, last + 1) if paper or date else Head()


# ---------------------------------------------------------------- sentences and articles

SENTENCE = re.compile(rf"[^。！？!?…]*(?:[。！？!?…]+[{CLOSERS}]*|$)")


@dataclass(frozen=True)
class Sentence:
    """One sentence: clean text, the offset of each character, the kind of its paragraph, and where it stands.

    `paragraph` counts within the article; `level` is that of a heading.
    """

    text: str
    offsets: Sequence[int] = field(repr=False)
    kind: str
    paragraph: int
    level: int = 0

    def span(self, start: int, end: int) -> Span:
        """The place in the file of characters start to end (exclusive) of this sentence."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    @cached_property
    def whole(self) -> Span:
        return self.span(0, len(self.text))


@dataclass(frozen=True)
class Article:
    """Headings, dateline place and sentences of one article, in reading order."""

    sentences: tuple[Sentence, ...]
    dateline: str = ""

    @property
    def title(self) -> str:
        return next((s.text for s in self.sentences if s.kind == "heading"), "")


@dataclass(frozen=True)
class Page:
    document: Document
    articles: tuple[Article, ...]


LONGEST = 1000


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch in pieces of at most LONGEST characters, cut behind a clause where there is one: no printed sentence is longer."""
    while end - start > LONGEST:
        stop = max(text.rfind(mark, start, start + LONGEST) for mark in "；，、") + 1 or start + LONGEST
        yield start, stop
        start = stop
    yield start, end


def _sentences(paragraph: Paragraph, number: int) -> Iterator[Sentence]:
    text = paragraph.text
    body = paragraph.kind == "body"
    for whole in (m.span() for m in SENTENCE.finditer(text)) if body else [(0, len(text))]:
        for start, end in _cut(text, *whole):
            while body and start < end and text[start] == " ":
                start += 1
            if start < end or not body:
                yield Sentence(text[start:end], paragraph.offsets[start:end], paragraph.kind, number, paragraph.level)


def _dateline(paragraph: Paragraph) -> re.Match[str] | None:
    return DATELINE.match(paragraph.text) if paragraph.kind == "body" else None


def articles(all_paragraphs: list[Paragraph]) -> list[Article]:
    """Paragraphs grouped into articles; sections numbered out of order are put in order."""
    groups: list[list[Paragraph]] = [[]]
    closed = body_so_far = False  # of the last group: its end has been seen; it has body text
    top = 0  # and the Markdown level of its title
    for i, paragraph in enumerate(all_paragraphs):
        ahead = all_paragraphs[i + 1] if i + 1 < len(all_paragraphs) else None
        current = groups[-1]
        if paragraph.kind == "heading":
            titled = paragraph.text.startswith("——") or (ahead and ahead.text.startswith("——"))
            ended = closed or 0 < paragraph.level <= top
            if body_so_far and (titled or (ended and not NUMBERED.match(paragraph.text))):
                groups.append([])
                closed, body_so_far, top = False, False, 0
            top = top or paragraph.level
            groups[-1].append(paragraph)
        elif paragraph.kind == "caption":
            current.append(paragraph)
        elif paragraph.kind == "byline":
            current.append(paragraph)
            closed = body_so_far
        else:
            if body_so_far and _dateline(paragraph):
                run = len(current)
                while run and current[run - 1].kind == "heading":
                    run -= 1
                groups[-1], moved = current[:run], current[run:]
                groups.append(moved)
                top = next((p.level for p in moved if p.level), 0)
            elif closed and not (current and current[-1].kind == "heading"):
                groups.append([])
                top = 0
            groups[-1].append(paragraph)
            closed = bool(CLOSING.search(paragraph.text))
            body_so_far = body_so_far or "。" in paragraph.text or len(paragraph.text) > LONG
    return [_article(group) for group in groups if group]


def _article(group: list[Paragraph]) -> Article:
    dateline = next((m[1] or m[2] for p in group if (m := _dateline(p)) and (m[1] or m[2])), "")
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(_in_order(group)):
        sentences.extend(_sentences(paragraph, number))
    return Article(tuple(sentences), dateline)


def _in_order(group: list[Paragraph]) -> list[Paragraph]:
    """Sections under headings 1, 3, 2 in the order 1, 2, 3; anything else stays where it is."""
    starts = [
        (i, int(re.sub(r"\D", "", m[0])))
        for i, p in enumerate(group)
        if p.kind == "heading" and (m := NUMBERED.match(p.text)) and m[0][0].isdigit()
    ]
    numbers = [n for _, n in starts]
    if numbers == sorted(numbers) or sorted(numbers) != list(range(1, len(numbers) + 1)):
        return group
    ends = [i for i, _ in starts[1:]] + [len(group)]
    sections = {n: group[i:end] for (i, n), end in zip(starts, ends, strict=True)}
    return group[: starts[0][0]] + [p for n in sorted(sections) for p in sections[n]]


def read(data: bytes, name: str) -> Page:
    """The bytes of a file → its page. Raises ValueError where the bytes are not text."""
    text = decode(data)
    all_lines = lines(text)
    head = page_head(all_lines)
    body = all_lines[head.lines :]
    if body and head.lines:
        body = [Line(body[0].text, body[0].offsets, 1, body[0].level), *body[1:]]
    found = tuple(articles(paragraphs(body)))
    document = Document(
        name=name,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        paper=head.paper,
        date=head.date,
        page=head.page,
        section=head.section,
        title=next((a.title for a in found if a.title), ""),
    )
    return Page(document, found)


# ---------------------------------------------------------------- text as people read it

_GAP = re.compile(r"\s+")
_LATIN_GAP = re.compile(r"[A-Za-z][!-~]|[!-~][A-Za-z]")


def flow(text: str) -> str:
    """A stretch of a page on one line: hard wraps and the spaces that OCR puts between Chinese characters undone.

    >>> flow("全市 公安\\n机关开展 night patrol\\n")
    '全市公安机关开展night patrol'
    """

    def joint(gap: re.Match[str]) -> str:
        sides = text[max(0, gap.start() - 1) : gap.start()] + text[gap.end() : gap.end() + 1]
        return " " if _LATIN_GAP.fullmatch(sides) else ""

    return _GAP.sub(joint, text)


def quoted(text: str, quote: Span, sentence: Span) -> tuple[int, int]:
    """Where a quote starts and ends in its sentence, when the sentence is shown as one line (`flow`).

    >>> quoted("某局开\\n展行动。", Span(2, 5), Span(0, 8))
    (2, 4)
    """
    words = text[quote.start : quote.end]
    start = quote.start + len(words) - len(words.lstrip())
    before = max(0, len(flow(text[sentence.start : start + 1])) - 1)
    return before, max(before, len(flow(text[sentence.start : quote.end])))
