"""The network page, in Debian's Chromium with the network off."""

from __future__ import annotations

import base64
import hashlib
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect, sync_playwright

from kg import layout, view
from kg.model import Document, Entity, Evidence, Kind, Quantity, Span, Statement
from kg.regions import divisions

CHROMIUM = Path("/usr/bin/chromium")
SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Corpus:
    """Records for a page, made from sentences written here."""

    documents: list[Document] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def document(self, name: str, text: str, **head: str) -> None:
        self.documents.append(Document(name, text, hashlib.sha256(text.encode()).hexdigest(), **head))

    def entity(self, kind: Kind, name: str, *names: str, code: str = "", quantity: Quantity | None = None) -> str:
        key = f"{kind}/{name}"
        self.entities.append(Entity(key, kind, name, names, code, quantity))
        return key

    def state(self, subject: str, predicate: str, object: str, quote: str, detail: str = "") -> None:
        """State a fact on the strength of the first document that has the quote."""
        document = next(document for document in self.documents if quote in document.text)
        start = document.text.index(quote)
        sentence = Span(document.text.rfind("。", 0, start) + 1, document.text.index("。", start) + 1)
        span = Span(start, start + len(quote))
        evidence = Evidence(document.name, span, quote, f"{predicate}.verb", 0.9, sentence)
        self.statements.append(Statement(subject, predicate, object, (evidence,), detail))

    def render(self) -> str:
        return view.render(self.documents, self.entities, self.statements)

    def content(self) -> view.Content:
        return view.gathered(self.documents, self.entities, self.statements)

    def places(self) -> list[layout.Place]:
        return layout.arrange(self.entities, self.content().facts)


def small() -> Corpus:
    corpus = Corpus()
    corpus.document(
        "lake.txt",
        "入夏以来，青岭市公安局开展“护航夏夜”专项\n    行动，出动警力3.2万余人次，查处酒驾 醉驾214起，"
        "同比下降12.5%。云溪分局民警郑文澜参加“护航夏夜”专项行动。云溪分局在青岭市云溪区。",
        paper="北疆法治报",
        date="2025-06-05",
        page="04",
    )
    corpus.document("hill.txt", "青岭市公安局与青岭市教育局签订协作书。", paper="北疆日报", date="2025-07-01")
    city = corpus.entity(Kind.REGION, "青岭市", "青岭", code="990100")
    district = corpus.entity(Kind.REGION, "云溪区", code="990102")
    bureau = corpus.entity(Kind.UNIT, "青岭市公安局", "市局")
    branch = corpus.entity(Kind.UNIT, "青岭市公安局云溪区分局", "云溪分局", "云溪区公安分局")
    school = corpus.entity(Kind.UNIT, "青岭市教育局")
    drive = corpus.entity(Kind.CAMPAIGN, "“护航夏夜”专项行动", "护航夏夜")
    officer = corpus.entity(Kind.PERSON, "郑文澜")
    force = Quantity(32000, "人次", "more_than", "出动警力3.2万余人次", "出动警力")
    caught = Quantity(214, "起", "exact", "查处酒驾醉驾214起", "查处酒驾醉驾", -12.5)
    corpus.state(bureau, "located_in", city, "青岭市公安局")
    corpus.state(branch, "located_in", district, "云溪分局在青岭市云溪区")
    corpus.state(branch, "part_of", bureau, "云溪分局")
    corpus.state(bureau, "conducted", drive, "青岭市公安局开展“护航夏夜”专项\n    行动")
    corpus.state(officer, "holds_role_at", branch, "云溪分局民警郑文澜", "民警")
    corpus.state(bureau, "cooperated_with", school, "青岭市公安局与青岭市教育局签订协作书")
    corpus.state(drive, "has_metric", corpus.entity(Kind.METRIC, "m1", quantity=force), "出动警力3.2万余人次")
    corpus.state(drive, "has_metric", corpus.entity(Kind.METRIC, "m2", quantity=caught), "查处酒驾 醉驾214起")
    return corpus


