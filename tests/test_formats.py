"""Files of every format that is read: text, what the file says of itself, and spans that lead to the place."""

from __future__ import annotations

import builtins
import hashlib
import importlib
import io
import sys
import time
import zipfile
from collections.abc import Iterable

import docx
import pytest
from reading import Said

from kg import formats, graph, pipeline, store
from kg.extract import extract
from kg.formats import load, recognise
from kg.formats.columns import Piece, in_columns
from kg.formats.content import row
from kg.read import Page

SAYS = "临江市公安局组织开展“蓝盾5号”专项行动，共破获案件46起。"
MORE = "东岭县公安局参加“蓝盾5号”专项行动，抓获嫌疑人23名。"


def sentences(page: Page) -> list[str]:
    return [sentence.text for article in page.articles for sentence in article.sentences]


def quotes_are_true(page: Page) -> int:
    """Checks every quote against the text of the document; returns how many there are."""
    text = page.document.text
    quotes = [e for statement in extract([page]).statements for e in statement.evidence]
    for evidence in quotes:
        assert text[evidence.span.start : evidence.span.end] == evidence.quote
    return len(quotes)


def says_all(page: Page) -> None:
    """The two sentences are read, and say the same as in a plain text file."""
    found = sentences(page)
    assert SAYS in found and MORE in found
    assert quotes_are_true(page) >= 3

    def facts(content):
        return {
            (s.subject, s.predicate, s.object.split("-")[0]) for s in content.statements if s.predicate == "conducted"
        }

    assert facts(extract([page])) >= facts(Said(f"{SAYS}\n{MORE}\n").content) != set()


# ---------------------------------------------------------------- making files


