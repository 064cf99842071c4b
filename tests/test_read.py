"""From bytes to articles and sentences: what papers do to a text is undone, and every character keeps its place."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reading import page

from kg.lines import lines
from kg.read import decode, page_head, read

PLAIN = "旌德县林业局在全县设卡46处。护林员每天巡山。\n"


def told(text: str) -> list[list[tuple[str, str]]]:
    """Kind and text of each sentence, by article."""
    return [[(s.kind, s.text) for s in article.sentences] for article in page(text).articles]


def body(text: str) -> list[str]:
    return [said for article in told(text) for kind, said in article if kind == "body"]


# ---------------------------------------------------------------- bytes to text


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("utf-8"),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xff\xfe" + PLAIN.encode("utf-16-le"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16", "utf-16 little-endian", "utf-16 big-endian", "gb18030"],
)
def test_decodes(data):
    assert decode(data) == PLAIN
    assert read(data, "t").document.text == PLAIN


def test_rare_characters_in_gb18030():
    assert decode("𬭸城镇㕔舍".encode("gb18030")) == "𬭸城镇㕔舍"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL"),
        (b"PK\x03\x04\x14\0\0\0", "NUL"),
        (PLAIN.encode("utf-16-le"), "NUL"),
        (b"\xef\xbb\xbf\xff\xff", "not text"),
        (b"\xff\xfe\0\xd8a\0", "not text"),
        (b"\xe6\x97\x8c\xff\xff", "not text"),
    ],
    ids=["picture", "archive", "utf-16 without a mark", "a mark, then no UTF-8", "half a surrogate pair", "broken off"],
)
def test_refuses_what_is_no_text(data, reason):
    with pytest.raises(ValueError, match=reason):
        decode(data)


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xef\xbb\xbf"])
def test_nothing_to_read(data):
    assert read(data, "t").articles == ()


# ---------------------------------------------------------------- page heads


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("安岭日报\n2024/03/18\n05\n法治\n", ("安岭日报", "2024-03-18", "05", "法治")),
        ("《安岭法制报》\n2024年3月8日 星期五\n第5版：要闻\n", ("安岭法制报", "2024-03-08", "5", "要闻")),
        ("2024-03-18 安岭晚报\nA12版\n", ("安岭晚报", "2024-03-18", "A12", "")),
        ("第3版\n2024.03.18\n责任编辑：王一水\n", ("", "2024-03-18", "3", "")),
        ("", ("", "", "", "")),
        ("2024/13/18\n", ("", "", "", "")),
    ],
    ids=["lines", "named section", "one line", "editor", "none", "no such month"],
)
def test_page_head(head, expected):
    found = page(head + "\n普法摊位摆进夜市\n\n" + PLAIN).document
    assert (found.paper, found.date, found.page, found.section) == expected
    if any(expected):
        assert found.title == "普法摊位摆进夜市"


def test_a_head_is_no_part_of_the_articles():
    assert body("安岭日报\n2024/03/18\n05\n法治\n" + PLAIN) == ["旌德县林业局在全县设卡46处。", "护林员每天巡山。"]


def test_a_date_in_a_sentence_is_no_head():
    assert page_head(lines("2024年3月18日起，全市开展夜间巡查，为期一个月。\n")).lines == 0


# ---------------------------------------------------------------- lines that a column has cut

LONG = (
    "宜宾市公安局叙州区分局连日开展夜间巡查，出动警力1320余名、警车46辆，检查旅馆、网吧等场所2.85万家次，"
    "消除隐患308处，下发整改通知书57份。群众满意率达到98.6%，比去年同期提高4.2个百分点。民警还走进社区，"
    "用“拉家常”的办法讲解反诈知识。",
    "这个分局把夜市、车站和学校门口列为重点，白天见警察、晚上见警灯，盗窃警情少了三成，商户夸民警来得快。",
)
SENTENCES = [s + "。" for s in "".join(LONG).split("。") if s]


def wrapped(text: str, width: float) -> str:
    """A text in a column as printed: two digits or Latin letters take the room of one character."""
    done, line, room = [], "", width
    for char in text:
        need = 0.5 if char.isascii() else 1.0
        if need > room:
            done.append(line)
            line, room = "", width
        line += char
        room -= need
    return "\n".join([*done, line])


@pytest.mark.parametrize("width", [9, 11, 13, 14, 15, 16, 17, 18, 19, 20, 22, 25, 28, 30])
def test_hard_wraps_inside_words_and_numbers(width):
    assert body("\n".join(wrapped(p, width) for p in LONG)) == SENTENCES


@pytest.mark.parametrize("width", [15, 17, 18, 22])
def test_column_breaks_inside_sentences(width):
    column = wrapped(LONG[0], width).split("\n")
    for cut in range(3, len(column) - 3):
        assert body("\n".join([*column[:cut], "", *column[cut:]])) == SENTENCES[:3], f"before line {cut}"


def test_indented_lines():
    assert body("\n".join("　　" + line for line in wrapped(LONG[0], 17).split("\n"))) == SENTENCES[:3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_ends_of_lines(end):
    assert body(wrapped(LONG[0], 17).replace("\n", end)) == SENTENCES[:3]


def test_short_paragraphs_stay_apart():
    found = page("一年来，全县信访总量下降。\n窗口多了，跑腿少了。\n干部下去了，问题上来了。\n").articles
    assert [s.paragraph for article in found for s in article.sentences] == [0, 1, 2]


# ---------------------------------------------------------------- spaces of a scan


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("某县公安局今年查处案件123起，同比下降15.6%。", "某 县 公 安 局 今 年 查 处 案 件 1 2 3 起 ， 同 比 下 降 1 5 . 6 % 。"),
        ("出动警力320余名，整改率98.5%。", "出动警力 320 余名，整改率 98.5 %。"),
        ("出动警力320余名。", "出动警力3 20余名。"),
        ("培训6.45万人次。", "培训6. 45万人次。"),
        ("培训6.45万人次。", "培训6 .45万人次。"),
        ("于3月18日启动。", "于3 月 18 日启动。"),
        ("走访企业。", "走 访企业 。"),
        ("加入APEC会议安保。", "加入 APEC 会议安保。"),
    ],
)  # fmt: skip
def test_spaces_of_a_scan_go(expected, text):
    assert body(text) == [expected]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("绩溪县司法局 检查商户68 105 220。", "绩溪县司法局  检查商户  68  105  220。"),
        ("附表1 2024年全县立案35起。", "附表1 2024年全县立案35起。"),
        ("Li Ming is here。", "Li Ming is here。"),
    ],
)
def test_spaces_that_part_words_stay(expected, text):
    assert body(text) == [expected]


# ---------------------------------------------------------------- punctuation, digits


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["司法局开展“乡村法治”行动，接待群众1,100人次；摊位（共12个）开张：商户欢迎！"], '司法局开展"乡村法治"行动,接待群众1,100人次;摊位(共12个)开张:商户欢迎!'),
        (["调解纠纷35起。", "满意率98.5%。"], "调解纠纷35起.满意率98.5%."),
        (["接待群众1100人次，满意率98.5%，A级摊位3个。"], "接待群众１１００人次，满意率９８．５％，Ａ级摊位３个。"),
        (["推行「一窗办」。".replace("「", "“").replace("」", "”")], "推行「一窗办」。"),
        (["长安的工人在门口。"], "⻓安的⼯⼈在门⼝。"),
        (["“真快！”", "老人说。"], "“真快！”老人说。"),
        (["比分3:2，早8:30开门。"], "比分3:2，早8:30开门。"),
    ],
    ids=["ascii", "full stops", "full-width", "brackets", "radicals", "closing quotes", "between digits"],
)  # fmt: skip
def test_one_form_of_punctuation_and_digits(expected, text):
    assert body(text) == expected


# ---------------------------------------------------------------- articles

INTERRUPTED = """旌德县林业局在全县布设防火卡口四十六
处，发放宣传单三万余份，劝返携带火种
上山人员一百二十名，全县连续三年没有