def large(size: int) -> Corpus:
    """So many entities besides metrics: four in five of them units, the rest campaigns; some of no region."""
    corpus = Corpus()
    corpus.document("large.txt", "各单位按照部署开展夜间巡查。")
    regions = [corpus.entity(Kind.REGION, f"第{n}县", code=f"99{n // 10 + 1:02}{n % 10 + 1:02}") for n in range(30)]
    while len(corpus.entities) < size:
        number = len(corpus.entities)
        unit = corpus.entity(Kind.UNIT, f"第{number}派出所")
        if number % 3:
            corpus.state(unit, "located_in", regions[number % 30], "各单位")
        if number % 4 == 0:
            corpus.state(unit, "conducted", corpus.entity(Kind.CAMPAIGN, f"“巡查{number}”行动"), "开展夜间巡查")
    return corpus


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    context.set_offline(True)
    yield context
    context.close()


@pytest.fixture
def show(context: BrowserContext, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a corpus as a page. At the end: nothing was asked of a network, nothing went wrong, nothing hostile ran."""
    complaints: list[str] = []

    def show(corpus: Corpus, fragment: str = "", part_of: tuple[int, int] | None = None) -> Page:
        path = tmp_path / "graph.html"
        view.write(path, replace(corpus.content(), all=part_of))
        page = context.new_page()
        page.on("console", lambda message: note(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: note(str(error)))
        page.on("dialog", refuse_dialog)
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("#filters ul", state="attached")
        return page

    def refuse_dialog(dialog: Dialog) -> None:
        note(dialog.message)
        dialog.dismiss()

    def refuse_request(route: Route) -> None:
        note(route.request.url)
        route.abort()

    note = complaints.append
    context.route(lambda url: not url.startswith("file:"), refuse_request)
    yield show
    assert not complaints


def pick(page: Page, name: str) -> None:
    """Search for a name and take the first answer."""
    page.get_by_label("搜索", exact=True).first.fill(name)
    page.keyboard.press("Enter")


def drawn(page: Page) -> list[str]:
    """The names of all marks in the picture."""
    names: list[str] = page.evaluate("[...page.view.marks.values()].map(({node}) => page.graph.name(node))")
    return names


def spot(page: Page, *names: str) -> tuple[float, float]:
    """Where on the screen a mark stands, or the middle between two."""
    place = page.evaluate(
        """names => {
            const marks = [...page.view.marks.values()].filter(({node}) => names.includes(page.graph.name(node)));
            const mean = (axis) => marks.reduce((sum, mark) => sum + mark[axis], 0) / marks.length;
            const {x, y} = page.canvas.network.canvasToDOM({x: mean("x"), y: mean("y")});
            const {left, top} = page.canvas.container.getBoundingClientRect();
            return [x + left, y + top];
        }""",
        list(names),
    )
    return place[0], place[1]


def test_opens_offline_in_chinese(show: Callable[..., Page]) -> None:
    page = show(small())
    assert page.title() == view.TITLE
    expect(page.locator("#status")).to_have_text("图中 7 个节点、6 条连线，共 9 个实体、8 条事实")
    expect(page.locator("#filters")).to_contain_text("开展")


def test_says_that_it_holds_only_a_part(show: Callable[..., Page]) -> None:
    expect(show(small()).locator("#part")).to_be_hidden()
    page = show(small(), part_of=(2_000_000, 9_000_000))
    expect(page.locator("#part")).to_have_text(
        "全图有 2,000,000 条事实、9,000,000 处出处；此页为依据最多的 8 条事实、8 处出处"
    )
    page.get_by_role("button", name="English").click()
    expect(page.locator("#part")).to_contain_text("this page holds the best attested: 8 facts with 8 quotes")


def test_many_quotes_are_shown_a_few_at_a_time(show: Callable[..., Page]) -> None:
    corpus = small()
    corpus.document("many.txt", "青岭市教育局在青岭市云溪区。" * 100)
    places = [Span(14 * number, 14 * number + 14) for number in range(100)]
    quotes = (Evidence("many.txt", span, "青岭市教育局在青岭市云溪区。", "located", 0.9, span) for span in places)
    corpus.statements.append(Statement("Unit/青岭市教育局", "located_in", "Region/云溪区", tuple(quotes)))
    page = show(corpus)
    pick(page, "青岭市教育局")
    facts = page.locator("#panel section", has_text="位于")
    expect(facts.locator("summary")).to_have_text("出处 100")
    expect(facts.locator("figure")).to_have_count(40)
    facts.get_by_role("button", name="再显示 40 条").click()
    expect(facts.locator("figure")).to_have_count(80)


@pytest.fixture
def packed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page brings its data deflated, as large ones do."""
    monkeypatch.setattr(view, "PLAIN_DATA", 0)


@pytest.mark.usefixtures("packed")
def test_packed_data_are_all_there(show: Callable[..., Page]) -> None:
    corpus = small()
    page = show(corpus, "#confidence=0.5")
    assert 'data-encoding="deflate"' in corpus.render()
    assert "郑文澜" not in corpus.render()
    expect(page.locator("#status")).to_have_text("图中 7 个节点、6 条连线，共 9 个实体、8 条事实")
    pick(page, "zwl")
    expect(page.locator("#panel mark")).to_have_text("云溪分局民警郑文澜")
    expect(page.locator("#panel .detail")).to_have_text("民警")
    page.evaluate("page.findPath(page.state.selected, page.search.find('护航夏夜', 1)[0].id)")
    expect(page.locator("#path-steps li")).to_have_count(4)
    page.locator("#document").select_option("北疆日报 · 2025-07-01")
    assert set(drawn(page)) == {"青岭市公安局", "青岭市教育局"}


@pytest.mark.usefixtures("packed")
def test_packed_data_are_the_same_in_every_build() -> None:
    assert small().render() == small().render()


def test_data_are_packed_when_they_are_large() -> None:
    plain, deflated = small().render(), large(18_000).render()
    assert 'data-encoding="plain"' in plain
    assert "郑文澜" in plain
    assert 'data-encoding="deflate"' in deflated
    assert len(deflated) < 2 * len(plain)


def test_only_its_own_scripts_and_style_may_run() -> None:
    html = small().render()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert not re.search("unsafe|http|[*]", policy[1])
    inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL)
    assert len(inline) == 3
    for content in inline:
        assert base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() in policy[1]


