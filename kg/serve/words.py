"""The words of the pages in Chinese and English, and numbers as they are read."""

from __future__ import annotations

from kg import vocab
from kg.model import Quantity

LANGUAGES = ("zh", "en")

# `{}` marks where a value goes.
WORDS = {
    "title": ("通报 · 官方新闻知识图谱", "Tongbao · a knowledge graph of official news"),
    "brand": ("通报", "Tongbao"),
    "tagline": ("谁做了什么，在哪里，成效如何——每条事实都有原句为证。", "Who did what, where, and with which results: every fact with the sentence that says so."),
    "search": ("搜索", "Search"),
    "search_hint": ("全称、简称或拼音首字母", "Full or short name, or pinyin initials"),
    "figures": ("数据", "Figures"),
    "ask": ("提问", "Ask"),
    "as_typed": (
        "此处查询远程库：名称须与所输文字一致，不含拼音，最多一千个",
        "This asks a store elsewhere: names as you type them, no pinyin, a thousand at most",
    ),
    "network": ("图谱", "Network"),
    "vocabulary": ("词表", "Vocabulary"),
    "other_language": ("English", "中文"),
    "skip": ("跳到正文", "Skip to the content"),
    "newest": ("最近的文件", "Newest documents"),
    "all_documents": ("全部文件", "All documents"),
    "largest_campaigns": ("数据最多的行动", "Campaigns with most figures"),
    "busiest_units": ("开展行动最多的单位", "Units with most campaigns"),
    "good_questions": ("可以这样问", "Questions to ask"),
    "found": ("找到 {} 个", "{} found"),
    "nothing": ("没有匹配的名称", "No such name"),
    "nothing_hint": ("可以只输入名称的一部分，或换用全称、简称。", "Try a part of the name, or its full or short form."),
    "all_kinds": ("全部类别", "All classes"),
    "browse": ("浏览", "Browse"),
    "previous": ("上一页", "Previous"),
    "next": ("下一页", "Next"),
    "page_of": ("第 {} 页，共 {} 页", "Page {} of {}"),
    "also": ("又称", "Also"),
    "in_network": ("在图谱中查看", "Show in the network"),
    "timeline": ("行动", "Campaigns"),
    "undated": ("日期不详", "No date"),
    "figure_count": ("{} 项数据", "{} figures"),
    "measure": ("指标", "Measure"),
    "value": ("数值", "Value"),
    "counter": ("计量单位", "Counted in"),
    "change": ("升降", "Change"),
    "period": ("时段", "Period"),
    "quote": ("原文", "Quote"),
    "rises": ("升降幅度", "Rises and falls"),
    "bars": ("同一计量单位之间的大小", "Size among figures in the same unit"),
    "sources": ("出处 {}", "Sources: {}"),
    "more_figures": ("另有 {} 项", "{} more"),
    "more_sources": ("另有 {} 处", "{} more"),
    "from_table": ("依据行政区划表，非报道所述", "From the table of divisions, not from a report"),
    "show_all": ("全部 {} 条", "All {}"),
    "rule": ("规则", "rule"),
    "sure": ("可信度", "confidence"),
    "printed_page": ("第{}版", "page {}"),
    "properties": ("属性", "Properties"),
    "used_by": ("见于", "Used by"),
    "document": ("文件", "Document"),
    "evidence": ("证据", "Evidence"),
    "as_printed": ("原文", "As printed"),
    "stated_here": ("本文件所述 {} 条", "{} facts stated here"),
    "stated_hint": ("点击标记处查看事实，点击事实回到原文。", "Follow a mark to its fact, and a fact back to its place."),
    "unstated": ("另有 {} 处看到而未作陈述，以虚线标出。", "{} more were seen and nothing is stated of them: dotted."),
    "show_unstated": ("标出看到而未作陈述的", "Mark what was seen but not stated"),
    "hide": ("不标", "Do not mark"),
    "to_text": ("回到原文", "Back to the text"),
    "in_document": ("在文件中查看", "Show in the document"),
    "question": ("问题", "Question"),
    "questions": ("现成的问题", "Ready questions"),
    "own_query": ("自己写查询", "A query of your own"),
    "sparql": ("SPARQL 查询", "SPARQL query"),
    "run": ("运行", "Run"),
    "narrow": ("留空则查询全部", "Leave empty to ask about all"),
    "results": ("结果", "Results"),
    "rows": ("{} 行", "{} rows"),
    "first_rows": ("前 {} 行；下载可得全部", "The first {} rows; a download has all"),
    "links": ("关系图", "Network"),
    "first_nodes": ("图中为前 {} 个名称", "The first {} names"),
    "syntax": ("查询写法有误：请看第 {} 行第 {} 个字符附近。", "This is not SPARQL yet: look near line {}, character {}."),
    "parser_says": ("解析器的原话", "What the parser says"),
    "no_rows": ("没有符合的内容", "Nothing fits"),
    "download": ("下载", "Download"),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
    "chart": ("图表", "Chart"),
    "editor_hint": ("可用的名称：键入 kg: 或 skos: 时有提示；Ctrl + Enter 运行。", "Names are offered as you type kg: or skos:; Ctrl + Enter runs."),
    "rows_by": ("行", "Rows"),
    "columns_by": ("列", "Columns"),
    "none": ("不分列", "None"),
    "of": ("行动或单位", "Campaign or unit"),
    "unit": ("单位", "Unit"),
    "containing": ("包含", "Containing"),
    "apply": ("查看", "Show"),
    "sum": ("合计", "Sum"),
    "sum_hint": ("只有同一指标、同一计量单位的数值才合计，百分比从不合计；时段可能重叠。", "Values are added only where measure and unit agree, percentages never; periods may overlap."),
    "figures_intro": ("把报道中的数据按指标、行动、单位、时段排开比较，每格都附原句。", "The figures of the reports by measure, campaign, unit and period; each cell with its quote."),
    "all": ("全部", "All"),
    "term": ("术语", "Term"),
    "meaning": ("含义", "Meaning"),
    "broader": ("上位", "Broader"),
    "classes": ("类别", "Classes"),
    "relations": ("关系", "Relations"),
    "error_404": ("没有这个页面", "There is no such page"),
    "error_404_hint": ("图谱里没有这个名称或地址。可以搜索试试。", "The graph has nothing at this address. A search may help."),
    "error": ("没有成功", "That did not work"),
    "back_home": ("回到首页", "Back to the first page"),
    "dataset": ("数据集说明", "About the data"),
    "whole_graph": ("整个图谱（Turtle）", "The whole graph (Turtle)"),
    "column_child": ("下级", "Child"),
    "column_count": ("数量", "Count"),
    "column_date": ("日期", "Date"),
    "column_evidences": ("证据数", "Evidences"),
    "column_name": ("名称", "Name"),
    "column_object": ("客体", "Object"),
    "column_parent": ("上级", "Parent"),
    "column_partner": ("合作单位", "Partner"),
    "column_receiver": ("获得者", "Receiver"),
    "column_relation": ("关系", "Relation"),
    "column_sort": ("类型", "Sort"),
    "column_subject": ("主体", "Subject"),
    "column_unit_text": ("计量单位", "Counted in"),
    "column_units": ("单位", "Units"),
    "column_value": ("数值", "Value"),
    "campaigns_here": ("本地区单位开展的行动", "Campaigns of the units of this region"),
}  # fmt: skip

