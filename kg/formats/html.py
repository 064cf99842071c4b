"""HTML as papers publish it: article pages, and page views with several articles. Needs the extra `formats` (lxml).

The main part of a page is the block that a publishing system marks as such, else the smallest block that holds nearly all
of its sentences; menus, lists of links and the foot of the page have none. What the page says of itself is read from `meta` elements, from the tags of e-paper
systems (founder-…), and from the lines around the main part.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from kg.formats.content import Content, iso_date, row
from kg.lines import HAN
from kg.read import PAPER, decode

DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.I)
CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
NEVER = ("script", "style", "noscript", "template", "svg", "iframe", "object", "select", "textarea", "button")
BESIDE = ("nav", "footer", "aside")
INLINE = frozenset(
    "a abbr b bdi bdo big cite code data del dfn em font founder-title i ins kbd label mark q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
CONTAINERS = frozenset("body div article section main table tbody tr td center form founder-content".split())
LONGEST = 200  # characters of a title, or of what a `meta` element says
# How the systems that papers and governments publish with mark the text of an article.
MARKED = "descendant::*[self::founder-content or @id='ozoom' or @id='UCAP-CONTENT' or contains(@class, 'TRS_Editor')]"
NOTICE = re.compile("版权|未经.{0,10}许可|不得转载|备案|不良信息")
SHARE = 0.8  # of the sentences that the main part holds at least
HEADING = re.compile(r"h([1-6])")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
PAGE_NUMBER = re.compile(rf"第\s*([0-9]{{1,3}}|[A-Z][0-9]{{1,2}})\s*版(?:\s*[：:]\s*([{HAN}]{{2,8}}))?")
FROM = re.compile(r"来源[：:]\s*([^\s|｜：:]{2,20})")
SITE = re.compile(r"\s*[-_|｜—－]+\s*[^-_|｜—－]{2,20}$")
# A line end of the source between two Chinese characters is no space.
BROKEN = re.compile(rf"(?<=[{HAN}，。、；：！？”）》])[ \t]*[\r\n]\s*(?=[{HAN}“（《，。、；：！？])")
META = {
    "title": ("articletitle", "og:title"),
    "date": ("pubdate", "article:published_time", "publishdate", "datepublished", "date", "dc.date"),
    "paper": ("contentsource", "source", "og:site_name", "sitename"),
    "section": ("columnname", "article:section"),
    "author": ("author", "article:author"),
}


def extract(data: bytes) -> Content:
    """The main part of a page, and what the page says of itself."""
    root = parse(decoded(data))
    metas = _metas(root)
    body = root.find("body")
    if body is None:
        return Content("")
    _drop(body, NEVER)
    around = list(_stretches(body))
    title = _title(root, metas)
    _drop(body, BESIDE)
    main = _main_part(body)
    found = lines(main)
    inside = set() if main is body else set(_stretches(main))
    beside = "\n".join(line for line in around if line not in inside)
    if title and not any(_bare(title) in _bare(line) for line in found):
        found.insert(0, f"# {title}")
    printed = PAGE_NUMBER.search("\n".join(around))
    source = FROM.search(beside)
    return Content(
        "\n".join(found),
        title=title,
        date=iso_date(metas.get("date", "")) or iso_date(_time(body)) or iso_date(beside),
        paper=metas.get("paper") or (source[1] if source else "") or _paper(root),
        page=printed[1] if printed else "",
        section=(printed[2] if printed else None) or metas.get("section", ""),
        author=metas.get("author", ""),
    )


def decoded(data: bytes) -> str:
    """The text of a page: by its byte order mark, as UTF-8, as it declares itself, or as GB18030.

    A page that declares itself and has single broken characters is read as a browser does, with U+FFFD for each.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = DECLARED.search(data[:4096])
    if declared is None:
        return decode(data)
    name = declared[1].decode().lower()
    try:
        return data.decode(CHINESE.get(name, name), "replace")
    except LookupError:
        return decode(data)