@pytest.mark.parametrize("query", ["云溪分局", "云溪区公安", "yxfj", "云溪fj", "青岭市公安局云溪区分局"])
def test_search_finds_every_form_of_a_name(show: Callable[..., Page], query: str) -> None:
    page = show(small())
    pick(page, query)
    expect(page.locator("#panel h2")).to_have_text("青岭市公安局云溪区分局")


def test_search_says_when_there_is_nothing(show: Callable[..., Page]) -> None:
    page = show(small())
    page.locator("#search").fill("无此单位")
    expect(page.locator("#found")).to_have_text("没有匹配的名称")


def test_click_on_a_node_shows_facts_with_quotes_marked(show: Callable[..., Page]) -> None:
    page = show(small())
    page.mouse.click(*spot(page, "青岭市公安局"))
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("青岭市公安局")
    expect(panel.locator(".about")).to_contain_text("市局")
    conducted = panel.locator("section", has_text="开展").first
    expect(conducted.locator("mark")).to_have_text("青岭市公安局开展“护航夏夜”专项行动")
    expect(conducted.locator("blockquote")).to_have_text(
        "入夏以来，青岭市公安局开展“护航夏夜”专项行动，出动警力3.2万余人次，查处酒驾醉驾214起，同比下降12.5%。"
    )
    expect(conducted.locator("figcaption")).to_have_text(
        "北疆法治报 · 2025-06-05 · 第04版规则 conducted.verb · 可信度 0.9"
    )
    conducted.get_by_role("button", name="护航夏夜").click()
    expect(panel.locator("h2")).to_have_text("“护航夏夜”专项行动")


