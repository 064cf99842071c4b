"""The served pages in Debian's Chromium: they work, they look after themselves, and nothing hostile runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect, sync_playwright
from serving import HOSTILE, hostile, sample, serving, write

CHROMIUM = Path("/usr/bin/chromium")
UNIT = "/unit/红塔区市场监督管理局"
PAGES = (
    "/",
    "/search?q=红塔",
    UNIT,
    "/campaign/清风3号",
    "/region/玉溪市",
    "/metric/立案",
    "/document/市场%2F通报.txt",
    "/query?question=metrics-of-campaign",
    "/query?question=who-conducted",
    "/figures",
    "/ns",
    "/nothing",
)

Show = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(write(tmp_path_factory.mktemp("build"), sample())) as client:
        yield client


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(write(tmp_path_factory.mktemp("hostile"), hostile())) as client:
        yield client


@pytest.fixture
def show(browser: Browser) -> Iterator[Show]:
    """Open an address. At the end: no other host was asked, nothing went wrong, nothing hostile ran."""
    complaints: list[str] = []
    contexts = []

    def show(service: httpx.Client, address: str, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 860}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        base = str(service.base_url)

        def note(response: Response) -> None:
            if not response.url.startswith((base, "data:")):
                complaints.append(response.url)

        page = context.new_page()
        page.on("response", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on(
            "console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None
        )
        page.goto(base.rstrip("/") + address)
        return page

    yield show
    for context in contexts:
        context.close()
    assert not complaints


# ---------------------------------------------------------------- finding and reading


def test_search_as_one_types(show: Show, service: httpx.Client) -> None:
    page = show(service, "/")
    page.get_by_role("searchbox").press_sequentially("市场监管")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("市场监督管理局")


def test_search_without_script(browser: Browser, service: httpx.Client) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(str(service.base_url))
    page.get_by_role("searchbox").fill("红塔区市场监管局")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="红塔区市场监督管理局").click()
    page.locator("summary", has_text="出处").first.click()
    expect(page.locator("blockquote mark").first).to_be_visible()
    context.close()


def test_from_a_fact_to_its_place_and_back(show: Show, service: httpx.Client) -> None:
    page = show(service, UNIT)
    page.locator("section", has_text="升降").locator("summary").first.click()
    page.locator("figure:visible").get_by_role("link", name="在文件中查看").first.click()
    expect(page.locator("li:target")).to_contain_text("立案")
    expect(page.locator(".said.lit").first).to_have_text("立案35起，同比下降8.5%")
    page.locator(".said", has_text="出台《诚信经营二十条》").click()
    expect(page.locator("li:target")).to_contain_text("诚信经营二十条")
    page.locator("li:target").get_by_role("link", name="回到原文").click()
    expect(page.locator(".said:target")).to_have_text("出台《诚信经营二十条》")


def test_a_fact_lights_its_words(show: Show, service: httpx.Client) -> None:
    page = show(service, "/document/市场%2F通报.txt")
    page.locator("[data-fact]", has_text="检查商户").hover()
    expect(page.locator(".said.lit")).to_have_text(["检查商户1.2万余户"])


def test_to_the_network_page(show: Show, service: httpx.Client) -> None:
    page = show(service, UNIT)
    page.get_by_role("link", name="在图谱中查看").click()
    expect(page.locator("#panel h2")).to_have_text("红塔区市场监督管理局")


def test_language(show: Show, service: httpx.Client) -> None:
    page = show(service, UNIT)
    page.get_by_role("link", name="English").click()
    expect(page.locator(".thing .class")).to_have_text("Unit")
    page.get_by_role("link", name="Figures", exact=True).first.click()
    expect(page.locator("h1")).to_contain_text("Figures")


# ---------------------------------------------------------------- asking


def test_a_question_with_names_offered(show: Show, service: httpx.Client) -> None:
    page = show(service, "/query?question=metrics-of-campaign")
    page.get_by_label("行动名称").press_sequentially("清风")
    page.get_by_role("option", name="“清风3号”专项行动").click()
    page.get_by_role("button", name="运行").first.click()
    expect(page.locator(".rows tbody tr")).to_have_count(1)
    expect(page.locator(".rows tbody tr")).to_contain_text("检查商户")
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    assert "检查商户" in Path(saved.value.path()).read_text(encoding="utf-8-sig")


def test_the_editor_offers_terms_and_runs(show: Show, service: httpx.Client) -> None:
    page = show(service, "/query")
    editor = page.get_by_label("SPARQL 查询")
    editor.fill("SELECT DISTINCT ?unit { ?unit ")
    editor.press_sequentially("kg:cond")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(editor).to_have_value("SELECT DISTINCT ?unit { ?unit kg:conducted")
    editor.press_sequentially(" ?x }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".rows tbody tr")).to_have_count(2)
    page.locator(".rows").get_by_role("link", name="unit:红塔区市场监督管理局").click()
    expect(page.locator("h1")).to_have_text("红塔区市场监督管理局")


def test_figures_with_quotes(show: Show, service: httpx.Client) -> None:
    page = show(service, "/figures")
    page.get_by_label("列").select_option("of")
    page.get_by_role("button", name="查看").click()
    page.locator("summary", has_text="12,000余").first.click()
    expect(page.locator("blockquote:visible")).to_have_text("检查商户1.2万余户")


# ---------------------------------------------------------------- looks, for everybody


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_wider_than_the_screen(show: Show, service: httpx.Client, address: str, width: int) -> None:
    page = show(service, address, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_accessibility(show: Show, service: httpx.Client, address: str, scheme: str) -> None:
    page = show(service, address, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert not serious


def test_keyboard_reaches_the_content_first(show: Show, service: httpx.Client) -> None:
    page = show(service, UNIT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# ---------------------------------------------------------------- hostile text

ADDRESSES = [
    "/",
    "/figures",
    "/figures?rows=of&columns=counter",
    "/query?question=evidence-of",
    "/query?query=" + quote("CONSTRUCT { ?a kg:conducted ?b } { ?a kg:conducted ?b }"),
    *(f"/unit/单位{number}" for number in range(len(HOSTILE))),
    *(f"/document/{quote(f'{text}/{number}.txt', safe='')}" for number, text in enumerate(HOSTILE)),
    *(f"/search?q={quote(text)}" for text in HOSTILE),
    *(f"/query?query={quote(text)}" for text in HOSTILE),
    *(f"/nothing/{quote(text, safe='')}" for text in HOSTILE),
]


def test_nothing_hostile_runs(show: Show, attacked: httpx.Client) -> None:
    page = show(attacked, "/")
    for address in ADDRESSES:
        page.goto(str(attacked.base_url).rstrip("/") + address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.goto(str(attacked.base_url))
    for text in HOSTILE:
        page.get_by_role("searchbox").fill(text)
        expect(page.get_by_role("option").first).to_be_visible()


def test_an_answer_in_xml_runs_nothing(browser: Browser, attacked: httpx.Client) -> None:
    ran: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    context.route("**/*", lambda route: route.continue_(headers=route.request.headers | {"accept": "application/xml"}))
    query = 'CONSTRUCT { <x:a> <http://www.w3.org/1999/xhtml#script> "alert(1)" } {}'
    page.goto(f"{attacked.base_url}sparql?query={quote(query)}")
    page.wait_for_timeout(300)
    assert "alert(1)" in page.content()
    assert not ran
    context.close()
