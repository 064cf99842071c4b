"""Files of other formats than text → pages: one small module per format, chosen by content first and suffix second.

What a format module finds is a `Content`: the text that `kg.read` reads, and what the file says of itself. The text of the
document is the extracted text, and spans count its characters; for Markdown it is the file as decoded, marks and all.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import PurePosixPath

from kg.formats.content import Content
from kg.read import Article, Page, Sentence, decode, read

MEDIA_TYPES = {
    "text": "text/plain",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "markdown": "text/markdown",
}
NAMES = {"html": "HTML", "pdf": "PDF", "docx": "DOCX", "epub": "EPUB", "markdown": "Markdown"}
BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
    ".md": "markdown",
    ".markdown": "markdown",
}
SUFFIXES = (".txt", *BY_SUFFIX)
LOOKS_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S
)
HAS_TAGS = re.compile(rb"<(?:[A-Za-z][A-Za-z0-9\-]*[\s/>]|!|/)")
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# What the file says of itself, of what is a field of kg.model.Document too.
SAYS = ("paper", "date", "page", "section", "title", "author")
# What a text may not hold: half characters, a byte order mark at its head, controls that XML cannot hold.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]|^\ufeff")


def load(data: bytes, name: str) -> Page:
    """The bytes of a file → its page. Raises ValueError with a reason that a person understands where it cannot be read."""
    form = recognise(data, name)
    if form == "text":
        page = read(data, name)
        return replace(page, document=replace(page.document, format=MEDIA_TYPES[form]))
    content = _content(form, data)
    if not content.text.strip():
        raise ValueError(f"no text in this {NAMES[form]} file")
    return _page(content, form, data, name)


def recognise(data: bytes, name: str) -> str:
    """The format of a file: `text`, or a key of `NAMES`. Raises ValueError where it is one that cannot be read."""
    meant = BY_SUFFIX.get(PurePosixPath(name).suffix.lower(), "text")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(OLD_WORD):
        raise ValueError("an old Office file (.doc); save it as .docx")
    if meant in ("pdf", "docx", "epub"):
        return _text_at_least(data, meant)
    if meant == "text" and LOOKS_HTML.match(data.removeprefix(b"\xef\xbb\xbf")[:4096]):
        return "html"
    return "text" if meant == "html" and not HAS_TAGS.search(data.replace(b"\0", b"")) else meant


def _text_at_least(data: bytes, meant: str) -> str:
    """`text` where a file of another suffix holds text, as the row of a table of web addresses may."""
    try:
        decode(data)
    except ValueError as error:
        raise ValueError(f"not a {NAMES[meant]} file") from error
    return "text"


def _zipped(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ValueError("a damaged DOCX, EPUB or zip file") from error
    if "word/document.xml" in names:
        return "docx"
    if "META-INF/container.xml" in names:
        return "epub"
    raise ValueError("a zip file that is neither DOCX nor EPUB")


def _content(form: str, data: bytes) -> Content:
    try:
        extract: Callable[[bytes], Content] = import_module(f"kg.formats.{form}").extract
    except ImportError as error:
        raise ValueError(f"{NAMES[form]} needs {error.name}: pip install 'tongbao[formats]'") from error
    try:
        return extract(data)
    except ValueError as error:
        if isinstance(error, UnicodeError):
            raise ValueError(f"a damaged {NAMES[form]} file") from error
        raise
    except Exception as error:  # what a parser makes of a broken file is of any class
        raise ValueError(f"a damaged {NAMES[form]} file ({type(error).__name__})") from error


def _page(content: Content, form: str, data: bytes, name: str) -> Page:
    page = read(_UNFIT.sub("\ufffd", content.text).encode(), name)
    says = {key: _UNFIT.sub("\ufffd", getattr(content, key)) for key in SAYS if getattr(content, key)}
    says |= {"sha256": hashlib.sha256(data).hexdigest(), "format": MEDIA_TYPES[form]}
    document = replace(page.document, **says)
    if not content.places:
        return replace(page, document=document)
    articles = tuple(_moved(article, content.places) for article in page.articles)
    return Page(replace(document, text=content.source), articles)


def _moved(article: Article, places: tuple[int, ...]) -> Article:
    """The article with each character's offset in the file, not in the text without marks."""

    def moved(sentence: Sentence) -> Sentence:
        return replace(sentence, offsets=tuple(places[offset] for offset in sentence.offsets))

    return replace(article, sentences=tuple(map(moved, article.sentences)))