def test_figures_stand_in_a_table_each_with_its_quote(show: Callable[..., Page]) -> None:
    page = show(small())
    pick(page, "护航夏夜")
    rows = page.locator("#panel tbody tr:not(.quotes)")
    assert [row.split("\t") for row in rows.all_inner_texts()] == [
        ["出动警力", "32,000余", "人次", ""],
        ["查处酒驾醉驾", "214", "起", "−12.5%"],
    ]
    page.get_by_role("button", name="查处酒驾醉驾").click()
    expect(page.locator("#panel .quotes:visible mark")).to_have_text("查处酒驾醉驾214起")
    pick(page, "出动警力")
    expect(page.locator("#panel .figures thead")).to_have_text("指标数值单位")


@pytest.mark.parametrize(
    ("qualifier", "shown"),
    [
        ("exact", "5,000"),
        ("more_than", "5,000余"),
        ("at_least", "5,000以上"),
        ("almost", "近5,000"),
        ("about", "约5,000"),
    ],
)
def test_values_say_how_exact_they_are(show: Callable[..., Page], qualifier: str, shown: str) -> None:
    page = show(small())
    assert page.evaluate("qualifier => formatValue({value: 5000, qualifier})", qualifier) == shown


def test_click_on_a_line_shows_the_facts_between(show: Callable[..., Page]) -> None:
    page = show(small())
    page.mouse.click(*spot(page, "青岭市公安局", "青岭市教育局"))
    expect(page.locator("#panel .class").first).to_have_text("两者之间的事实")
    expect(page.locator("#panel mark")).to_have_text("青岭市公安局与青岭市教育局签订协作书")


def test_figures_are_folded_until_asked_for(show: Callable[..., Page]) -> None:
    page = show(small())
    assert not any("警力" in name for name in drawn(page))
    page.mouse.dblclick(*spot(page, "“护航夏夜”专项行动"))
    assert "出动警力 32,000余人次" in drawn(page)
    page.get_by_role("button", name="收回邻居").click()
    assert not any("警力" in name for name in drawn(page))
    page.get_by_label("在图上展开全部数据").check()
    assert "查处酒驾醉驾 214起" in drawn(page)


def test_filters_hide_classes_relations_and_documents(show: Callable[..., Page]) -> None:
    page = show(small())
    page.get_by_label("单位").uncheck()
    assert set(drawn(page)) == {"青岭市", "云溪区", "“护航夏夜”专项行动", "郑文澜"}
    page.get_by_label("单位").check()
    page.get_by_label("合作").uncheck()
    expect(page.locator("#status")).to_contain_text("5 条连线")
    page.get_by_label("合作").check()
    page.locator("#document").select_option("北疆日报 · 2025-07-01")
    assert set(drawn(page)) == {"青岭市公安局", "青岭市教育局"}


def test_filter_by_region(show: Callable[..., Page]) -> None:
    page = show(small())
    camera = page.evaluate("page.canvas.camera")
    page.get_by_label("范围", exact=True).select_option("\u3000云溪区")
    assert page.evaluate("page.canvas.camera") != camera  # it has moved to the middle of the view
    assert set(drawn(page)) == {"云溪区", "青岭市公安局云溪区分局", "郑文澜"}
    page.get_by_label("范围").select_option("不限")
    pick(page, "市局")
    page.get_by_role("button", name="只看此范围").click()
    assert set(drawn(page)) == {"青岭市公安局", "“护航夏夜”专项行动"}
    page.locator("#within button").click()
    assert len(drawn(page)) == 7


def test_filters_by_date_and_confidence(show: Callable[..., Page]) -> None:
    page = show(small())
    page.locator("#since").fill("2025-06-30")
    assert set(drawn(page)) == {"青岭市公安局", "青岭市教育局"}
    page.locator("#since").fill("")
    page.locator("#confidence").fill("0.95")
    expect(page.locator("#nothing")).to_contain_text("当前筛选条件下没有内容")
    page.get_by_role("button", name="清除筛选").click()
    assert len(drawn(page)) == 7
    expect(page.locator("#nothing")).to_be_hidden()


