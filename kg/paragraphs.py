"""Lines become paragraphs: those that belong together are joined, past an interrupting heading or article where the sentence goes on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg import words
from kg.lines import CLOSERS, HAN, Line

ENDS = re.compile(rf"[。！？!?…][{CLOSERS}]*$|[。！？][{CLOSERS}]*（[^（）]{{1,30}}）$")
CREDIT = re.compile(
    r"^(?:[（(](?=[^（）]{2,30}[)）]$)[^，。；0-9]*[)）]|[\u4e00-\u9fff·、 ]{2,20}\s*[/／]?(?:摄|摄影|供图|文并图|图/文|图文)(?:报道)?|"
    r"(?:来源|编辑|责编|责任编辑|审核|校对|制版编辑|作者|供稿)：.{0,40}|"
    r"[■●□]?(?:本版编辑|责任编辑|责编|编辑|组版|组稿|校对|美编|版面设计|版式|图编|值班主任|本版摄影|本报法律顾问|本报地址|本版广告热线|印刷)[：/／ ][^。；！？]{0,80}|"
    r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} *)?(?:发布时间|发布日期|发布机构|信息来源|文章来源|稿件来源|来源|浏览次数|点击数?|字体|字号|当前位置|您的位置|您现在的位置|索引号)：[^。；]{0,90})$"
)
REPORTER = re.compile(
    r"^(?:本报|本台|见习|特约)?(?:记者|通讯员|评论员)[●：:/／ \u3000]?[^，。；！？]{0,40}$|^本报通讯员[^，。；！？]{0,40}$|^文[/／]图?.{0,20}$"
)
CAPTION = re.compile(r"（?[上下左右]?图为.*(?:[。）]|摄|供图)$")
TAKEN_BY = re.compile(r"。[\u4e00-\u9fff·、 ]{2,12}(?:摄|供图)$")
WHO = r"(?:(?:本报|本台|特约|见习)?(?:记者|通讯员)?[ 　：:]?)[\u4e00-\u9fff·、 ]{2,14}"
PICTURE = re.compile(  # how the last line of a caption ends, or what it is
    rf"(?:^|[。）”！])[（(]?{WHO}(?:[ /／]?(?:摄|摄影|摄影报道|供图)|[ /／]图片?| [\u4e00-\u9fff]{{2,3}}图)[）)]?$|^（图片由[^（）。]{{2,20}}提供）$"
)
PICTURES = re.compile("图片(?:新闻|报道|故事)|图说新闻")
OF_PICTURE = re.compile("[▲△◀▶►◄]?(?:[上下左右]?图为|[上下左右]图[：:]?|图[①-⑨1-9一二三四五][：:、 ]?)")
DATELINE = re.compile(
    rf"^（([{HAN}]{{2,6}})讯）|^(?:央视网|新华社|中新社|中新网|人民网)[{HAN}]{{0,8}}(?:消息|讯|电)(?:[（(][^（）()]{{2,10}}[）)])?[：:]|^(?:本报)?([{HAN}]{{2,12}}?)?(?:[0-9]{{1,2}}月[0-9]{{1,2}}日)?(?:讯|电)(?:[ 　]|(?=（)|[：:]|$)(?:（[^（）]{{2,40}}）)?"
)
OPENER = re.compile(
    r"^(?:近年来|近日|日前|今年以来|年初以来|自?[0-9]{4}年|[0-9]{1,2}月[0-9]{1,2}日|连日来|截至|此外|同时|据悉|据了解|下一步|为)"
)
NUMBERED = re.compile(
    r"^(?:[0-9]{1,2}[ 、.．]?(?=[“\u4e00-\u9fff])(?![年月日时个名起项次件家人万亿千百余多台辆条份户元吨米场批期套枚册艘])|[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,2}）|第[一二三四五六七八九十]+[章节部])"
)
ITEM = re.compile(
    r"^(?:[0-9]{1,2}[.、．](?![0-9])|[（(][一二三四五六七八九十0-9]{1,2}[）)]|[一二三四五六七八九十]{1,3}、|[■●◆▲△★▶◎◇【［[])"
)
ITEM_PLACE = re.compile(rf"[▲●■◆★◎□▶◇○]\s?([{HAN}]{{2,4}})[ 　：:]")  # ▲某地 …: an item of a digest, from there
FRAGMENT = re.compile(rf"(?:[0-9][0-9.]*[万亿]?余?[{HAN}]{{1,2}}|%)?[，。；、）》”]")
CLOSING = re.compile(r"[。！？”]（[^（），。；0-9]{2,30}）$")  # a by-line behind the last sentence
NUMBER = re.compile(r"[0-9A-Za-z.,%]+")
BODY_MARK = re.compile(r"[，；]")
LONG = 30  # no heading is longer, no column of a paper is wider
NARROW = 9  # nor any column narrower
FAR = 40  # and past a whole article between
REACH = 14  # how many lines past an open line its other half is looked for


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Joined lines. `kind` is heading, body, byline or caption; `level` of a heading, 0 if plain."""

    text: str
    offsets: Sequence[int] = field(repr=False)
    kind: str
    level: int = 0


