"""Stretches of time in a sentence: 今年以来, 截至10月底, 1至9月份, 自3月5日以来, 3年来; and their dates where the page allows them.

A date is ISO 8601, as precise as the text is: 2025, 2025-06 or 2025-06-05. Without a year in the text or on the page there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

YEAR = r"(?:(?P<{0}year>(?:19|20)[0-9]{{2}})年|(?P<{0}this>今年|本年)|(?P<{0}last>去年|上年))"
DAY = (
    YEAR
    + r"?(?P<{0}month>1[0-2]|[1-9])月(?:份)?(?:(?P<{0}day>3[01]|[12][0-9]|[1-9])[日号])?(?P<{0}part>底|末|初|上旬|中旬|下旬)?"
)
FROM, TO = DAY.format("a"), DAY.format("b")
PERIOD = re.compile(
    rf"(?=[截自从0-9今本去上年近入下前第全当一二两三四五六七八九十])(?:(?P<until>截至|截止)(?:到)?(?P<asof>目前|现在|发稿时|(?P<ubyear>(?:19|20)[0-9]{{2}})年底|{TO})"
    rf"|(?P<range>(?:自|从)?{FROM}(?:起)?(?:至|到|—|－|-|~){TO.replace('<b', '<c')})"
    rf"|(?P<months>{YEAR.format('d')}?(?P<m1>1[0-2]|[1-9])(?:月份?)?(?:至|到|—|-|~)(?P<m2>1[0-2]|[1-9])月份?)"
    rf"|(?P<since>(?:自|从)?{FROM.replace('<a', '<e')}(?:以来|起|开始))"
    rf"|(?P<years>近?(?:[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}})(?:年|个月|个多月)(?:多)?来|近(?:[0-9]{{1,2}}|[一二两三四五])年)"
    rf"|(?P<sinceyear>{YEAR.format('f')}(?:年初)?以来|年初以来|入[春夏秋冬]以来)"
    rf"|(?P<half>{YEAR.format('g')}?(?:(?P<h>上|下)半年|(?P<q>前三季度|[一二三四]季度|第[一二三四]季度)))"
    rf"|(?P<whole>{YEAR.format('h')}(?:全年|度)?(?=[，、]|全年|度|[\u4e00-\u9fff]))"
    rf"|(?P<all>全年|当年))"
)
A_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
PER = re.compile(r"(每日|每天|日均|每月|月均|每周|每年|年均|人均|户均)")
PER_UNIT = {
    "每日": "日",
    "每天": "日",
    "日均": "日",
    "每月": "月",
    "月均": "月",
    "每周": "周",
    "每年": "年",
    "年均": "年",
    "人均": "人",
    "户均": "户",
}
CUMULATIVE = re.compile(r"累计|共计|总计|合计|共(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Years:
    """What a year left out may be: `named` last by the article (else the page's), and the `page`'s own, which 今年 means; or empty."""

    named: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time as the text has it, with its first and last date where they are known."""

    start: int
    end: int
    text: str
    first: str = ""
    last: str = ""


def find(text: str, year: Years) -> list[Period]:
    """The periods that a sentence names, in order."""
    if not re.search(r"[年月来度]|截[至止]|全年", text):
        return []
    return [_period(m, year) for m in PERIOD.finditer(text)]


RUN = re.compile(
    rf"(?=[自从于0-9今本去上])(?:自|从|于)?{FROM}(?:起|正式)?(?P<begun>打响|启动|开始|展开|开展|部署|发起|拉开|以来|起)(?:[^。；0-9]{{0,12}}(?:至|到|持续到|持续至){TO}(?:结束|落幕|收官|为止)?)?"
)
LAUNCH = "启动|打响|部署|发起|拉开|吹响|开展|组织|实施|推进|掀起|开启|牵头"
TOLD = "获悉|了解到|记者|通报|公布|发布|总结|来到|介绍"  # the day on which something was told, not done
STARTS = re.compile(
    rf"(?:^|[，。；“])(?:自|从|于)?{FROM}(?:零时)?(?:起|以来|开始|(?:至|到|—|-|~){TO})?[，,]?"
    rf"(?:(?!{TOLD})[^。；]){{0,50}}?(?:{LAUNCH})"
)


def run_of(text: str, year: Years) -> tuple[str, str]:
    """First and last day of what a sentence says was launched or went on: 自5月10日打响，至8月18日结束; 3月5日，…启动…; empty where it does not say."""
    for m in RUN.finditer(text):
        if first := _date(m, "a", year):
            return first, _date(m, "b", year)
    if start := STARTS.search(text):
        first = _date(start, "a", year)
        return first, _date(start, "b", Years(first[:4], year.page)) if first else ""
    return "", ""


def year_in(text: str, year: Years) -> Years:
    """The years that the text leaves the reader in."""
    found = A_YEAR.findall(text) if "年" in text else []
    return replace(year, named=found[-1]) if found else year


def _period(m: re.Match[str], year: Years) -> Period:
    first = last = ""
    if m["until"]:
        last = m["ubyear"] or _date(m, "b", year)
    elif m["range"]:
        first, last = _date(m, "a", year), _date(m, "c", replace(year, named=_year(m, "a", year)))
    elif m["months"]:
        base = _year(m, "d", year)
        first, last = (f"{base}-{int(m['m1']):02d}", f"{base}-{int(m['m2']):02d}") if base else ("", "")
    elif m["since"]:
        first = _date(m, "e", year)
    elif m["sinceyear"]:
        first = (
            _year(m, "f", year) if m["fyear"] or m["fthis"] or m["flast"] else year.page if m[0] == "年初以来" else ""
        )
    elif m["half"]:
        base = _year(m, "g", year)
        first, last = _part_of_year(base, m["h"], m["q"])
    elif m["whole"]:
        first = last = _year(m, "h", year)
    elif m["all"]:
        first = last = year.named
    return Period(m.start(), m.end(), m[0], first, last)


def _year(m: re.Match[str], prefix: str, year: Years) -> str:
    if m[f"{prefix}year"]:
        return m[f"{prefix}year"]
    if m[f"{prefix}last"]:
        return str(int(year.page) - 1) if year.page else ""
    return year.page if m[f"{prefix}this"] else year.named


def _date(m: re.Match[str], prefix: str, year: Years) -> str:
    base = _year(m, prefix, year)
    if not base or not m[f"{prefix}month"]:
        return ""
    day = m[f"{prefix}day"]
    return f"{base}-{int(m[f'{prefix}month']):02d}" + (f"-{int(day):02d}" if day else "")


def _part_of_year(base: str, half: str | None, quarter: str | None) -> tuple[str, str]:
    if not base:
        return "", ""
    if half:
        return (f"{base}-01", f"{base}-06") if half == "上" else (f"{base}-07", f"{base}-12")
    if quarter == "前三季度":
        return f"{base}-01", f"{base}-09"
    number = "一二三四".index((quarter or "一季度").removeprefix("第")[0])
    return f"{base}-{number * 3 + 1:02d}", f"{base}-{number * 3 + 3:02d}"