def test_undo_takes_back_each_step_and_reset_all(show: Callable[..., Page]) -> None:
    page = show(small())
    first = drawn(page)
    expect(page.locator("#undo")).to_be_disabled()
    page.get_by_label("单位").uncheck()
    page.get_by_label("人物").uncheck()
    page.locator("#canvas").focus()
    page.keyboard.press("Control+z")
    assert set(drawn(page)) & {"郑文澜", "青岭市公安局"} == {"郑文澜"}
    page.locator("#undo").click()
    assert drawn(page) == first
    page.get_by_label("单位").uncheck()
    page.locator("#reset").click()
    assert drawn(page) == first


def test_a_link_restores_what_is_shown(show: Callable[..., Page]) -> None:
    page = show(small())
    page.get_by_label("地区").uncheck()
    pick(page, "护航夏夜")
    page.mouse.dblclick(*spot(page, "“护航夏夜”专项行动"))
    page.locator("#zoom-in").click()
    expect(page).to_have_url(re.compile(r"selected=.*at=.*_1\.82$"))
    camera = page.evaluate("page.canvas.camera")
    again = show(small(), page.url[page.url.index("#") :])
    assert drawn(again) == drawn(page)
    assert again.evaluate("page.canvas.camera") == pytest.approx(camera, abs=0.01)
    expect(again.locator("#panel h2")).to_have_text("“护航夏夜”专项行动")


@pytest.mark.parametrize("fragment", ["#selected=x~y&open=..&at=1_z_0", "#kinds=%3Cb%3E&confidence=9&document=1", "#%"])
def test_a_broken_link_still_opens(show: Callable[..., Page], fragment: str) -> None:
    page = show(small(), fragment)
    expect(page.locator("#status")).not_to_be_empty()


def test_shortest_path_keeps_to_what_the_filters_show(show: Callable[..., Page]) -> None:
    page = show(small())
    page.get_by_role("button", name="最短路径").click()
    for end, name in (("起点", "郑文澜"), ("终点", "护航夏夜")):
        page.get_by_label(end).fill(name)
        page.keyboard.press("Enter")
    expect(page.locator("#path-steps li")).to_have_text(
        ["郑文澜", "青岭市公安局云溪区分局", "青岭市公安局", "“护航夏夜”专项行动"]
    )
    page.get_by_label("隶属").uncheck()
    expect(page.locator("#path-steps")).to_contain_text("没有路径")


def test_keyboard_moves_from_node_to_node(show: Callable[..., Page]) -> None:
    page = show(small())
    page.keyboard.press("/")
    page.keyboard.type("护航夏夜")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert "出动警力 32,000余人次" in drawn(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#panel h2")).not_to_have_text("“护航夏夜”专项行动")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_english_and_dark(show: Callable[..., Page]) -> None:
    page = show(small())
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="明暗切换").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper
    page.get_by_role("button", name="English").click()
    expect(page.locator("#filters")).to_contain_text("Campaign")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_saves_a_picture(show: Callable[..., Page]) -> None:
    page = show(small())
    assert saved(page, "存为图片").startswith(b"\x89PNG")