def _exact(all_lines: list[Line], i: int) -> int:
    """The number of characters that most lines around line i have, where the text is wrapped after so many; else 0."""
    near = [line.size for line in all_lines[max(0, i - 4) : i + 5] if not line.level]
    size, lines_of_it = Counter(near).most_common(1)[0] if near else (0, 0)
    return size if lines_of_it >= 4 and lines_of_it * 2 > len(near) and NARROW <= size <= LONG else 0


def _column(widths: list[float], i: int) -> float:
    """The usual width of the lines around line i, or 0 where the text around is not wrapped."""
    near = sorted(w for w in widths[max(0, i - 4) : i + 5] if w >= NARROW)
    if len(near) < 4 or (usual := near[len(near) // 2]) > LONG:
        return 0.0
    even = sum(abs(w - usual) <= 2.5 for w in near)
    wider = sum(w > usual + 6 for w in near)  # next to running text that is not wrapped
    return usual if even * 2 >= len(near) and wider * 4 < len(near) else 0.0


def _is_heading(line: Line, column: float, exact: int = 0) -> bool:
    if line.level:
        return True
    if (
        line.width > LONG
        or DATELINE.match(line.text)
        or ENDS.search(line.text)
        or re.search(r"[；：。，、]$|。[^）”]", line.text)
    ):
        return False
    if BODY_MARK.search(line.text) and not NUMBERED.match(line.text):
        return False
    short = line.size < exact - 1 or line.size > exact + 2 if exact else line.width < column - 2.5
    return not column or short or line.text.startswith("——")


ROW = re.compile(
    rf"^[{HAN}（）“”、]{{2,16}} ?[0-9][0-9.,]*[十百千万亿]{{0,2}}余?[{HAN}%]{{1,4}}(?:（[{HAN}]{{1,3}}）)?(?: ?[^，。；：！？]{{0,20}})?$|"
    rf"^[{HAN}“”、]{{2,16}}（[{HAN}]{{1,3}}） ?[0-9][0-9.,]*(?: ?[+＋\-－][0-9.]+%| ?持平)?$|"
    rf"^[{HAN}]{{2,10}} ?(?:[0-9][0-9.,]*%?[{HAN}]{{0,2}}(?: |$)){{2,}}$|"
    rf"^[{HAN}]{{2,10}}(?: [{HAN}“”]{{2,10}}[0-9][0-9.,]*[十百千万亿]{{0,2}}余?[{HAN}%]{{1,3}}){{2,}}$"
)
COLUMNS = re.compile(rf"^[{HAN}]{{2,8}}(?: [{HAN}（）]{{2,12}}){{2,}}$")  # the headings over them


def _table_rows(all_lines: list[Line]) -> list[bool]:
    """Which lines are rows of a table of figures: three or more in a row of a name, a number and a unit."""
    alike = [bool(ROW.match(line.text)) for line in all_lines]
    if not any(alike):
        return alike
    rows = [
        any(all(alike[j : j + 3]) for j in range(max(0, i - 2), i + 1) if j + 3 <= len(alike))
        for i in range(len(alike))
    ]
    titles = [bool(COLUMNS.match(line.text)) and i + 1 < len(rows) and rows[i + 1] for i, line in enumerate(all_lines)]
    return [row or title for row, title in zip(rows, titles, strict=True)]


class Sheet:
    """The lines of a page, and what each of them is: how wide its column is, whether it is a heading, a credit, a row of a table."""

    def __init__(self, all_lines: list[Line]) -> None:
        self.lines = all_lines
        self.used: set[int] = set()  # lines that go on with one before
        self.waiting: set[int] = set()  # torn lines that something else has gone on before
        self.rows = _table_rows(all_lines)
        widths = [0.0 if line.level else line.width for line in all_lines]
        self.columns = [
            0.0 if any(self.rows[max(0, i - 1) : i + 2]) else _column(widths, i) for i in range(len(all_lines))
        ]
        self.caption = [bool(CAPTION.match(line.text) or TAKEN_BY.search(line.text)) for line in all_lines]
        self.captions = dict(self._wrapped_captions())
        for first, last in self.captions.items():
            self.caption[first : last + 1] = [True] * (last + 1 - first)
        self.apart = [
            caption or bool(CREDIT.match(line.text) or REPORTER.match(line.text))
            for caption, line in zip(self.caption, all_lines, strict=True)
        ]
        indents = sum(bool(line.indent) for line in all_lines)
        self.indented = indents >= 4 and indents * 5 < len(all_lines) * 4  # it marks where its paragraphs begin
        self.heading = [
            _is_heading(line, column, _exact(all_lines, i) if column else 0)
            for i, (line, column) in enumerate(zip(all_lines, self.columns, strict=True))
        ]
        self._by_the_next()
        self._by_the_one_before()

    def _wrapped_captions(self) -> Iterator[tuple[int, int]]:
        """The captions of more than one line that stand by themselves: the first line and the last."""
        starts = [i for i, line in enumerate(self.lines) if line.gap or not i]
        for first, after in pairwise([*starts, len(self.lines)]):
            first += bool(PICTURES.fullmatch(self.lines[first].text))
            block = self.lines[first:after]
            if not 1 < len(block) <= 4 or block[0].level or DATELINE.match(block[0].text):
                continue
            said = OF_PICTURE.match(block[0].text) and ENDS.search(block[-1].text)
            taken = PICTURE.search(block[-1].text)
            told = block[:-1] if taken and not taken.start() else block
            wrapped = all(line.width >= below.width - 1 for line, below in pairwise(told))
            alone = len(told) > 1 or first > 0  # else it is the text itself, with its credit
            if alone and (said or taken) and wrapped and not any(ENDS.search(line.text) for line in told[:-1]):
                yield first, after - 1

    def _by_the_next(self) -> None:
        """What stands over 本报记者 某某 is a heading; a line that the next goes on with (，…) is none, nor is a row."""
        for i, (line, after) in enumerate(pairwise(self.lines)):
            if after.text[0] in "，。、；》）”":
                self.heading[i] = False
            signed = REPORTER.match(after.text) and line.width <= LONG and not ENDS.search(line.text)
            self.heading[i] = self.heading[i] or bool(signed and not re.search("[，；。：]", line.text))
        self.heading = [heading and not row for heading, row in zip(self.heading, self.rows, strict=True)]

    def _by_the_one_before(self) -> None:
        """Right under a full line that ends no sentence stands its end; a page that indents its paragraphs sets its headings flush."""
        for i, line in enumerate(self.lines):
            if self.apart[i] or self.rows[i] or line.indent:
                continue
            opens = not i or self._closed(i - 1)
            if i and self.heading[i] and not line.level and not line.gap and self._full(i - 1):
                self.heading[i] = opens
            after = self.lines[i + 1] if i + 1 < len(self.lines) else None
            flush = opens or line.gap or (after and after.indent and not self._full(i))
            if self.indented and flush and after and (after.indent or after.gap):
                self.heading[i] = self.heading[i] or not re.search("[，。；：、]", line.text)

    def _full(self, i: int) -> bool:
        return bool(self.columns[i]) and self.lines[i].width >= self.columns[i] - 1

    def _closed(self, i: int) -> bool:
        """Whether nothing goes on after a line: a heading, a credit, the end of a sentence."""
        return self.heading[i] or self.apart[i] or bool(ENDS.search(self.lines[i].text))

    def _starts_anew(self, j: int) -> bool:
        line = self.lines[j]
        if self.indented and line.indent:
            return True
        numbered = self.heading[j] and NUMBERED.match(line.text)
        return bool(self.apart[j] or self.rows[j] or line.level or DATELINE.match(line.text) or numbered)

    def follows(self, i: int) -> int | None:
        """The line that goes on with line `i`, or None: the next one, or one past what stands between."""
        line, column = self.lines[i], self.columns[i]
        if self.heading[i] or self.apart[i] or self.rows[i] or (i + 1 < len(self.rows) and self.rows[i + 1]):
            return None
        if CLOSING.search(line.text):
            return None
        if ENDS.search(line.text):
            return i + 1 if self._full(i) and self._same_paragraph(i + 1) else None
        item = ITEM.match(line.text) and line.width <= LONG * 1.5
        wrapped = column and line.width >= column - 4 - self._room(i)
        if not wrapped and (line.width < LONG - 10 or line.text[-1] in "：；" or item):
            return None
        for j in range(i + 1, min(i + 1 + REACH, len(self.lines))):
            text = self.lines[j].text
            if self.caption[j]:
                continue
            if self.indented and j > i + 1:
                if self._goes_on(j):
                    return j
                continue
            if DATELINE.match(text):
                return self._beyond(i, j)
            if ITEM.match(text) and not self.indented:
                return None
            below = j == i + 1 and self.lines[j].gap == 0 and not self.indented
            if j in self.used or (self.heading[j] and not below) or self._starts_anew(j):
                continue
            if (j > i + 1 and self.lines[j].gap and OPENER.match(text)) or self._under_a_picture(j):
                continue
            return j
        return None

    def _room(self, i: int) -> float:
        """How much narrower a line in a paragraph may be, since no number and no word of two characters is broken at its end."""
        line, after = self.lines[i], self.lines[i + 1] if i + 1 < len(self.lines) else None
        if after is None or i not in self.used:
            return 0
        if self.heading[i + 1] or self._starts_anew(i + 1):  # a word torn by what stands between
            beyond = range(i + 2, min(i + REACH, len(self.lines)))
            return LONG if any(self.lines[j].gap and self._resumes(line.text[-1], j) for j in beyond) else 0
        if line.text[-1] in "，、" or words.known(line.text[-1] + after.text[0]):
            return LONG
        number = NUMBER.match(after.text)
        return len(number[0]) if number and not after.gap else 0

    def across(self, i: int, j: int) -> int:
        """Line `j`, which stands below the torn line `i`, or the first of the block after: where two columns take turns, the other's.

        The block at `j` is the other's where that has been waiting since this one went on.
        """
        if j == i + 1 and self.lines[j].gap and any(torn < i for torn in self.waiting):
            after = next((k for k in range(j + 1, min(j + FAR, len(self.lines))) if self.lines[k].gap), None)
            if after is not None and not (self.heading[after] or self._starts_anew(after) or after in self.used):
                j = after
        self.waiting.discard(i)
        if j > i + 1 and j - 1 not in self.used and not self._closed(j - 1):
            self.waiting.add(j - 1)
        return j

    def is_under(self, j: int) -> bool:
        """Whether a line that nothing has taken stands right under the one before, and begins no article."""
        line = self.lines[j]
        return not (j in self.used or line.gap or self.heading[j] or line.level or DATELINE.match(line.text))

    def _resumes(self, last: str, j: int) -> bool:
        """Whether a line begins in the middle of a word that begins with the character `last`."""
        line = self.lines[j]
        new = self.heading[j] or self._starts_anew(j) or line.indent or j in self.used
        return not new and words.known(last + line.text[0])

    def _same_paragraph(self, j: int) -> bool:
        """Whether a line goes on with the full one above it although that ends a sentence: it may, in a wrapped paragraph."""
        inside = j < len(self.lines) and not self.lines[j].gap and self.columns[j]
        return bool(inside and not self.heading[j] and not self._starts_anew(j))

    def _under_a_picture(self, j: int) -> bool:
        """Whether a line is a caption: short, by itself, and closed."""
        line = self.lines[j]
        alone = line.gap >= 2 and j + 1 < len(self.lines) and self.lines[j + 1].gap >= 2
        return bool(alone and line.width < 40 and ENDS.search(line.text))

    def _goes_on(self, j: int) -> bool:
        """Whether a line of an indented page begins nothing: the second half of something."""
        line = self.lines[j]
        if line.indent or j in self.used or self.heading[j] or self._starts_anew(j) or ITEM.match(line.text):
            return False
        above = ENDS.search(self.lines[j - 1].text) and not self._full(j - 1)
        return bool(line.gap or self.heading[j - 1] or self.apart[j - 1] or above)

    def _beyond(self, i: int, other: int) -> int | None:
        """Where line i goes on behind the article that begins at line `other`: at a paragraph that is no beginning.

        It begins in the middle of a sentence (34.2万元。), its first character makes a word with the last one of line i, or the other
        article has closed before it.
        """
        far = range(other + 1, min(other + FAR, len(self.lines)))
        if self.indented:
            return next((j for j in far if self._goes_on(j)), None)
        if not self.columns[i]:
            return next((j for j in far if j not in self.used and FRAGMENT.match(self.lines[j].text)), None)
        for j in far:
            line = self.lines[j]
            if DATELINE.match(line.text):
                return None
            begins = self.heading[j] or self._starts_anew(j) or ITEM.match(line.text) or OPENER.match(line.text)
            if j in self.used or not line.gap or begins:
                continue
            before = self.lines[j - 1].text
            if words.known(self.lines[i].text[-1] + line.text[0]) and not words.known(before[-1] + line.text[0]):
                return j
            if CLOSING.search(before) or CREDIT.match(before):
                return j
        return None


def paragraphs(all_lines: list[Line]) -> list[Paragraph]:
    """Lines joined into paragraphs, in the order of the page.

    A line goes on in a later one where it does not end a sentence and is full (as wide as its column, or too long for a heading).
    Headings and credits between the two halves stay paragraphs of their own; what stands right under the second half comes with it.
    """
    sheet = Sheet(all_lines)
    found: list[Paragraph] = []
    for i in range(len(all_lines)):
        if i not in sheet.used:
            at, resumed = _take(sheet, i, found)
            while resumed and at + 1 < len(all_lines) and sheet.is_under(at + 1):
                if found[-1].kind == "byline" or CLOSING.search(found[-1].text):
                    break  # the article is at its end
                at, _ = _take(sheet, at + 1, found)
    return found


def _take(sheet: Sheet, i: int, found: list[Paragraph]) -> tuple[int, bool]:
    """Add the paragraph that begins with line `i`; gives its last line, and whether it goes on behind what interrupts it."""
    line = sheet.lines[i]
    sheet.used.add(i)
    if i in sheet.captions:
        found.append(_stretch(sheet, range(i, sheet.captions[i] + 1), "caption"))
        return sheet.captions[i], False
    if sheet.apart[i]:
        found.append(Paragraph(line.text, line.offsets, "caption" if sheet.caption[i] else "byline"))
    elif sheet.heading[i]:
        found.append(Paragraph(line.text, line.offsets, "heading", line.level))
    elif sheet.rows[i]:
        found.append(Paragraph(line.text, line.offsets, "body"))
    else:
        return _joined(sheet, i, found)
    return i, False


def _stretch(sheet: Sheet, numbers: range, kind: str) -> Paragraph:
    """The paragraph of lines that stand one under the other."""
    sheet.used.update(numbers)
    text = "".join(sheet.lines[i].text for i in numbers)
    return Paragraph(text, tuple(at for i in numbers for at in sheet.lines[i].offsets), kind)


def _joined(sheet: Sheet, i: int, found: list[Paragraph]) -> tuple[int, bool]:
    """Add the paragraph of line `i` and those that go on with it; gives the last, and whether something stands between them."""
    line = sheet.lines[i]
    joined, at, resumed = [line], i, False
    while (j := sheet.follows(at)) is not None:
        j = sheet.across(at, j)
        sheet.used.add(j)
        joined.append(sheet.lines[j])
        resumed = resumed or (j > at + 1 and sheet.lines[j].gap > 0)
        at = j
    if len(joined) > 1:
        offsets = tuple(offset for one in joined for offset in one.offsets)
        found.append(Paragraph("".join(one.text for one in joined), offsets, "body"))
        return at, resumed
    alone = line.width <= LONG and not ENDS.search(line.text) and not re.search(r"[，；：、]", line.text)
    found.append(Paragraph(line.text, line.offsets, "heading" if alone else "body"))
    return at, resumed
