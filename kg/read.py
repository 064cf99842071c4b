"""A file becomes articles and sentences, and every character keeps its place in the file.

Papers print columns: lines are wrapped inside words, a column break leaves blank lines in the middle of a sentence, another
article's heading stands between two halves, scanned text has spaces between characters. Reading undoes all of it in four steps:

1. `decode`   bytes to text;
2. `lines`    each line without indentation and stray spaces, punctuation in one form, each character with its offset;
3. `paragraphs` lines that belong together are joined, past an interrupting heading where the sentence goes on;
4. `articles` headings, datelines and by-lines say where one article ends and the next begins.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kg import words
from kg.model import Document, Span

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


# ---------------------------------------------------------------- lines

# One character for one, so that offsets stay: full-width letters and digits, radicals that look like characters.
ONE_FORM = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0).isalnum() or chr(c - 0xFEE0) in "%.+"}
    | dict(zip("⼀⼆⼈⼊⼋⼒⼗⼝⼟⼤⼥⼦⼩⼭⼯⼰⼲⼼⼿⽀⽂⽅⽇⽉⽊⽌⽐⽓⽔⽕⽗⽚⽜⽝⽟⽣⽤⽥⽩⽪⽬⽯⽰⽴⽵⽶⽹⽼⽿⾁⾃⾄⾆⾊⾎⾏⾐⾒⾔⾕⾜⾝⾞⾥⾦⾨⾬⾮⾯⾳⾵⾷⾸⾹⾼⺠⻋⻓⻔⻢⻅⻛⻚⻜",
               "一二人入八力十口土大女子小山工己干心手支文方日月木止比气水火父片牛犬玉生用田白皮目石示立竹米网老耳肉自至舌色血行衣见言谷足身车里金门雨非面音风食首香高民车长门马见风页飞", strict=True))
    | dict.fromkeys(map(chr, range(0xE000, 0xE010)), "\ufffd")  # kg.relations writes its marks with these
    | {"『": "“", "』": "”", "「": "“", "」": "”", "＜": "〈", "＞": "〉", "〞": "”", "〝": "“", "﹑": "、"}
)  # fmt: skip
WIDE = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", "<": "〈", ">": "〉"}
HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
IS_HAN = re.compile(f"[{HAN}]")
ASCII = re.compile(r"[\x00-\x7f]")
CLOSERS = "”’）》〉】"


@dataclass(frozen=True)
class Line:
    """A line of the file, cleaned: `text` with the offset of each character, `level` of a Markdown heading (0: none).

    `gap` counts the blank lines before it, `indent` the spaces that it begins with, where they are few.
    """

    text: str
    offsets: tuple[int, ...]
    gap: int = 0
    level: int = 0
    indent: str = ""

    @cached_property
    def width(self) -> float:
        """The width in Chinese characters as printed: two digits or Latin letters take the room of one, a dropped space half."""
        half = len(ASCII.findall(self.text))
        dropped = self.size - len(self.text) - len(self.indent)
        return len(self.text) + (dropped - half + len(self.indent) + self.indent.count("\u3000")) / 2

    @cached_property
    def size(self) -> int:
        """How many characters the file has here, with the indentation and the spaces that were dropped, if they are few."""
        raw = self.offsets[-1] + 1 - self.offsets[0]
        return len(self.indent) + (raw if raw <= len(self.text) * 1.4 else len(self.text))


# A number in running text with a space in it: 警力3 20余名, 6. 45万人次; but not the cells of a table, nor 表1 2024年.
CUT_NUMBER = (re.compile(rf"[{HAN}](?<![表图件])[0-9]+\.?$"), re.compile(r"\.?[0-9]+(?![0-9年月日/.\-])"))


INDENT = re.compile("[ \t]{2,4}|\u3000{1,2}")  # of the first line of a paragraph
HEADLINE = re.compile(
    rf"([^。；！？，]{{4,60}}?)(?: (?=[{HAN}])|(?=本报))((?:本报[{HAN}]{{0,6}}?|[{HAN}]{{2,4}})?讯（[^（）]{{0,4}}(?:记者|通讯员)[^（）]{{2,30}}）)"
)


def _keeps_space(before: str, after: str) -> bool:
    """Whether a run of spaces between two stretches of a line parts words, and is not an accident of the scan."""
    if not before or not after:
        return False
    if after[0] in "%％" or before[-1] in "+":
        return False
    if CUT_NUMBER[0].search(before) and CUT_NUMBER[1].match(after):
        return False
    if (before[-1].isascii() and after[0].isascii()) or re.search(r"..[讯电]$", before):
        return True
    if not (IS_HAN.match(before[-1]) or before[-1] in CLOSERS) or not (IS_HAN.match(after[0]) or after[0] in "“（《"):
        return False
    return len(before) > 1 and len(after) > 1


def _clean(raw: str, start: int) -> tuple[str, tuple[int, ...], int]:
    """A raw line and its place in the file → text in one form, offsets, Markdown level."""
    level = len(mark[1]) if (mark := re.match(r"\s*(#{1,6})\s+", raw)) else 0
    body = mark.end() if mark and level else 0
    pieces = [(m[0], body + m.start()) for m in re.finditer(r"\S+", raw[body:])]
    letter_spaced = len(pieces) > 8 and sum(len(piece) == 1 for piece, _ in pieces) > 0.8 * len(pieces)
    single = [len(piece) == 1 for piece, _ in pieces]
    spaced = (
        [  # 1 3 0 余 台: one of four or more single characters in a row, some of them Chinese
            i > 0 and any(all(single[j : j + 4]) and j + 4 <= len(pieces) for j in range(max(0, i - 3), i))
            for i in range(len(pieces))
        ]
        if sum(single) >= 4 and not raw.isascii()
        else [False] * len(pieces)
    )
    chars: list[str] = []
    offsets: list[int] = []
    for i, (piece, at) in enumerate(pieces):
        if (
            i
            and not letter_spaced
            and not (spaced[i] and single[i] and single[i - 1])
            and _keeps_space(pieces[i - 1][0], piece)
        ):
            chars.append(" ")
            offsets.append(start + at - 1)
        chars.extend(piece.translate(ONE_FORM))
        offsets.extend(range(start + at, start + at + len(piece)))
    opened = False
    for i, c in enumerate(chars):
        if (
            c == "."
            and i
            and (IS_HAN.match(chars[i - 1]) or chars[i - 1] in "%”）")
            and (i + 1 == len(chars) or IS_HAN.match(chars[i + 1]) or chars[i + 1] in "“《（" or chars[i + 1].isdigit())
            and i > 2
        ):
            chars[i] = "。"
        if c == '"':
            chars[i], opened = ("”", False) if opened else ("“", True)
        elif c in WIDE and not (
            c in ",:" and chars[i - 1 : i] and chars[i - 1].isdigit() and "".join(chars[i + 1 : i + 2]).isdigit()
        ):
            near = "".join(chars[max(0, i - 1) : i] + chars[i + 1 : i + 2])
            if not near.isascii() or len(near) < 2:
                chars[i] = WIDE[c]
    return "".join(chars), tuple(offsets), level


def lines(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    found: list[Line] = []
    gap = 0
    for match in re.finditer(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+|\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]", text):
        if match[0][0] in "\r\n\u2028\u2029\x0b\x0c\x85":
            gap += 1
            continue
        cleaned, offsets, level = _clean(match[0], match.start())
        if cleaned:
            indent = match[0][: offsets[0] - match.start()]
            found.append(Line(cleaned, offsets, max(0, gap - 1), level, indent if INDENT.fullmatch(indent) else ""))
            gap = 0
    return [part for line in found for part in _headline_apart(line)]


def _headline_apart(line: Line) -> Iterator[Line]:
    """A line that runs its headline into the text (标题 本报讯（记者…）正文) as two."""
    if not (m := HEADLINE.match(line.text)):
        yield line
        return
    yield Line(line.text[: m.end(1)], line.offsets[: m.end(1)], line.gap, line.level, line.indent)
    yield Line(line.text[m.start(2) :], line.offsets[m.start(2) :])


# ---------------------------------------------------------------- paragraphs

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
CAPTION = re.compile(r"^（?[上下左右]?图为.*(?:[。）]|摄|供图)$|。[\u4e00-\u9fff·、 ]{2,12}(?:摄|供图)$")
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
BODY_MARK = re.compile(r"[，；]")
LONG = 30  # no heading is longer, no column of a paper is wider
NARROW = 9  # nor any column narrower
FAR = 40  # and past a whole article between
REACH = 14  # how many lines past an open line its other half is looked for


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Joined lines. `kind` is heading, body, byline or caption; `level` of a heading, 0 if plain."""

    text: str
    offsets: tuple[int, ...] = field(repr=False)
    kind: str
    level: int = 0