绩溪：夜市里的法律课堂

发生一起森林火灾。护林员老周每天巡山
二十公里，鞋底磨穿了三双。（王一水）
绩溪县司法局把普法摊位摆进夜市，三个
月接待群众咨询一千一百人次，发放手册
两千册，调解纠纷三十五起。（赵二木）
"""


def test_an_article_interrupted_by_the_heading_of_another():
    first, second = told(INTERRUPTED)
    assert [said for _, said in first][:2] == [
        "旌德县林业局在全县布设防火卡口四十六处，发放宣传单三万余份，劝返携带火种上山人员一百二十名，全县连续三年没有发生一起森林火灾。",
        "护林员老周每天巡山二十公里，鞋底磨穿了三双。",
    ]
    assert second[:2] == [
        ("heading", "绩溪：夜市里的法律课堂"),
        ("body", "绩溪县司法局把普法摊位摆进夜市，三个月接待群众咨询一千一百人次，发放手册两千册，调解纠纷三十五起。"),
    ]


def test_a_caption_between_two_halves():
    text = (
        "绩溪县司法局把普法摊位摆进夜市，三个\n月接待群众咨询一千一百人次，发放手册\n\n\n图为普法摊位前的群众。赵二木 摄\n\n\n"
        "两千册，调解纠纷三十五起，夜市管理处\n送来锦旗一面。\n"
    )
    assert told(text) == [
        [
            ("body", "绩溪县司法局把普法摊位摆进夜市，三个月接待群众咨询一千一百人次，发放手册两千册，调解纠纷三十五起，夜市管理处送来锦旗一面。"),
            ("caption", "图为普法摊位前的群众。赵二木摄"),
        ]
    ]  # fmt: skip


@pytest.mark.parametrize(
    "caption",
    [
        "6月14日，绩溪县公安局民警在来苏社区\n讲解防骗知识。赵二木 摄",
        "图为绩溪县公安局民警在来苏社区讲\n解防骗知识。（赵二木 摄）",
        "民警在来苏社区向老人讲解防骗知识\n赵二木/摄",
        "民警在来苏社区向老人讲解防骗\n知识。\n本报记者 赵二木 摄",
        "绩溪县公安局民警在来苏社区向老人讲\n解防骗知识。 赵二木 王一水 图",
    ],
)
def test_a_caption_of_several_lines(caption):
    text = (
        "绩溪县司法局把普法摊位摆进夜市，三个\n月接待群众咨询一千一百人次，发放手册\n\n\n"
        + caption
        + "\n\n\n2300册，调解纠纷35起，夜市管理处送来\n锦旗一面。\n"
    )
    assert [kind for kind, _ in told(text)[0]] == ["body", "caption"]
    assert told(text)[0][0][1].endswith("发放手册2300册，调解纠纷35起，夜市管理处送来锦旗一面。")


def test_two_columns_that_take_turns():
    text = (
        "六盘水讯 水城区税务局整理涉税台账，逐户\n走访企业，讲解政策，辅导申报，一季度共走\n\n"
        "旌德讯 旌德县林业局在林区布设防火卡口，\n发放传单，劝返携带火种的上山人员，全县连\n\n"
        "访企业一百二十户，解答疑问，收集意见，帮\n助企业享受优惠，群众赞许，企业负责人送来\n\n"
        "续三年没有发生火灾。护林员老周每天巡山二\n十公里，鞋底磨穿了三双。\n\n"
        "锦旗一面。\n"
    )
    first, second = told(text)
    assert [said for kind, said in first if kind == "body"] == [
        "六盘水讯 水城区税务局整理涉税台账，逐户走访企业，讲解政策，辅导申报，一季度共走访企业一百二十户，解答疑问，收集意见，帮助企业享受优惠，群众赞许，企业负责人送来锦旗一面。"
    ]
    assert [said for kind, said in second if kind == "body"] == [
        "旌德讯 旌德县林业局在林区布设防火卡口，发放传单，劝返携带火种的上山人员，全县连续三年没有发生火灾。",
        "护林员老周每天巡山二十公里，鞋底磨穿了三双。",
    ]


def test_a_headline_in_front_of_its_text():
    text = "泾县：宣纸小镇有了“知产法官” 泾县人民法院在宣纸小镇设立巡回审判点，今年巡回开庭9次，审结案件34件。"
    assert [kind for kind, _ in told(text)[0]] == ["heading", "body"]
    assert [kind for kind, _ in told("责任编辑：王一水 版式：赵二木")[0]] == ["byline"]


def test_no_number_is_broken_at_the_end_of_a_line():
    lines = "行动中，执法队员实行错时上岗，早\n中晚三段巡查，劝导占道经营\n4312起，立案查处286起，清理车辆\n174辆，拆除破损广告牌\n905块，新设疏导点7处。\n"
    assert body(lines) == [lines.replace("\n", "")]


def test_sections_out_of_order():
    parts = [
        "1 守路口\n交警在路口站岗。\n",
        "2 巡夜市\n特警巡逻。\n",
        "3 护校园\n民警在校门执勤。\n",
        "4 访老人\n社工上门。\n",
    ]
    in_order = told("一线记录\n\n" + "".join(parts))
    assert told("一线记录\n\n" + "".join(parts[i] for i in (0, 2, 3, 1))) == in_order
    assert [said for kind, said in in_order[0] if kind == "body"] == [
        "交警在路口站岗。",
        "特警巡逻。",
        "民警在校门执勤。",
        "社工上门。",
    ]


def test_sections_with_a_gap_stay_where_they_are():
    text = "一线记录\n\n3 护校园\n民警在校门执勤。\n1 守路口\n交警在路口站岗。\n"
    assert body(text) == ["民警在校门执勤。", "交警在路口站岗。"]


MARKDOWN = """# 绩溪县：普法摊位摆进夜市