_CLASSES = {term.name: (term.zh, term.en) for term in vocab.CLASSES}
_RELATIONS = {
    **{term.name: (term.zh, term.en) for term in (*vocab.RELATIONS, *vocab.PROPERTIES)},
    "value": ("数值", "value"),
    "unitText": ("计量单位", "counted in"),
    "startDate": ("开始日期", "start"),
    "endDate": ("结束日期", "end"),
}
_INVERSE = {relation.name: relation.inverse for relation in vocab.RELATIONS}
_VALUES = {
    "level": {
        "province": ("省级", "province"),
        "prefecture": ("地级", "prefecture"),
        "county": ("县级", "county"),
        "township": ("乡级", "township"),
        "zone": ("开发区、管理区", "development zone"),
    },
    "qualifier": {
        "exact": ("非约数", "exact"),
        "more_than": ("多于", "more than"),
        "at_least": ("不少于", "at least"),
        "almost": ("接近", "almost"),
        "about": ("大约", "about"),
    },
    "cumulative": {"true": ("是", "yes")},
    "of_which": {"true": ("是", "yes")},
}
_QUALIFIED = {
    "more_than": ("{}余", "over {}"),
    "at_least": ("{}以上", "at least {}"),
    "almost": ("近{}", "almost {}"),
    "about": ("约{}", "about {}"),
}


def word(language: str, key: str, *values: object) -> str:
    """The words for a key, with values in their places."""
    text = WORDS[key][LANGUAGES.index(language)]
    for value in values:
        text = text.replace("{}", number(value) if isinstance(value, int | float) else str(value), 1)
    return text


def class_name(language: str, kind: str) -> str:
    """The name of a class; of one that the vocabulary does not know, nothing."""
    return _CLASSES[kind][LANGUAGES.index(language)] if kind in _CLASSES else ""


def relation_name(language: str, relation: str, inverse: bool = False) -> str:
    """The name of a relation or property, from the side of its subject or its object."""
    known = _INVERSE if inverse else _RELATIONS
    return known[relation][LANGUAGES.index(language)] if relation in known else relation


def value_name(language: str, term: str, value: str) -> str:
    """How a value of a property is called, where the property has a few that stand for words; else the value.

    >>> value_name("zh", "level", "county"), value_name("zh", "measure", "county")
    ('县级', 'county')
    """
    known = _VALUES.get(term, {})
    return known[value][LANGUAGES.index(language)] if value in known else value


def column_name(language: str, variable: str) -> str:
    """What a column of a question holds: a word of its own, or the term of the vocabulary that its variable is named after.

    >>> column_name("zh", "campaign_name"), column_name("zh", "measure"), column_name("zh", "x")
    ('行动', '计量对象', 'x')
    """
    term = variable.removesuffix("_name")
    if f"column_{term}" in WORDS:
        return word(language, f"column_{term}")
    return class_name(language, term.capitalize()) or relation_name(language, term)


def number(value: float) -> str:
    """A number with its thousands apart.

    >>> number(64500.0), number(3.14)
    ('64,500', '3.14')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def change(value: float) -> str:
    """A rise or a fall in percent, with its sign.

    >>> change(-8.5)
    '−8.5%'
    """
    return f"{'+' if value > 0 else '−'}{number(abs(value))}%"


def amount(language: str, figure: Quantity) -> str:
    """The value of a figure and how exact it is, without what it is counted in.

    >>> amount("zh", Quantity(1200, "户", "more_than"))
    '1,200余'
    """
    shown = number(figure.value)
    pattern = _QUALIFIED.get(figure.qualifier)
    return pattern[LANGUAGES.index(language)].replace("{}", shown) if pattern else shown