def page_of_html(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


ARTICLE = f"""
<div class="top"><a href="/">首页</a> <a href="/yw">要闻</a> <a href="/gj">临江市税务局召开会议，部署工作。</a></div>
<nav>东岭县财政局开展“清风”专项行动。</nav>
<h1>“蓝盾5号”行动
见成效</h1>
<div class="info">发布时间：2024-03-08 09:12 来源：临江晚报 第02版：政法</div>
<div id="content"><p>　　{SAYS[:12]}
{SAYS[12:]}</p><p>&nbsp;&nbsp;<b>{MORE[:6]}</b>{MORE[6:]}</p><script>var x = "公安局。"</script>
<p style="display:none">隐藏的句子，不应读到。</p></div>
<footer>临江市融媒体中心主办，版权所有。</footer>
<div class="foot">主办：临江市人民政府办公室 地址：江北路1号</div>"""


def pdf(pages: Iterable[Iterable[tuple[int, int, str]]], title: str = "") -> bytes:
    """A PDF that draws each text at its place, in this order, 10 points high, with a Chinese font that it does not embed."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>",
        f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>",
    ]
    kids = []
    for page in pages:
        drawn = "".join(f"BT /F 10 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, text in page)
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + end.encode()


def wrapped(text: str, left: int, top: int, width: int = 15) -> list[tuple[int, int, str]]:
    return [(left, top - 14 * n, text[i : i + width]) for n, i in enumerate(range(0, len(text), width))]


def word(**about: str) -> bytes:
    document = docx.Document()
    for name, value in about.items():
        setattr(document.core_properties, name, value)
    document.add_heading("政法要闻", 1)
    document.add_paragraph(SAYS)
    table = document.add_table(2, 3)
    for cell, text in zip(
        (c for r in table.rows for c in r.cells), ("单位", "破案", "抓获", "东岭县", "46起", "23名"), strict=True
    ):
        cell.text = text
    document.add_paragraph(MORE)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def epub(*chapters: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="书/a.opf"/>'
            "</rootfiles></container>",
        )
        items = "".join(f'<item id="c{i}" href="%E7%AB%A0{i}.xhtml"/>' for i in range(len(chapters)))
        spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
        archive.writestr(
            "书/a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            "<dc:title>临江政法年刊</dc:title><dc:date>2023-12-31T00:00:00Z</dc:date><dc:publisher>临江出版社</dc:publisher>"
            f"<dc:creator>年刊编辑部</dc:creator></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for i, chapter in reversed(list(enumerate(chapters))):
            archive.writestr(
                f"书/章{i}.xhtml", f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{chapter}</body></html>'
            )
    return out.getvalue()


# ---------------------------------------------------------------- HTML


def test_an_article_page():
    page = load(page_of_html(ARTICLE, "<title>“蓝盾5号”行动见成效_临江新闻网</title>"), "a.html")
    says_all(page)
    document = page.document
    assert (document.paper, document.date, document.page, document.section) == ("临江晚报", "2024-03-08", "02", "政法")
    assert document.title == page.articles[0].title == "“蓝盾5号”行动 见成效"
    for unwanted in ("税务局", "财政局", "隐藏", "版权", "主办", "var x"):
        assert unwanted not in document.text


EPAPER = f"""
<table><tr><td><table><tr><td>2024年05月17日&nbsp;星期五 <a>上一期</a></td></tr></table>
<table><tr><td><strong>第A03版：法治</strong></td><td><a>下一版</a></td></tr></table>
<table><tr><td><a>河西县法院公开审理，宣判三案</a></td></tr></table></td>
<td><table><tr><td><founder-title>临江出动</founder-title></td></tr><tr><td>本报记者 赵一川</td></tr></table>
<div BODY><P>　　{SAYS}</P><P>　　{MORE}</P></div></td></tr></table>
<div>江北日报社 版权所有 未经许可，不得转载，违者必究，请勿抄袭，谢谢合作，特此声明，敬请留意。</div>"""


@pytest.mark.parametrize("mark", ["", "id=ozoom", 'class="view TRS_Editor"'])
def test_an_electronic_paper_laid_out_with_tables(mark):
    title = "<title>江北日报-2024年05月17日-临江出动</title>"
    page = load(page_of_html(EPAPER.replace("BODY", mark), title), "e.html")
    says_all(page)
    document = page.document
    assert document.text == f"# 临江出动\n{SAYS}\n{MORE}"
    said = document.paper, document.date, document.page, document.section
    assert said == ("江北日报", "2024-05-17", "A03", "法治")


def test_a_line_that_is_nothing_but_a_link_is_left_out():
    related = "<ul><li><a>河西县公安局召开会议。</a></li></ul><h2><a>临江行动</a></h2>"
    page = load(page_of_html(f"<div><p>{SAYS}<a>{MORE}</a></p>{related}</div>"), "l.html")
    assert page.document.text == f"{SAYS}{MORE}\n## 临江行动"


def test_what_the_page_says_in_meta_elements():
    head = """<meta name="ArticleTitle" content="蓝盾出鞘"><meta name="PubDate" content="2024-03-09 10:00">
    <meta name="ContentSource" content="临江日报"><meta name="ColumnName" content="平安"><meta name="Author" content="周明">"""
    document = load(page_of_html(ARTICLE, head), "a.html").document
    assert (document.title, document.date, document.paper) == ("蓝盾出鞘", "2024-03-09", "临江日报")
    assert document.section == "政法"  # as printed, before the column of the site
    assert document.text.startswith("# 蓝盾出鞘\n")
    assert (document.author, document.format) == ("周明", "text/html")


def test_a_page_view_has_several_articles():
    view = f"<div><h2>临江行动</h2><p>{SAYS}</p></div><div><h2>东岭跟进</h2><p>{MORE}</p></div>"
    page = load(page_of_html(f"<strong>第03版：政法</strong><a>第04版：体育</a><section>{view}</section>"), "p.html")
    says_all(page)
    assert [article.title for article in page.articles] == ["临江行动", "东岭跟进"]
    assert (page.document.page, page.document.section) == ("03", "政法")


def test_a_layout_of_tables_is_no_table_and_a_table_is_lines():
    cells = "<table><caption>统计表</caption><tr><th>单位</th><th>破案</th></tr><tr><td>东岭县<br>公安局</td><td>46起</td></tr></table>"
    layout = f"<table><tr><td>菜单</td><td><p>{SAYS}</p>{cells}<p>{MORE}</p></td></tr></table>"
    page = load(page_of_html(layout), "t.html")
    says_all(page)
    assert page.document.text.split("\n")[-4:-1] == ["统计表。", "单位 | 破案。", "东岭县 公安局 | 46起。"]


HEAD, ROWS = ("单位", "查处案件（起）", "罚款（万元）"), (("遂昌县水务局", "35", "12.5"), ("松阳县水务局", "27", "9"))


def in_html(head: Iterable[str]) -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in (head, *ROWS))
    return page_of_html(f"<p>{SAYS}</p><table>{rows}</table>")


def in_markdown(head: Iterable[str]) -> bytes:
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ("---",) * 3, *ROWS)]
    return "\n".join((SAYS, "", *lines, "")).encode()


def in_word(head: Iterable[str]) -> bytes:
    document = docx.Document()
    document.add_paragraph(SAYS)
    table = document.add_table(0, 3)
    for texts in (head, *ROWS):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("head", [HEAD, ("", *HEAD[1:])], ids=["headed", "first column without heading"])
@pytest.mark.parametrize(("write", "name"), [(in_html, "a.html"), (in_markdown, "a.md"), (in_word, "a.docx")])
def test_figures_take_what_they_count_from_the_head_of_their_column(write, name, head):
    content = extract([load(write(head), name)])
    figures = {e.key: (e.quantity.measure, e.quantity.value, e.quantity.unit) for e in content.entities if e.quantity}
    said = {
        (s.subject, figures[s.object])
        for s in content.statements
        if s.predicate == "has_metric" and s.subject.endswith("水务局")
    }
    assert said == {
        ("unit/遂昌县水务局", ("查处案件", 35, "起")),
        ("unit/遂昌县水务局", ("罚款", 125_000, "元")),
        ("unit/松阳县水务局", ("查处案件", 27, "起")),
        ("unit/松阳县水务局", ("罚款", 90_000, "元")),
    }


def test_a_row_of_a_table():
    assert row(["  甲 \n", "", "5起。"]) == "甲 | 5起。"
    assert row(["", " "]) == ""


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gbk"),
        ('<meta charset="big5">', "utf-8"),  # declared wrongly
        ("", "gb18030"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_encodings(head, encoding):
    says_all(load(page_of_html(ARTICLE, head).decode().encode(encoding), "a.html"))


def test_an_encoding_of_its_own():
    page = (
        page_of_html("<p>臨江市公安局組織開展專項行動，成效明顯。</p>", "<meta charset=big5>").decode().encode("big5")
    )
    assert sentences(load(page, "b.htm")) == ["臨江市公安局組織開展專項行動，成效明顯。"]


def test_one_broken_character_does_not_spoil_a_page():
    data = page_of_html(ARTICLE, "<meta charset=utf-8>").replace("共破".encode(), "共破".encode()[:-1])
    assert MORE in sentences(load(data, "a.html"))


def test_deep_nesting():
    assert sentences(load(page_of_html("<div>" * 200 + SAYS), "d.html")) == [SAYS]
    with pytest.raises(ValueError, match="no text in this HTML file"):
        load(page_of_html("<div>" * 50_000 + SAYS), "d.html")


# ---------------------------------------------------------------- PDF


def test_pdf_column_by_column():
    columns = [*wrapped(SAYS, 50, 700), *wrapped(MORE, 300, 700)]
    page = load(pdf([columns], title="蓝盾行动"), "a.pdf")
    says_all(page)
    assert page.document.title == "蓝盾行动"


def test_pdf_line_by_line_across_columns():
    left, right = wrapped(SAYS * 3, 50, 700), wrapped(MORE * 3, 300, 700)
    across = [piece for line in zip(left, right, strict=False) for piece in line]
    across += [*left[len(right) :], *right[len(left) :]]
    page = load(pdf([[(50, 740, "蓝盾行动"), *across]]), "a.pdf")
    assert sentences(page)[-6:] == [SAYS] * 3 + [MORE] * 3
    says_all(page)


def test_a_table_of_short_cells_is_left_as_drawn():
    cells = [
        Piece(text, x, 700 - 14 * y, x + 30, 710 - 14 * y)
        for y in range(5)
        for x, text in ((50, "东岭"), (200, "46起"))
    ]
    assert in_columns(cells) is None


def test_a_sentence_goes_on_over_a_page_of_a_pdf():
    pages = [wrapped("上文。" * 20 + SAYS[:15], 50, 700), wrapped(SAYS[15:] + MORE, 50, 700)]
    says_all(load(pdf(pages), "a.pdf"))


def test_a_pdf_without_text():
    with pytest.raises(ValueError, match="without a text layer"):
        load(pdf([[]]), "scan.pdf")


# ---------------------------------------------------------------- DOCX, EPUB, Markdown


def test_word():
    page = load(word(title="临江通报", author="周明"), "a.docx")
    says_all(page)
    assert page.document.text.split("\n")[0] == "# 政法要闻"
    assert "单位 | 破案 | 抓获。\n东岭县 | 46起 | 23名。\n" in page.document.text
    assert (page.document.title, page.document.author) == ("临江通报", "周明")


def test_word_fills_in_names_by_itself():
    page = load(word(title="Word Document", author="微软用户"), "a.docx")
    assert (page.document.title, page.document.author) == ("政法要闻", "")
    assert page.document.date == ""


def test_epub_in_reading_order():
    page = load(epub(f"<h1>第一篇</h1><p>{SAYS}</p>", f"<h1>第二篇</h1><p>{MORE}</p>"), "a.epub")
    says_all(page)
    document = page.document
    assert (document.title, document.date, document.paper) == ("临江政法年刊", "2023-12-31", "临江出版社")
    assert [article.title for article in page.articles][:2] == ["第一篇", "第二篇"]
    assert (document.author, document.format) == ("年刊编辑部", "application/epub+zip")


MARKDOWN = f"""---
title: "蓝盾行动"
date: 2024-3-8
source: 临江晚报
author: 周明
---
# 要闻

> **临江市公安局**{SAYS[6:]}

- [东岭县公安局](http://example.org/a_b)*参加*{MORE[8:]}

![图 | 公安局](a.png)
| 单位 | 破案 |
|------|:----:|
"""


def test_markdown_without_its_marks():
    data = MARKDOWN.encode()
    page = load(data, "a.md")
    says_all(page)
    document = page.document
    assert document.text == MARKDOWN and document.sha256 == hashlib.sha256(data).hexdigest()
    assert (document.title, document.date, document.paper) == ("蓝盾行动", "2024-03-08", "临江晚报")
    assert (document.author, document.format) == ("周明", "text/markdown")
    assert sentences(page)[0] == "要闻" and sentences(page)[-1] == "单位|破案。"


def test_markdown_spans_are_places_in_the_file():
    page = load(MARKDOWN.encode(), "a.md")
    quotes = {e.quote for s in extract([page]).statements for e in s.evidence}
    assert any("临江市公安局**组织开展" in quote for quote in quotes)


# ---------------------------------------------------------------- which format


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (page_of_html(""), "page", "html"),
        (b"<?xml version='1.0'?>\n<html xmlns='x'/>", "page.txt", "html"),
        (pdf([[]]), "page.txt", "pdf"),
        (word(), "page", "docx"),
        (epub(), "page.zip", "epub"),
        ("甲局。".encode(), "a.txt", "text"),
        ("<甲局>".encode(), "a", "text"),
        ("甲局。".encode(), "a.MD", "markdown"),
        ("<p>甲局。".encode("utf-16"), "a.htm", "html"),
        ("甲局，a<b。".encode(), "http://example.org/a.html", "text"),  # a row of JSON Lines
        ("甲局。".encode(), "http://example.org/a.pdf", "text"),
    ],
)
def test_content_counts_before_the_suffix(data, name, form):
    assert recognise(data, name) == form


def test_text_is_read_as_before():
    assert load(SAYS.encode("gb18030"), "a.txt").document.text == SAYS


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"PK\x03\x04 no zip", "a.docx", "a damaged DOCX, EPUB or zip file"),
        (word()[:2000], "a.docx", "a damaged DOCX, EPUB or zip file"),
        (b"%PDF-1.5 and no more", "a.pdf", "a PDF file that cannot be opened (damaged, or no PDF)"),
        (b"\xff\xff\0", "a.pdf", "not a PDF file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "an old Office file (.doc); save it as .docx"),
        (b"<html>", "a.html", "no text in this HTML file"),
        (page_of_html("<p> </p>"), "a.html", "no text in this HTML file"),
        (epub("").replace(b"a.opf", b"b.opf"), "a.epub", "a damaged EPUB file (BadZipFile)"),
        (b"\0\0", "a.md", "not a text file (it holds NUL characters)"),
    ],
)
def test_what_cannot_be_read_has_one_clear_reason(data, name, reason):
    with pytest.raises(ValueError) as raised:
        load(data, name)
    assert str(raised.value) == reason


HOSTILE = 300_000


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<!---->" * HOSTILE, "a"),
        ("<html><title>" + "-" * HOSTILE + "x", "a.html"),
        ("<html>" + "<p>第 来源： " * (HOSTILE // 10) + SAYS, "a.html"),
        ("<html><p>" + " \n" * HOSTILE + SAYS, "a.html"),
        ("<html>" + "<table><tr><td>" * 1000 + SAYS, "a.html"),
        *(
            (mark * (HOSTILE // len(mark)) + SAYS, "a.md")
            for mark in ("<!--", "![", "[x](", "**a", " ", "|", "- ", ">", "---|", "\\")
        ),
        ("---\ntitle:" + " a" * HOSTILE + "\n---\n", "a.md"),
    ],
)
def test_no_input_takes_long(text, name):
    start = time.process_time()
    form = recognise(text.encode(), name)
    if form != "text":
        formats._content(form, text.encode())
    assert time.process_time() - start < 10


def test_a_zip_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(formats.content, "LARGEST", 10_000)
    for data, name in ((word(), "a.docx"), (epub("甲" * 5000), "a.epub")):
        with pytest.raises(ValueError, match="unpacks to more than"):
            load(data, name)


@pytest.mark.parametrize(
    ("form", "library", "data"),
    [("html", "lxml", page_of_html(SAYS)), ("pdf", "pypdfium2", pdf([[]])), ("docx", "docx", word())],
)
def test_a_missing_library_names_the_extra(monkeypatch, form, library, data):
    real = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == library:
            raise ModuleNotFoundError(f"No module named {library!r}", name=library)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, f"kg.formats.{form}", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ValueError) as raised:
        load(data, f"a.{form}")
    monkeypatch.undo()
    importlib.import_module(f"kg.formats.{form}")
    assert str(raised.value) == f"{form.upper()} needs {library}: pip install 'tongbao[formats]'"


def test_unfit_characters_do_not_reach_the_graph():
    page = load(page_of_html(f"<p>{SAYS[:5]}&#1;{SAYS[5:]}</p>"), "a.html")
    assert not set(page.document.text) & {"\0", "\x01"}


def test_a_build_reads_them(tmp_path):
    (tmp_path / "a.html").write_bytes(page_of_html(ARTICLE))
    (tmp_path / "b.pdf").write_bytes(pdf([wrapped(SAYS, 50, 700)]))
    (tmp_path / "c.docx").write_bytes(b"PK\x03\x04")
    failures: list[pipeline.Failure] = []
    sources = pipeline.find([tmp_path / name for name in ("a.html", "b.pdf", "c.docx")], failures.append)
    built = pipeline.build(sources, tmp_path / "out", failures.append)
    assert built.documents == 2
    found = graph.records(store.read(tmp_path / "out"))
    assert [(d.name, d.format) for d in found.documents] == [("a.html", "text/html"), ("b.pdf", "application/pdf")]
    assert [failure.reason for failure in failures] == ["a damaged DOCX, EPUB or zip file"]
