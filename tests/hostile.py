"""Hostile and broken files, made by code: the same ones in every run. `hostile_files()` gives name and bytes of each."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Iterator

from test_formats import ARTICLE, SAYS, epub, page_of_html, pdf, word, wrapped

PAGE = f"临江日报\n2024年3月8日\n\n蓝盾行动见成效\n\n本报讯 {SAYS}"
SAID = "乌海市公安局开展“{}”专项行动，抓获{}12名。"

# What breaks out of a quotation, a tag, a cell, an IRI or a pattern where somebody puts text together carelessly.
PAYLOADS = (
    '"', "'", "\\", '"""', "'''", "<", ">", "&", "&lt;", "]]>", "<!--", "-->", "<script>alert(1)</script>", "</script>",
    '" onmouseover="alert(1)', "javascript:alert(1)", "<img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "#{7*7}",
    "<%=7*7%>", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "%00", "%0d%0a", "../../etc/passwd", "C:\\con", "|calc",
    "; DROP TABLE note; --", "' OR 1=1 --", "} UNION { ?s ?p ?o", "} } #", "?x", "<urn:x> a <urn:y> .", "@prefix x: <x:> .",
    "^^xsd:integer", "@zh", "\\u0022", "\\uD800", "_:b0", "[]", "()", "a;b;c", "a|b", "a,b", "`id`", "$(id)", "%s%n", "{0}",
    "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH JOINER}", "\ufeff", "\ufffe", "\ue000\ue007", "\U000f0000", "\U0001f46e",
)  # fmt: skip
CONTROLS = [chr(c) for c in (*range(1, 9), *range(11, 32), *range(0x7F, 0xA0))]
DIRECTIONS = [*map(chr, (0x61C, 0x200B, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x2070)))]
REPEATED = (
    "（", "）", "“", "”", "《", "》", "【", "(", ")", "[", "]", "{", "}", "<", ">", "'", '"', "、", "，", "。", "：", "；",
    "和", "的", "局", "市", "县", "公安局", "公安局和", "开展", "专项行动", "“行动”", "年", "1", "1年", "12月", "１", "1.", "1,", "%",
    "万", "亿", "余", "第", "其中", "累计", "同比下降", "\n", "\r", "\r\n", " ", "\u3000", "\n\n", "a", "a b ", "#", "# ", "- ", "> ",
    "| ", "|-", "*", "**", "`", "```\n", "![](", "王", "王女士", "局长", "记者", "犯罪嫌疑人", "住", "号", "某", "·", "艾·", "\u0301",
)  # fmt: skip


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Every file, under a name of its own."""
    for sort, files in (
        ("truncated", _truncated()),
        ("flipped", _flipped()),
        ("encoded", _encoded()),
        ("binary", _binary()),
        ("repeated", _repeated()),
        ("character", _characters()),
        ("payload", _payloads()),
        ("rows", _rows()),
        ("archive", _archives()),
        ("markup", _markup()),
    ):
        for number, (suffix, data) in enumerate(files):
            yield f"{sort}-{number:03d}{suffix}", data
    yield from _named()


def _whole() -> list[tuple[str, bytes]]:
    row = json.dumps({"text": PAGE, "id": "r"}, ensure_ascii=False).encode()
    return [
        (".pdf", pdf([wrapped(SAYS, 50, 700)])),
        (".docx", word()),
        (".epub", epub(f"<h1>第一篇</h1><p>{SAYS}</p>")),
        (".html", page_of_html(ARTICLE)),
        (".md", f"# 蓝盾\n\n{SAYS}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode()),
        (".txt", PAGE.encode("gb18030")),
        (".txt", PAGE.encode("utf-16")),
        (".jsonl", row),
        (".jsonl.gz", gzip.compress(row, mtime=0)),
        (".zip", zipped({"a.txt": PAGE.encode()})),
        (".tar.gz", gzip.compress(tarred({"a.txt": PAGE.encode()}), mtime=0)),
        (".tar.xz", lzma.compress(tarred({"a.txt": PAGE.encode()}))),
        (".tar.bz2", bz2.compress(tarred({"a.txt": PAGE.encode()}))),
    ]


def _truncated() -> Iterator[tuple[str, bytes]]:
    for suffix, data in _whole():
        for share in (0.001, 0.1, 0.5, 0.9, 0.999):
            yield suffix, data[: int(len(data) * share)]


def _flipped() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(5)
    for suffix, data in _whole():
        for count in (1, 3, 40):
            changed = bytearray(data)
            for _ in range(count):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            yield suffix, bytes(changed)


def _encoded() -> Iterator[tuple[str, bytes]]:
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "utf-7", "gbk", "gb18030", "utf-8-sig", "hz"):
        yield ".txt", PAGE.encode(encoding, "replace")
    for encoding in ("big5", "shift_jis", "euc_kr", "iso2022_jp", "cp037", "latin-1"):
        yield ".txt", PAGE.encode(encoding, "replace")
    for half in (b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xc0\x80", b"\xf8\x88\x80\x80\x80", b"\xff", b"\x80", b"\xe5\x85"):
        yield ".txt", PAGE.encode() + half
        yield ".html", page_of_html(ARTICLE) + half
    yield ".txt", b"\xff\xfe" + PAGE.encode()
    yield ".txt", b"\xfe\xff" + PAGE.encode("utf-16-le")
    yield ".txt", b"\xef\xbb\xbf" * 3 + PAGE.encode()
    yield ".txt", PAGE.encode() + PAGE.encode("gb18030")
    yield ".html", b'<html><meta charset="no-such"><p>' + SAYS.encode() + b"</p></html>"
    yield ".html", b'<html><meta charset="utf-16"><p>' + SAYS.encode() + b"</p></html>"


def _binary() -> Iterator[tuple[str, bytes]]:
    chance = random.Random(6)
    for suffix in (
        ".txt",
        ".html",
        ".md",
        ".pdf",
        ".docx",
        ".epub",
        ".jsonl",
        ".jsonl.gz",
        ".zip",
        ".tar",
        ".tgz",
        ".tar.xz",
    ):
        yield suffix, chance.randbytes(3000)
        yield suffix, b""
        yield suffix, b"\0" * 3000
    for magic in (
        b"\x7fELF",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"MZ",
        b"Rar!\x1a\x07",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ):
        yield ".txt", magic + chance.randbytes(500)


def _repeated() -> Iterator[tuple[str, bytes]]:
    for piece in REPEATED:
        yield ".txt", (piece * 10_000).encode()[:30_000]
    yield ".md", ("> " * 3000 + "局").encode()
    yield ".md", ("[" * 5000 + "局" + "](x)" * 5000).encode()
    yield ".txt", ("乌海市公安局" + "“" * 10_000 + "行动").encode()
    yield ".txt", (SAID.format("护秋", "人员") * 400).replace("。", "，").encode()
    yield ".txt", ("字" * 200_000).encode()
    yield ".txt", b"\n".join(b"%d" % n for n in range(20_000))


def _characters() -> Iterator[tuple[str, bytes]]:
    for strange in (*CONTROLS, *DIRECTIONS):
        yield ".txt", SAID.format(f"护{strange}秋", f"人{strange}员").encode()


def _payloads() -> Iterator[tuple[str, bytes]]:
    for payload in PAYLOADS:
        yield (
            ".txt",
            (SAID.format(payload, payload) + f"{payload}市公安局局长{payload}带队，印发《{payload}》。").encode(),
        )


def _rows() -> Iterator[tuple[str, bytes]]:
    for row in (
        "null", "[]", "1", '"x"', "{}", '{"text": 1}', '{"text": null}', '{"text": [1]}', '{"text": ""}', '{"text": "局", "id": {}}',
        '{"text": "局", "id": "' + "x" * 5000 + '"}', '{"text": "\\ud800"}', '{"text": "局", "id": "\\ud800"}', '{"text": "局", "date": "9999-99-99"}',
        '{"text": "局", "date": 1e400}', "[" * 100_000, '{"a":' * 100_000, '{"text": "局", "text": "市"}', '{"text": "局"', "NaN",
        '{"text": "局", "id": "../../x"}', '{"text": "局", "id": "\\u0000\\n"}', '{"text": "局", "title": "\\u202e"}', "1" * 5000,
    ):  # fmt: skip
        yield ".jsonl", row.encode() + b"\n"
    yield ".jsonl", b'{"text": "\xff"}\n'


def _archives() -> Iterator[tuple[str, bytes]]:
    bomb = zipped({"a.txt": b"0" * 60_000_000})
    yield ".zip", bomb
    yield ".tar.gz", gzip.compress(tarred({"a.txt": b"0" * 60_000_000}), mtime=0)
    yield ".jsonl.gz", gzip.compress(b"0" * 400_000_000, 9, mtime=0)
    yield ".docx", zipped({"word/document.xml": b"<a/>" + b" " * 150_000_000})
    yield ".epub", zipped({"META-INF/container.xml": b"<a/>" + b" " * 150_000_000})
    yield ".zip", zipped({"a.zip": bomb})
    yield ".zip", zipped({f"{n}.txt": b"" for n in range(3000)})
    yield (
        ".zip",
        zipped({"../../../evil.txt": PAGE.encode(), "/etc/evil.txt": PAGE.encode(), "C:\\evil.txt": PAGE.encode()}),
    )
    yield ".zip", zipped({"x" * 270 + ".txt": PAGE.encode()})
    yield ".zip", zipped({"a\n\x1b[31m\u202e.txt": PAGE.encode()})
    yield ".zip", zipped({"a.txt": PAGE.encode()}).replace(b"\x00\x00a.txt", b"\x01\x00a.txt")
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
        entry = tarfile.TarInfo("a.txt")
        entry.type, entry.linkname = kind, "/etc/passwd"
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            archive.addfile(entry)
        yield ".tar", out.getvalue()
    yield ".tar", tarred({"a.txt": PAGE.encode()}).replace(b"00000", b"77777", 1)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "局局局局局局局局局局">{}]>'.format(
    "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _markup() -> Iterator[tuple[str, bytes]]:
    for declared, used in ((ENTITIES, "&i;"), (OUTSIDE, "&a;")):
        yield ".html", f"{declared}<html><body><p>{used}{SAYS}</p></body></html>".encode()
        yield ".xhtml", f'<?xml version="1.0"?>{declared}<html><body><p>{used}{SAYS}</p></body></html>'.encode()
        yield ".epub", zipped({"META-INF/container.xml": f"{declared}<c>{used}</c>".encode()})
        yield (
            ".docx",
            zipped(
                {
                    "word/document.xml": f"{declared}<d>{used}</d>".encode(),
                    "[Content_Types].xml": f"{declared}<t>{used}</t>".encode(),
                }
            ),
        )
    for tag in ("div", "table", "ul", "span", "b", "p", "a", "font"):
        yield ".html", ("<html><body>" + f"<{tag}>" * 5000 + SAYS).encode()
    yield ".html", ("<html><body><p " + "a=1 " * 20_000 + f">{SAYS}").encode()
    yield ".html", ("<html><body><table><tr>" + "<td>1</td>" * 5000 + "</tr></table>" + SAYS).encode()
    for opened in ("<!--", "<script>", "<style>", "<title>", "<textarea>", "<![CDATA[", "<?php"):
        yield ".html", f"<html><body>{opened}<p>{SAYS}</p>".encode()
    yield ".html", f'<html><meta http-equiv="refresh" content="0;url=x"><base href="//x"><p>{SAYS}</p></html>'.encode()
    for body in ("/Type /Catalog /Pages 1 0 R", "/Type /Pages /Kids [1 0 R 1 0 R] /Count 99999999"):
        yield ".pdf", f"%PDF-1.4\n1 0 obj\n<< {body} >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF".encode()


def _named() -> Iterator[tuple[str, bytes]]:
    """Good pages under bad names."""
    for name in (
        "a b.txt", "a'b\".txt", "<b>.txt", "a&b.txt", "a;b.txt", "a%2f.txt", "=1+1.txt", "-rf.txt", "--help.txt", "a\nb.txt", "a\tb.txt",
        "a\x1b[31m.txt", "a\u202etxt.txt", "\U0001f46e.txt", "局.TXT", "字" * 80 + ".txt", ".hidden.txt", "a..txt", "a.txt.txt", "con.txt",
    ):  # fmt: skip
        yield name, PAGE.encode()


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()