def saved(page: Page, button: str) -> bytes:
    """The file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return download.value.path().read_bytes()


def test_saves_the_view_as_svg(show: Callable[..., Page]) -> None:
    page = show(small())
    pick(page, "护航夏夜")
    drawing = ElementTree.fromstring(saved(page, "存为矢量图"))
    written = {text.text for text in drawing.iter(f"{SVG}text")}
    assert {"“护航夏夜”专项行动", "青岭市公安局", "开展"} <= written
    lines = [path for path in drawing.iter(f"{SVG}path") if re.fullmatch(r"M\S+ \S+L\S+ \S+", path.get("d", ""))]
    assert len(lines) == 6
    for element in drawing.iter():
        assert not re.search("NaN|undefined|null", " ".join(element.attrib.values()))


def test_no_label_stands_on_another(show: Callable[..., Page], browser: Browser, tmp_path: Path) -> None:
    page = show(large(400))
    (tmp_path / "saved.svg").write_bytes(saved(page, "存为矢量图"))
    blank = browser.new_page()
    blank.goto((tmp_path / "saved.svg").as_uri())
    count, overlaps = blank.evaluate(
        """() => {
            const labels = [...document.querySelectorAll("text:not([fill='none'])")].map((text) => text.getBBox());
            const meet = (a, b) => a.x + 1 < b.x + b.width && b.x + 1 < a.x + a.width
                && a.y + 4 < b.y + b.height && b.y + 4 < a.y + a.height;
            return [labels.length, labels.filter((a, i) => labels.slice(0, i).some((b) => meet(a, b))).length];
        }"""
    )
    blank.close()
    assert count > 15
    assert overlaps == 0


def test_the_svg_looks_like_the_png(show: Callable[..., Page], browser: Browser) -> None:
    page = show(small())
    pick(page, "护航夏夜")
    pictures = [
        f"data:image/{kind};base64,{base64.b64encode(saved(page, button)).decode()}"
        for kind, button in (("png", "存为图片"), ("svg+xml", "存为矢量图"))
    ]
    blank = browser.new_page()
    share = blank.evaluate(
        """async addresses => {
            const pixels = await Promise.all(addresses.map(async (address) => {
                const image = Object.assign(new Image(), {src: address});
                await image.decode();
                const canvas = Object.assign(document.createElement("canvas"), {width: 1400, height: 848});
                canvas.getContext("2d").drawImage(image, 0, 0);
                return canvas.getContext("2d").getImageData(0, 0, 1400, 848).data;
            }));
            return pixels[0].filter((value, at) => Math.abs(value - pixels[1][at]) > 60).length / pixels[0].length;
        }""",
        pictures,
    )
    blank.close()
    assert share < 0.002


@pytest.mark.parametrize("width", [390, 880])
def test_a_path_has_room_in_a_small_window(show: Callable[..., Page], width: int) -> None:
    page = show(small())
    page.set_viewport_size({"width": width, "height": 844})
    page.reload()
    pick(page, "护航夏夜")
    page.evaluate("page.findPath(page.search.find('郑文澜', 1)[0].id, page.state.selected)")
    expect(page.locator("#path-steps li")).to_have_count(4)
    expect(page.locator("#panel")).to_be_hidden()
    for name in ("郑文澜", "青岭市公安局", "“护航夏夜”专项行动"):
        x, y = spot(page, name)
        assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('#canvas') !== null", [x, y])


def test_fits_a_phone(show: Callable[..., Page]) -> None:
    page = show(small())
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.locator("#filters")).to_be_hidden()
    pick(page, "护航夏夜")
    expect(page.locator("#panel")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 880])
def test_accessibility(show: Callable[..., Page], width: int, scheme: Literal["light", "dark"]) -> None:
    page = show(small())
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    page.reload()
    steps = (
        "",
        "page.pick(page.search.find('护航夏夜', 1)[0].id)",
        "page.findPath(page.search.find('郑文澜', 1)[0].id, page.search.find('护航夏夜', 1)[0].id)",
        "page.reset(); page.change((state) => (state.confidence = 1))",
        "$('search').focus(); $('search').value = '分局'; $('search').dispatchEvent(new Event('input'))",
        "$('help').click()",
    )
    for step in steps:
        page.evaluate(f"() => {{ {step} }}")
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert not serious, step


UNSAFE = re.compile("[\u2028-\u202e\u2066-\u2069\u200e\u200f\x00\uffff]")
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "javascript:alert(3)",
    '" onmouseover="alert(4)',
    "${alert(5)}\u2028alert(6)\u2029",
    "公安\u202e局\u2066分\u200f局\x00\uffff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_shown(show: Callable[..., Page], text: str) -> None:
    corpus = Corpus()
    corpus.document(text, f"据报，{text}开展{text}。", paper=text, date=text, page=text, section=text, title=text)
    unit = corpus.entity(Kind.UNIT, text, text + text, code=text)
    drive = corpus.entity(Kind.CAMPAIGN, text, text)
    figure = corpus.entity(Kind.METRIC, text, quantity=Quantity(1, text, "exact", text, text, 1.0, text))
    corpus.state(unit, "conducted", drive, f"{text}开展{text}", text)
    corpus.state(unit, "has_metric", figure, text)
    page = show(corpus)
    shown, quoted = (UNSAFE.sub("\ufffd", clean) for clean in (text, view.flow(f"{text}开展{text}")))
    page.mouse.dblclick(*spot(page, shown))
    page.evaluate("page.pick([...page.graph.nodes.values()].find(({kind}) => kind === 'Unit').id)")
    page.locator(".measure").click()
    expect(page.locator("#panel h2")).to_have_text(shown)
    expect(page.locator("#panel mark").last).to_have_text(quoted)
    page.locator("#search").fill(shown[:4])
    expect(page.locator("#found li").first).to_contain_text(shown)
    assert page.locator("img, a, iframe, script:not([type='application/json'])").count() == 2
    assert not UNSAFE.search(page.content())
    drawing = saved(page, "存为矢量图")
    assert not UNSAFE.search(drawing.decode())
    elements = list(ElementTree.fromstring(drawing).iter())
    assert {element.tag.removeprefix(SVG) for element in elements} == {"svg", "title", "rect", "path", "text"}
    assert not [name for element in elements for name in element.attrib if name.startswith("on") or "href" in name]
    assert any(shown[:4] in (element.text or "") for element in elements)


def test_two_thousand_nodes_open_level_by_level(show: Callable[..., Page]) -> None:
    corpus = large(2000)
    page = show(corpus)
    first = drawn(page)
    assert len(first) <= layout.DRAW_FIRST
    assert "单位 1–150（未标明地区）" in first
    page.mouse.dblclick(*spot(page, "第1县"))
    assert len(drawn(page)) > len(first)
    for entity in corpus.entities[50::600]:
        pick(page, entity.name)
        expect(page.locator("#panel h2")).to_have_text(entity.name)
        assert entity.name in drawn(page)
    assert page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") < 1500


def test_twenty_thousand_nodes_are_there_within_three_seconds(show: Callable[..., Page]) -> None:
    page = show(large(20_000))
    assert page.evaluate("performance.now()") < 3000
    assert 10 < len(drawn(page)) <= layout.DRAW_FIRST
    started = page.evaluate("performance.now()")
    page.evaluate("page.change((state) => { state.since = '2025-01-01'; })")
    page.evaluate("page.undo()")
    assert page.evaluate("performance.now()") - started < 1000


def test_of_too_many_lines_between_bubbles_the_strongest_are_drawn(show: Callable[..., Page]) -> None:
    page = show(small())
    drawn_lines = page.evaluate(
        """() => {
            const line = (id) => ({id, from: {id: `a${id}`, counts: {}}, to: {id: "b"}, size: id + 1});
            return [...thinned(new Map([...Array(3000).keys()].map((id) => [id, line(id)])), "a7").keys()];
        }"""
    )
    assert len(drawn_lines) == page.evaluate("LINE_LIMIT")
    assert 7 in drawn_lines
    assert min(set(drawn_lines) - {7}) == 3000 - len(drawn_lines) + 1


def test_never_draws_more_than_the_limit(show: Callable[..., Page]) -> None:
    page = show(large(3000))
    page.evaluate("page.change((state) => { for (const {id} of page.graph.nodes.values()) state.opened.add(id); })")
    assert 0 < len(drawn(page)) <= page.evaluate("DRAW_LIMIT")
    expect(page.locator("#toast")).to_have_text("为保持流畅，已收起较早打开的部分")


@pytest.mark.parametrize("make", [small, lambda: large(1500)])
def test_the_order_of_records_changes_no_byte(make: Callable[[], Corpus]) -> None:
    corpus = make()
    before = corpus.render()
    for records in (corpus.documents, corpus.entities, corpus.statements):
        random.Random(7).shuffle(records)
    assert corpus.render() == before


def test_writes_utf8(tmp_path: Path) -> None:
    corpus = small()
    view.write(tmp_path / "graph.html", corpus.content())
    assert (tmp_path / "graph.html").read_bytes() == corpus.render().encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("组织开\n展夜间\u3000巡查", "组织开展夜间巡查"),
        ("出动警力64\n500人次", "出动警力64500人次"),
        ("“Night\nPatrol 2025”行动", "“Night Patrol 2025”行动"),
        ("\n  首句。 \n", "首句。"),
    ],
)
def test_flow_undoes_wraps(text: str, shown: str) -> None:
    assert view.flow(text) == shown


@settings(deadline=None)
@given(st.lists(st.floats(1, 1000), max_size=40))
def test_discs_do_not_overlap(radii: list[float]) -> None:
    radii.sort(reverse=True)
    spots = layout.pack_discs(radii)
    x, y, reach = layout.enclosing_disc(spots, radii)
    for one, (spot, radius) in enumerate(zip(spots, radii, strict=True)):
        assert math.dist(spot, (x, y)) + radius <= reach + 1e-6
        for other in range(one):
            assert math.dist(spot, spots[other]) >= radius + radii[other] - 1e-3


def test_what_belongs_together_stands_together() -> None:
    corpus = small()
    homes = {place.key: place.parent and place.parent.key for place in corpus.places()}
    assert homes == {
        "Region/青岭市": None,
        "Region/云溪区": "Region/青岭市",
        "Unit/青岭市公安局": "Region/青岭市",
        "Unit/青岭市公安局云溪区分局": "Region/云溪区",
        "Unit/青岭市教育局": None,
        "Campaign/“护航夏夜”专项行动": "Unit/青岭市公安局",
        "Person/郑文澜": "Unit/青岭市公安局云溪区分局",
        "Metric/m1": "Campaign/“护航夏夜”专项行动",
        "Metric/m2": "Campaign/“护航夏夜”专项行动",
    }


def test_cycles_and_long_chains_of_units_are_laid_out() -> None:
    corpus = Corpus()
    corpus.document("chain.txt", "各中队隶属上级。")
    units = [corpus.entity(Kind.UNIT, f"第{number}中队") for number in range(3000)]
    for one, other in zip(units, units[1:] + units[:1], strict=True):
        corpus.state(one, "part_of", other, "隶属")
    assert len(corpus.places()) >= len(units)


def test_many_regions_stand_in_the_divisions_around_them(show: Callable[..., Page]) -> None:
    corpus = Corpus()
    corpus.document("counties.txt", "各单位按照部署开展夜间巡查。")
    counties = [one for one in divisions().by_code.values() if len(one.code) == 6 and not one.former][:700]
    for county in counties:
        region = corpus.entity(Kind.REGION, county.name, code=county.gb_code)
        corpus.state(corpus.entity(Kind.UNIT, f"{county.name}政府"), "located_in", region, "各单位")
    page = show(corpus)
    provinces = {divisions().by_code[county.code[:2]].name for county in counties}
    assert len(provinces) > 1
    assert set(drawn(page)) == provinces
    province = divisions().by_name["河北省"][0]
    page.mouse.dblclick(*spot(page, province.name))
    inside = {one.name for one in divisions().by_code.values() if one.code.startswith(province.code)}
    assert 1 < len(set(drawn(page)) - provinces) == len((set(drawn(page)) - provinces) & inside)
    page.get_by_role("button", name="恢复初始视图").click()
    page.get_by_label("范围", exact=True).select_option(province.name)
    assert set(drawn(page)) == {province.name}


def test_no_level_is_wider_than_a_branch() -> None:
    corpus = large(30_000)
    places = corpus.places()
    assert max(len(place.children) for place in places) <= layout.BRANCH
    assert sum(place.entity is not None for place in places) == len(corpus.entities)


def test_the_benchmark_measures_both_pages() -> None:
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no browser at {CHROMIUM}")
    command = [sys.executable, "-m", "benchmarks.network", "60", "--patience", "30"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    _heads, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]
    assert [(row[0], row[2]) for row in rows] == [("58", "tongbao"), ("58", "pyvis")]
    for row in rows:
        assert all(float(cell) > 0 for cell in row[3:7])
    assert [row[7] != "–" for row in rows] == [True, False]
