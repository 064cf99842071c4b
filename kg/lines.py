"""A text becomes lines: without indentation and stray spaces, punctuation in one form, each character with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

# One character for one, so that offsets stay: full-width letters and digits, radicals that look like characters.
ONE_FORM = str.maketrans(
    {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0).isalnum() or chr(c - 0xFEE0) in "%.+"}
    | dict(zip("⼀⼆⼈⼊⼋⼒⼗⼝⼟⼤⼥⼦⼩⼭⼯⼰⼲⼼⼿⽀⽂⽅⽇⽉⽊⽌⽐⽓⽔⽕⽗⽚⽜⽝⽟⽣⽤⽥⽩⽪⽬⽯⽰⽴⽵⽶⽹⽼⽿⾁⾃⾄⾆⾊⾎⾏⾐⾒⾔⾕⾜⾝⾞⾥⾦⾨⾬⾮⾯⾳⾵⾷⾸⾹⾼⺠⻋⻓⻔⻢⻅⻛⻚⻜",
               "一二人入八力十口土大女子小山工己干心手支文方日月木止比气水火父片牛犬玉生用田白皮目石示立竹米网老耳肉自至舌色血行衣见言谷足身车里金门雨非面音风食首香高民车长门马见风页飞", strict=True))
    | dict.fromkeys(map(chr, range(0xE000, 0xE010)), "\ufffd")  # kg.relations writes its marks with these
    | {"『": "“", "』": "”", "「": "“", "」": "”", "＜": "〈", "＞": "〉", "〞": "”", "〝": "“", "﹑": "、", "＂": '"'}
)  # fmt: skip
OTHER_FORMS = re.compile(f"[{re.escape(''.join(map(chr, ONE_FORM)))}]")
WIDE = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", "<": "〈", ">": "〉"}
TO_CHANGE = re.compile(r'[.",:;?!()<>]')  # where the form depends on what stands beside
HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
IS_HAN = re.compile(f"[{HAN}]")
ASCII = re.compile(r"[\x00-\x7f]")
CLOSERS = "”’）》〉】"


@dataclass(frozen=True)
class Line:
    """A line of the file, cleaned: `text` with the offset of each character (a range where no space was dropped), `level` of a Markdown heading (0: none).

    `gap` counts the blank lines before it, `indent` the spaces that it begins with, where they are few.
    """

    text: str
    offsets: Sequence[int]
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


MARKDOWN = re.compile(r"\s*(#{1,6})\s+")  # of a heading
PIECE = re.compile(r"\S+")
INDENT = re.compile("[ \t]{2,4}|\u3000{1,2}")  # of the first line of a paragraph
PLACED = re.compile(  # 泾县：宣纸小镇有了“知产法官” 泾县人民法院…
    rf"([▲■●◆★]?[{HAN}]{{2,14}}：[{HAN}“”]{{5,24}}) (?=([{HAN}“《][^，。；]{{3,60}}[，。；].{{12,}}[。”）])$)"
)
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


def in_one_form(text: str) -> str:
    """A text as long as before, with one character for all forms of one; most texts have only that."""
    return text.translate(ONE_FORM) if OTHER_FORMS.search(text) else text


def _clean(raw: str, start: int) -> tuple[str, Sequence[int], int]:
    """A raw line and its place in the file → text in one form, offsets, Markdown level."""
    level = len(mark[1]) if (mark := MARKDOWN.match(raw)) else 0
    body = mark.end() if mark and level else 0
    pieces = [(m[0], body + m.start()) for m in PIECE.finditer(raw[body:])]
    if len(pieces) == 1:
        ((text, at),) = pieces
        offsets: Sequence[int] = range(start + at, start + at + len(text))
    else:
        text, offsets = _closed_up(raw, start, pieces)
    return _punctuated(in_one_form(text)), offsets, level


def _closed_up(raw: str, start: int, pieces: list[tuple[str, int]]) -> tuple[str, Sequence[int]]:
    """The text of a line of several pieces with the spaces between them that part words, and its offsets."""
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
    kept: list[str] = []
    offsets: list[int] = []
    for i, (piece, at) in enumerate(pieces):
        if (
            i
            and not letter_spaced
            and not (spaced[i] and single[i] and single[i - 1])
            and _keeps_space(pieces[i - 1][0], piece)
        ):
            kept.append(" ")
            offsets.append(start + at - 1)
        kept.append(piece)
        offsets.extend(range(start + at, start + at + len(piece)))
    return "".join(kept), tuple(offsets)


def _punctuated(text: str) -> str:
    """The same with the marks of Chinese text where ASCII ones stand in it."""
    places = [m.start() for m in TO_CHANGE.finditer(text)]
    if not places:
        return text
    chars = list(text)
    opened = False
    for i in places:
        c = chars[i]
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
    return "".join(chars)


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
    if not (m := HEADLINE.match(line.text) or PLACED.match(line.text)):
        yield line
        return
    yield Line(line.text[: m.end(1)], line.offsets[: m.end(1)], line.gap, line.level, line.indent)
    yield Line(line.text[m.start(2) :], line.offsets[m.start(2) :])
