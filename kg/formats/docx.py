"""DOCX: paragraphs, headings and tables in the order of the page. Needs the extra `formats` (python-docx).

Word fills in titles and authors by itself; only those in Chinese are believed. The days on which the file was made
and changed are not the day of publication, and are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from kg.formats.content import Content, row, unzip
from kg.lines import IS_HAN

HEADING = re.compile(r"heading ([1-6])|(title)", re.I)
DEFAULTS = ("微软用户", "管理员", "用户")


def extract(data: bytes) -> Content:
    """The text of a file, and its title and author."""
    unzip(data).close()
    document = docx.Document(io.BytesIO(data))
    found: list[str] = []
    for block in document.iter_inner_content():
        found += _rows(block) if isinstance(block, Table) else [_line(block)]
    about = document.core_properties
    return Content("\n".join(found), title=_believed(about.title), author=_believed(about.author))


def _line(paragraph: Paragraph) -> str:
    heading = HEADING.fullmatch((paragraph.style.name or "") if paragraph.style else "")
    level = int(heading[1] or 1) if heading else 0
    text = paragraph.text
    return f"{'#' * level} {' '.join(text.split())}" if level and text.strip() else text


def _rows(table: Table) -> Iterator[str]:
    for table_row in table.rows:
        merged = {id(cell._tc): cell.text for cell in table_row.cells}  # a merged cell stands in each of its columns
        yield row(merged.values())


def _believed(text: str | None) -> str:
    return text.strip() if text and IS_HAN.search(text) and text.strip() not in DEFAULTS else ""