def parse(text: str) -> Any:
    """The tree of a page; comments are left out. Raises ValueError where there is none."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise ValueError("no text in this HTML file") from error


def lines(root: Any) -> list[str]:
    """The text of an element as lines: paragraphs, headings marked as in Markdown, rows of tables."""
    found: list[str] = []
    words: list[str] = []
    cells: list[str] | None = None  # of the row that is being read
    data_table: Any = None
    mark = ""
    links, plain = 0, False  # how deep in links we are, and whether the words have text outside them

    def take(text: str | None) -> None:
        nonlocal plain
        words.append(text or "")
        plain = plain or (not links and bool(text and text.strip()))

    def flush() -> None:
        nonlocal plain
        text = _joined(words)
        if text and (plain or mark):  # a line that is nothing but a link leads elsewhere
            found.append(mark + text)
        words.clear()
        plain = False

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag == "table" and data_table is None and _holds_data(element):
                flush()
                data_table, cells = element, []
            elif tag == "br":
                words.append(" " if data_table is not None else "\0")
            elif tag not in INLINE and data_table is None:
                flush()
                mark = "#" * int(heading[1]) + " " if (heading := HEADING.fullmatch(tag)) else mark
            links += tag == "a"
            take(element.text)
            continue
        links -= tag == "a"
        if data_table is None and tag not in INLINE and tag != "br":
            flush()
            mark = "" if HEADING.fullmatch(tag) else mark
        elif cells is not None and tag in ("td", "th", "caption"):
            cells.append(_joined(words))
            words.clear()
        if cells is not None and tag in ("tr", "caption"):
            found.extend(filter(None, [row(cells)]))
            cells.clear()
        if element is data_table:
            words.clear()
            data_table = cells = None
        if element is not root:
            take(element.tail)
    flush()
    return [part.strip() for line in found for part in line.split("\0") if part.strip(" #")]


def _joined(words: list[str]) -> str:
    return re.sub(r"[ \t\r\n\xa0]+", " ", BROKEN.sub("", "".join(words))).strip()


def _holds_data(table: Any) -> bool:
    """Whether a table is one for the reader, and not there to lay out the page."""
    if table.find(".//table") is not None or not any(
        len(tr.findall("td") + tr.findall("th")) > 1 for tr in table.iter("tr")
    ):
        return False
    return all(len(cell.text_content().strip()) <= 100 for cell in table.iter("td"))


def _drop(body: Any, tags: tuple[str, ...]) -> None:
    for element in list(body.iter(etree.Element)):
        hidden = element.get("hidden") is not None or HIDDEN.search(element.get("style") or "")
        if (element.tag in tags or hidden) and element.getparent() is not None and element is not body:
            element.drop_tree()


def _main_part(body: Any) -> Any:
    """The one block that is marked as the text, else the smallest that holds `SHARE` of the sentences outside links."""
    marked = set(body.xpath(MARKED))
    outermost = [element for element in marked if not any(above in marked for above in element.iterancestors())]
    if len(outermost) == 1 and _joined(list(outermost[0].itertext())):
        return outermost[0]
    weight: dict[Any, int] = {}
    for _, element in etree.iterwalk(body, events=("end",)):
        inside = sum(weight[child] for child in element)
        tails = sum(_sentences(child.tail) for child in element)
        weight[element] = 0 if element.tag == "a" else inside + tails + _sentences(element.text)
    main, enough = body, SHARE * weight[body]
    while enough:
        inner = next((child for child in main if weight[child] >= enough and child.tag in CONTAINERS), None)
        if inner is None:
            break
        main = inner
    return main


def _sentences(text: str | None) -> int:
    return len(text) if text and re.search(r"[，。；！？]", text) and not NOTICE.search(text) else 0


def _stretches(body: Any) -> Iterator[str]:
    """The text of an element outside links, in stretches between tags."""
    links = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        links += (element.tag == "a") * (1 if event == "start" else -1)
        text = element.text if event == "start" else element.tail
        if not links and text and text.strip():
            yield text.strip()


def _bare(text: str) -> str:
    return re.sub(r"[\s#]+", "", text)


def _metas(root: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        said.setdefault(name.lower(), " ".join((meta.get("content") or "").split())[:LONGEST])
    return {field: value for field, names in META.items() if (value := next(filter(None, map(said.get, names)), ""))}


def _title(root: Any, metas: dict[str, str]) -> str:
    if title := metas.get("title"):
        return SITE.sub("", title) or title
    for path in (".//founder-title", ".//h1", ".//title"):
        element = root.find(path)
        if element is not None and (text := " ".join(element.text_content().split())[:LONGEST]):
            return (SITE.sub("", text) or text) if path == ".//title" else text
    return ""


def _paper(root: Any) -> str:
    """The paper that the title of the page names between hyphens or strokes."""
    parts = re.split(r"[-_|｜—－]+", (root.findtext(".//title") or "")[:LONGEST])
    return next((paper[1] for part in parts if (paper := PAPER.match(part.strip()))), "")


def _time(body: Any) -> str:
    element = body.find(".//time")
    return "" if element is None else element.get("datetime") or element.text_content()
