"""EPUB, as annual collections are published: the chapters in reading order. Needs the extra `formats` (lxml)."""

from __future__ import annotations

import posixpath
import zipfile
from typing import Any
from urllib.parse import unquote

from lxml import etree

from kg.formats.content import Content, iso_date, unzip
from kg.formats.html import NEVER, decoded, lines, parse

NAMESPACES = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def extract(data: bytes) -> Content:
    """The text of all chapters, and title, date, publisher and author of the collection."""
    with unzip(data) as archive:
        place = _parsed(archive, "META-INF/container.xml").find(".//c:rootfile", NAMESPACES).get("full-path")
        package = _parsed(archive, place)
        items = {item.get("id"): item.get("href") for item in package.iterfind(".//opf:manifest/opf:item", NAMESPACES)}
        chapters = [
            _chapter(archive.read(posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(href)))))
            for ref in package.iterfind(".//opf:spine/opf:itemref", NAMESPACES)
            if (href := items.get(ref.get("idref"))) and ref.get("linear") != "no"
        ]
    return Content(
        "\n\n\n".join(filter(None, chapters)),
        title=_said(package, "title"),
        date=iso_date(_said(package, "date")),
        paper=_said(package, "publisher"),
        author=_said(package, "creator"),
    )


def _parsed(archive: zipfile.ZipFile, name: str) -> Any:
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _said(package: Any, name: str) -> str:
    return (package.findtext(f".//dc:{name}", namespaces=NAMESPACES) or "").strip()


def _chapter(data: bytes) -> str:
    root = parse(decoded(data))
    for element in list(root.iter(*NEVER, "nav", "head")):
        element.drop_tree()
    return "\n".join(lines(root))
