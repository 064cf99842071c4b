"""PDF with a text layer. Needs the extra `formats` (pypdfium2).

PDFium gives the text in the order in which the page draws it: column by column, as papers set it. Where a page draws line
by line across its columns, `kg.formats.columns` puts the columns one after the other. The day on which the file was made is
not the day of publication, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2

from kg.formats.columns import Piece, in_columns
from kg.formats.content import Content
from kg.lines import IS_HAN

SOFT_HYPHENS = str.maketrans("", "", "\x02\ufffe\uffff")


def extract(data: bytes) -> Content:
    """The text of all pages, and the title and author that the file gives in Chinese."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "it needs a password" if "password" in str(error).lower() else "damaged, or no PDF"
        raise ValueError(f"a PDF file that cannot be opened ({reason})") from error
    try:
        text = "\n\n".join(map(_page_text, document))
        about = {name: document.get_metadata_value(name).strip() for name in ("Title", "Author")}
    finally:
        document.close()
    if not text.strip():
        raise ValueError("a PDF file without a text layer (scanned pages need OCR first)")
    believed = {name: value if IS_HAN.search(value) else "" for name, value in about.items()}
    return Content(text, title=believed["Title"], author=believed["Author"])


def _page_text(page: pypdfium2.PdfPage) -> str:
    layer = page.get_textpage()
    ordered = in_columns(list(_pieces(layer)))
    text = layer.get_text_range() if ordered is None else "\n".join(ordered)
    return text.replace("\r\n", "\n").translate(SOFT_HYPHENS)


def _pieces(layer: pypdfium2.PdfTextPage) -> Iterator[Piece]:
    """The stretches of text in the order in which the page draws them."""
    for i in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(i)
        if text := layer.get_text_bounded(left, bottom, right, top).strip():
            yield Piece(text, left, bottom, right, top)