def _exact(all_lines: list[Line], i: int) -> int:
    """The number of characters that most lines around line i have, where the text is wrapped after so many; else 0."""
    near = [line.size for line in all_lines[max(0, i - 4) : i + 5] if not line.level]
    size, lines_of_it = Counter(near).most_common(1)[0] if near else (0, 0)
    return size if lines_of_it >= 4 and lines_of_it * 2 > len(near) and NARROW <= size <= LONG else 0


def _column(all_lines: list[Line], i: int) -> float:
    """The usual width of the lines around line i, or 0 where the text around is not wrapped."""
    near = sorted(w for line in all_lines[max(0, i - 4) : i + 5] if not line.level and (w := line.width) >= NARROW)
    if len(near) < 4 or (usual := near[len(near) // 2]) > LONG:
        return 0.0
    even = sum(abs(w - usual) <= 2.5 for w in near)
    wider = sum(w > usual + 6 for w in near)  # next to running text that is not wrapped
    return usual if even * 2 >= len(near) and wider * 4 < len(near) else 0.0


def _is_heading(line: Line, column: float, exact: int = 0) -> bool:
    if line.level:
        return True
    if (
        DATELINE.match(line.text)
        or ENDS.search(line.text)
        or line.width > LONG
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
    rows = [
        any(all(alike[j : j + 3]) for j in range(max(0, i - 2), i + 1) if j + 3 <= len(alike))
        for i in range(len(alike))
    ]
    titles = [bool(COLUMNS.match(line.text)) and i + 1 < len(rows) and rows[i + 1] for i, line in enumerate(all_lines)]
    return [row or title for row, title in zip(rows, titles, strict=True)]


def paragraphs(all_lines: list[Line]) -> list[Paragraph]:
    """Lines joined into paragraphs, in the order of the page.

    A line goes on in a later one where it does not end a sentence and is full (as wide as its column, or too long for a heading).
    Headings and credits between the two halves stay paragraphs of their own.
    """
    used: set[int] = set()
    found: list[Paragraph] = []
    rows = _table_rows(all_lines)
    columns = [0.0 if any(rows[max(0, i - 1) : i + 2]) else _column(all_lines, i) for i in range(len(all_lines))]
    heading = [
        _is_heading(line, columns[i], _exact(all_lines, i) if columns[i] else 0) for i, line in enumerate(all_lines)
    ]
    for i, line in enumerate(all_lines[:-1]):
        if all_lines[i + 1].text[0] in "，。、；》）”":
            heading[i] = False  # the next line goes on with it
        # what stands over 本报记者 某某
        signed = REPORTER.match(all_lines[i + 1].text) and line.width <= LONG
        heading[i] = heading[i] or bool(
            signed and not ENDS.search(line.text) and not re.search("[，；。：]", line.text)
        )
    caption = [bool(CAPTION.search(line.text)) for line in all_lines]
    heading = [is_heading and not row for is_heading, row in zip(heading, rows, strict=True)]
    apart = [
        caption[i] or bool(CREDIT.match(line.text) or REPORTER.match(line.text)) for i, line in enumerate(all_lines)
    ]

    def full(i: int) -> bool:
        return bool(columns[i]) and all_lines[i].width >= columns[i] - 1

    indents = sum(bool(line.indent) for line in all_lines)
    indented = indents >= 4 and indents * 5 < len(all_lines) * 4  # a page that marks where its paragraphs begin
    for i, line in enumerate(all_lines):
        before, after = all_lines[max(0, i - 1)], all_lines[i + 1] if i + 1 < len(all_lines) else None
        plain = not (line.level or line.gap or apart[i] or rows[i])
        if i and heading[i] and plain and not line.indent and full(i - 1):
            heading[i] = bool(
                heading[i - 1] or apart[i - 1] or ENDS.search(before.text)
            )  # else it ends what is above it
        starts = not i or line.gap or heading[i - 1] or apart[i - 1] or ENDS.search(before.text)
        if (
            indented
            and starts
            and not line.indent
            and not apart[i]
            and not rows[i]
            and after
            and (after.indent or after.gap)
        ):
            heading[i] = heading[i] or not re.search("[，。；：、]", line.text)

    def starts_anew(j: int) -> bool:
        line = all_lines[j]
        if indented and line.indent:
            return True
        return bool(
            apart[j] or rows[j] or line.level or DATELINE.match(line.text) or (NUMBERED.match(line.text) and heading[j])
        )

    def follows(i: int) -> int | None:
        line, column = all_lines[i], columns[i]
        if heading[i] or apart[i] or rows[i] or (i + 1 < len(rows) and rows[i + 1]):
            return None
        wrapped = column and line.width >= column - 4
        if CLOSING.search(line.text):
            return None
        if ENDS.search(line.text):
            j = i + 1  # a wrapped paragraph may have a full stop at the end of a line
            return (
                j
                if wrapped
                and line.width >= column - 1
                and j < len(all_lines)
                and not all_lines[j].gap
                and columns[j]
                and not heading[j]
                and not starts_anew(j)
                else None
            )
        item = ITEM.match(line.text) and line.width <= LONG * 1.5
        if not wrapped and (line.width < LONG - 10 or line.text[-1] in "：；" or item):
            return None
        for j in range(i + 1, min(i + 1 + REACH, len(all_lines))):
            if indented and j > i + 1:
                if goes_on(j):
                    return j
                continue
            if DATELINE.match(all_lines[j].text):
                return beyond(i, j)
            if ITEM.match(all_lines[j].text) and not indented:
                return None
            if j in used or (heading[j] and not (j == i + 1 and all_lines[j].gap == 0)) or starts_anew(j):
                continue
            if all_lines[j].gap and OPENER.match(all_lines[j].text) and j > i + 1:
                continue
            if (
                all_lines[j].gap >= 2
                and ENDS.search(all_lines[j].text)
                and all_lines[j].width < 40
                and j + 1 < len(all_lines)
                and all_lines[j + 1].gap >= 2
            ):
                continue  # a caption under a picture
            return j
        return None

    def goes_on(j: int) -> bool:
        """Whether a line of an indented page begins nothing: the second half of something."""
        line, above = all_lines[j], all_lines[j - 1]
        if line.indent or j in used or heading[j] or starts_anew(j) or ITEM.match(line.text):
            return False
        return bool(line.gap or heading[j - 1] or apart[j - 1] or (ENDS.search(above.text) and not full(j - 1)))

    def resumes(j: int) -> bool:
        """Whether a line that is not wrapped begins in the middle of a sentence: 34.2万元。"""
        return j not in used and bool(FRAGMENT.match(all_lines[j].text))

    def beyond(i: int, other: int) -> int | None:
        """Where line i goes on behind the article that begins at line `other`: at a paragraph that is no beginning.

        Its first character makes a word with the last one of line i, or the other article has closed before it.
        """
        far = range(other + 1, min(other + FAR, len(all_lines)))
        if indented:
            return next((j for j in far if goes_on(j)), None)
        if not columns[i]:
            return next((j for j in far if resumes(j)), None)
        for j in range(other + 1, min(other + FAR, len(all_lines))):
            line = all_lines[j]
            if DATELINE.match(line.text):
                return None
            if (
                j in used
                or not line.gap
                or heading[j]
                or starts_anew(j)
                or ITEM.match(line.text)
                or OPENER.match(line.text)
            ):
                continue
            before = all_lines[j - 1].text
            if words.known(all_lines[i].text[-1] + line.text[0]) and not words.known(before[-1] + line.text[0]):
                return j
            if CLOSING.search(before) or CREDIT.match(before):
                return j
        return None

    for i, line in enumerate(all_lines):
        if i in used:
            continue
        if apart[i]:
            found.append(Paragraph(line.text, line.offsets, "caption" if caption[i] else "byline"))
            continue
        if heading[i]:
            found.append(Paragraph(line.text, line.offsets, "heading", line.level))
            continue
        if rows[i]:
            found.append(Paragraph(line.text, line.offsets, "body"))
            continue
        text, offsets, at = line.text, list(line.offsets), i
        while (j := follows(at)) is not None:
            used.add(j)
            text += all_lines[j].text
            offsets += all_lines[j].offsets
            at = j
        alone = at == i and line.width <= LONG and not ENDS.search(text) and not re.search(r"[，；：、]", text)
        found.append(Paragraph(text, tuple(offsets), "heading" if alone else "body"))
    return found


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
    offsets: tuple[int, ...] = field(repr=False)
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
