"""What a format module hands over, and what several of them need."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

LARGEST = 100_000_000  # bytes that a zipped file may unpack to
FULL_DATE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*[/年.\-]\s*([0-9]{1,2})\s*[/月.\-]\s*([0-9]{1,2})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file, and what the file says of itself: empty where it does not say.

    `date` is the day of publication (ISO 8601). Headings of `text` are marked as in Markdown, a row of a table is a line.
    Where the text is the file's own with marks left out, `source` is the file as decoded and `places` says where in it
    each character of `text` stands.
    """

    text: str
    title: str = ""
    date: str = ""
    paper: str = ""
    page: str = ""
    section: str = ""
    author: str = ""
    source: str = ""
    places: tuple[int, ...] = ()


def iso_date(text: str) -> str:
    """The first full date of a text as ISO 8601, or nothing.

    >>> iso_date("发布时间：2024年5月7日 09:30")
    '2024-05-07'
    """
    for year, month, day in FULL_DATE.findall(text):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    return ""


def row(cells: Iterable[str]) -> str:
    """A row of a table as a line of its own; the full stop keeps it apart from the next.

    >>> row(["红塔区", "", "35 起"])
    '红塔区 | 35 起。'
    """
    filled = [" ".join(cell.split()) for cell in cells]
    line = " | ".join(cell for cell in filled if cell)
    return line if not line or line[-1] in "。！？" else f"{line}。"


def unzip(data: bytes) -> zipfile.ZipFile:
    """An open zip file. Raises ValueError where it would unpack to more than `LARGEST` bytes."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    if sum(member.file_size for member in archive.infolist()) > LARGEST:
        raise ValueError(f"it unpacks to more than {LARGEST // 1_000_000} MB")
    return archive