绩溪县司法局接待群众1100人次。

## 摊位怎么摆

摊位设在夜市入口。

# 泾县：茶山上的税法课

泾县税务局辅导茶农230户。

## 茶农怎么说

茶农连连点头。
"""


def test_markdown():
    assert told(MARKDOWN) == [
        [
            ("heading", "绩溪县：普法摊位摆进夜市"),
            ("body", "绩溪县司法局接待群众1100人次。"),
            ("heading", "摊位怎么摆"),
            ("body", "摊位设在夜市入口。"),
        ],
        [
            ("heading", "泾县：茶山上的税法课"),
            ("body", "泾县税务局辅导茶农230户。"),
            ("heading", "茶农怎么说"),
            ("body", "茶农连连点头。"),
        ],
    ]
    assert [s.level for article in page(MARKDOWN).articles for s in article.sentences] == [1, 0, 2, 0, 1, 0, 2, 0]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("绩溪", "绩溪讯 绩溪县司法局接待群众1100人次。"),
        ("绩溪", "绩溪讯（记者 王一水）绩溪县司法局接待群众1100人次。"),
        ("河北邢台", "本报河北邢台3月18日电 邢台海关查验货物56批次。"),
        ("", "本报讯 绩溪县司法局接待群众1100人次。"),
        ("", "通讯 绩溪县司法局接待群众1100人次。"),
    ],
)
def test_datelines(place, text):
    assert [article.dateline for article in page(text).articles] == [place]


def test_a_dateline_begins_an_article_with_the_heading_above_it():
    text = "普法进夜市\n\n绩溪讯 司法局接待群众1100人次。\n\n茶山上的税法课\n\n泾县讯 税务局辅导茶农230户。\n"
    assert [(a.dateline, a.title) for a in page(text).articles] == [("绩溪", "普法进夜市"), ("泾县", "茶山上的税法课")]


@pytest.mark.parametrize(
    "credit",
    ["（赵二木 王一水）", "本报记者 赵二木", "通讯员 赵二木 王一水", "来源：泾县税务局", "赵二木摄", "文/赵二木"],
)
def test_credits_are_bylines(credit):
    assert told(f"司法局接待群众1100人次。\n{credit}\n")[0][-1] == ("byline", credit)


@pytest.mark.parametrize("text", ["记者从泾县税务局获悉，辅导茶农230户。", "通讯员在茶山看到，税务干部正忙着。"])
def test_a_reporter_who_tells_is_no_byline(text):
    assert body(text) == [text]


def test_an_article_ends_at_its_byline():
    text = "普法进夜市\n司法局接待群众1100人次。\n（赵二木）\n茶山上的税法课\n税务局辅导茶农230户。\n（王一水）\n"
    assert [a.title for a in page(text).articles] == ["普法进夜市", "茶山上的税法课"]


@pytest.mark.parametrize(
    "caption", ["图为税务干部在茶山。", "上图为税务干部在茶山。王一水 摄", "税务干部走进茶山。王一水 摄"]
)
def test_captions_are_no_headings(caption):
    found = page(f"茶山上的税法课\n税务局辅导茶农230户。\n{caption}\n")
    assert found.articles[0].sentences[-1].kind == "caption"
    assert found.document.title == "茶山上的税法课"


def test_a_caption_neither_ends_an_article_nor_begins_one():
    text = "茶山上的税法课\n税务局辅导茶农230户。\n图为税务干部在茶山。\n茶农怎么说\n茶农点头。\n（王一水）\n图为茶农在茶山。\n"
    assert [kind for kind, _ in told(text)[0]] == ["heading", "body", "caption", "heading", "body", "byline", "caption"]


# ---------------------------------------------------------------- every character keeps its place

SAME = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", "<": "〈", ">": "〉", ".": "。"}
QUOTES = frozenset('"＂“”「」『』〝〞')
ODD = "”“\"'（）()《》〈〉【】。！？!?…，,；;：:、.#●■—%％ 　\t\r\n\u2028\x85\x0b\ufeff\u200b"


def agrees(original: str, cleaned: str) -> bool:
    """Whether a cleaned character is the original one or its usual form."""
    if original == cleaned or SAME.get(original) == cleaned:
        return True
    if original in QUOTES:
        return cleaned in "“”"
    if cleaned == " ":
        return original.isspace()
    return (
        unicodedata.normalize("NFKC", original) == cleaned or original in "﹑＜＞" or "\u2e80" <= original <= "\u2fdf"
    )


def check_places(text: str) -> None:
    found = read(text.encode("utf-8"), "t")
    assert found.document.text == text
    seen: set[int] = set()
    for article in found.articles:
        for sentence in article.sentences:
            assert len(sentence.text) == len(sentence.offsets) > 0
            assert all(a < b for a, b in zip(sentence.offsets, sentence.offsets[1:], strict=False))
            for cleaned, at in zip(sentence.text, sentence.offsets, strict=True):
                assert agrees(text[at], cleaned), (text[at], cleaned)
            assert not seen & set(sentence.offsets)
            seen |= set(sentence.offsets)
            assert sentence.whole.start == sentence.offsets[0] and sentence.whole.end == sentence.offsets[-1] + 1
    first = min(seen, default=len(text))
    lost = [c for i, c in enumerate(text) if i not in seen and i > first and not c.isspace() and c != "#"]
    assert not lost or found.document.date or found.document.paper, lost


hostile = st.text(st.one_of(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), st.sampled_from(ODD)))
newslike = st.lists(
    st.sampled_from(
        ["某县公安局", "今年", "抓获", "12", "3.5", "%", "余名", "，", "。", "“护林”", "（张三）", "\n", "\n\n", "\n\n\n", " ", "1 ", "一、",
         "——", "# ", "### ", "讯 ", "本报记者", "图为", "摄", "2024年3月5日", "第3版", "日报", "：", '"', "("]
    ),
    max_size=80,
).map("".join)  # fmt: skip


@given(hostile)
@settings(max_examples=150, deadline=None)
@example("“" * 50 + "\n" + "」" * 50)
@example("# #\n#")
@example(".\n.。.")
@example("＂")
def test_any_text_at_all(text):
    check_places(text.lstrip("\ufeff"))


@given(newslike)
@settings(max_examples=300, deadline=None)
def test_anything_like_news(text):
    check_places(text)


def test_places_in_wrapped_pages():
    for text in (INTERRUPTED, MARKDOWN, "\n".join(wrapped(p, 17) for p in LONG)):
        check_places(text)


# ---------------------------------------------------------------- time grows with length, no faster


def seconds(text: str) -> float:
    """Processor time of reading, the best of three."""
    data, best = text.encode(), float("inf")
    for _ in range(3):
        start = time.process_time()
        read(data, "t")
        best = min(best, time.process_time() - start)
    return best


LINE = "某县公安局今天在全县开展集中行动"
GROWING = {
    "one line of sentences": lambda n: (LINE + "。") * n,
    "one line without a stop": lambda n: LINE * n,
    "wrapped lines": lambda n: (LINE + "\n") * n,
    "paragraphs": lambda n: (LINE + "。\n\n") * n,
    "headings": lambda n: "甲乙\n" * 4 * n,
    "headings apart": lambda n: "甲乙丙丁\n\n" * 4 * n,
    "Markdown headings": lambda n: "## 甲乙\n" * 4 * n,
    "numbered headings": lambda n: "1 甲乙\n" * 4 * n,
    "bylines": lambda n: "（张三）\n" * 4 * n,
    "captions": lambda n: "图为夜市。\n" * 4 * n,
    "datelines": lambda n: "甲乙讯 民警巡逻。\n" * n,
    "headings, then a dateline": lambda n: LINE + "。\n" + "甲乙\n" * 4 * n + "甲乙讯 民警巡逻。\n",
    "sections": lambda n: "".join(f"{i % 99 + 1} 甲乙丙\n民警巡逻。\n" for i in range(n)),
    "letters spaced": lambda n: "某 " * 8 * n,
    "words spaced": lambda n: "某局 " * 8 * n,
}


@pytest.mark.parametrize("made", GROWING.values(), ids=GROWING)
def test_time_grows_with_length(made):
    """Four times the text takes about four times as long; it would take sixteen times if each line looked at all others."""
    short, long = seconds(made(800)), seconds(made(3200))
    assert long < 9 * max(short, 0.002)


HOSTILE = {
    "one character": "某" * 100_000,
    "one digit": "1" * 100_000,
    "spaces": " " * 100_000 + "某",
    "open brackets": "（" * 10_000,
    "brackets in brackets": "（" * 10_000 + "）" * 10_000,
    "open quotes": "“" * 100_000,
    "ASCII quotes": '"' * 99_999,
    "closers": "。" + "”" * 100_000,
    "stops": "。！？" * 30_000,
    "stops and closers": "。”）" * 30_000 + "某",
    "stops and brackets": "。（" * 30_000,
    "hashes": "#" * 100_000,
    "dots": "." * 100_000,
    "digits and dots": "1." * 50_000,
    "dates": "2024年1月1日" * 10_000,
    "datelines": "讯" * 100_000,
    "reporters": "记者" * 50_000,
    "numbers with spaces": "警力3 20 " * 12_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_does_not_run_away(text):
    """No pattern is worse than linear: each takes no longer than plain news of twenty times its length."""
    assert seconds(text) < 20 * seconds((LINE + "。") * (len(text) // 17))


def test_a_line_of_two_megabytes():
    text = (LINE + "。") * 40_000
    assert len(text.encode()) > 2_000_000
    assert len(body(text)) == 40_000


def test_rows_of_a_table_are_sentences_of_their_own():
    text = "某局全年工作数据\n\n受理投诉　　3540件　　办结率99.7%\n查办案件　　217件\n罚没入库　　168.4万元\n整改隐患　　85处\n\n全年无重大事故。\n"
    article = read(text.encode(), "table.txt").articles[0]
    assert [s.text for s in article.sentences if s.kind == "body"][-5:] == [
        "受理投诉3540件 办结率99.7%",
        "查办案件217件",
        "罚没入库168.4万元",
        "整改隐患85处",
        "全年无重大事故。",
    ]


def test_a_heading_with_a_number_is_no_row():
    text = "雷霆出击 破案20起\n\n桐城市公安局开展“净夜”行动，破获案件20起。\n"
    assert read(text.encode(), "page.txt").articles[0].title == "雷霆出击 破案20起"


def test_an_article_goes_on_behind_another():
    text = (
        "夜巡护平安\n\n"
        "入夏以来，桐城市公安局每晚出动警力六十名，在\n"
        "广场、夜市和河堤开展武装巡逻，劝导醉酒滋事行\n"
        "为。民警说，有了灯光，群众心里就踏实，全市警\n\n"
        "司法所里的圆桌\n\n"
        "桐城讯 七月初，双港司法所请来村里老人，围着\n"
        "一张圆桌调解地界纠纷，两家人当场握手言和，小\n"
        "院里响起掌声。（李国强）\n\n"
        "情由此下降两成，夜市摊主也把灯笼挂得更高了。\n"
    )
    page = read(text.encode(), "page.txt")
    assert any("全市警情由此下降两成" in s.text for a in page.articles for s in a.sentences)


# ---------------------------------------------------------------- pages as papers set them

INDENTED = """
让堤坝“长记性”
　　潢川县水利局巡查堤坝三十公里，发现
口子12处，已封堵9处，其余3处正在抢修。
　　潢川县水利局局长郑海涛抓一把泥土坦
简讯两则
　　▲光山县林业局走访农户60户，发放树
苗900株。
　　▲息县税务局辅导企业46户。
言：“过去几天才报一次，现在一天三报。”
　　夜里两点，最后一处口子合龙。
"""


def test_a_page_that_indents_its_paragraphs_says_what_goes_on():
    sentences = body(INDENTED)
    assert "潢川县水利局局长郑海涛抓一把泥土坦言：“过去几天才报一次，现在一天三报。”" in sentences
    assert "▲光山县林业局走访农户60户，发放树苗900株。" in sentences
    assert [said for article in told(INDENTED) for kind, said in article if kind == "heading"] == [
        "让堤坝“长记性”",
        "简讯两则",
    ]


def test_a_number_wrapped_at_the_end_of_a_line_is_no_numbered_heading():
    wrapped = "息县税务局今年以来上门辅导企业，清理欠税\n9户，查补税款18万元，又同县地税局比对了1.\n9万条信息，补录登记46户，注销登记12户。\n"
    assert body(wrapped) == [wrapped.replace("\n", "")]


def test_a_headline_run_into_the_text_is_taken_off_it():
    text = "护堤三十里 水利局昼夜巡查 本报讯（记者 周敏）潢川县水利局封堵口子12处。\n"
    assert told(text) == [
        [("heading", "护堤三十里 水利局昼夜巡查"), ("body", "本报讯（记者 周敏）潢川县水利局封堵口子12处。")]
    ]
    assert body("新华社北京5月8日电（记者 周敏）水利部部署防汛。\n") == [
        "新华社北京5月8日电（记者 周敏）水利部部署防汛。"
    ]


def test_a_sentence_goes_on_behind_an_article_with_a_dateline():
    text = (
        "潢川县水利局三周时间巡查堤坝，为沿河农户避免损失\n本报讯（记者 周敏）光山县林业局走访农户60户。\n34.2万元。\n"
    )
    assert "潢川县水利局三周时间巡查堤坝，为沿河农户避免损失34.2万元。" in body(text)


def test_spaces_between_single_characters_and_digits_go():
    assert body("息县城管局安装净化器 1 3 0 余 台。\n") == ["息县城管局安装净化器130余台。"]
