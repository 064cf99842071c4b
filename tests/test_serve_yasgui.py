"""A YASGUI page of another site asks `kg serve` and shows the rows. TONGBAO_YASGUI names the folder with YASGUI's build."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from serving import PREFIXES, sample, serving, write

CHROMIUM = Path("/usr/bin/chromium")
YASGUI = Path(os.environ.get("TONGBAO_YASGUI", "none"))
NAMES = PREFIXES + "SELECT ?unit ?name { ?unit a kg:Unit ; skos:prefLabel ?name } ORDER BY ?name"
FACTS = PREFIXES + "CONSTRUCT { ?unit kg:conducted ?campaign } { ?unit kg:conducted ?campaign }"
PAGE = """<!doctype html><meta charset="utf-8">
<link rel="stylesheet" href="yasgui.min.css">
<div id="yasgui"></div>
<script src="yasgui.min.js"></script>
<script>
const yasgui = new Yasgui(document.getElementById("yasgui"), {requestConfig: {endpoint: "ENDPOINT"}});
</script>
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with YASGUI, and the address of the site that shows it."""
    if not (CHROMIUM.exists() and (YASGUI / "yasgui.min.js").exists()):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no browser, or no YASGUI in TONGBAO_YASGUI")
    folder = tmp_path_factory.mktemp("site")
    for name in ("yasgui.min.js", "yasgui.min.css"):
        (folder / name).symlink_to(YASGUI.resolve() / name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def service(site: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    _, origin = site
    with serving(write(tmp_path_factory.mktemp("build"), sample()), "--cors", origin) as client:
        yield client


@pytest.fixture(scope="module")
def yasgui(site: tuple[Path, str], service: httpx.Client) -> Iterator[Page]:
    """The page of YASGUI; it can reach its own site and the service, and nothing else."""
    folder, origin = site
    (folder / "index.html").write_text(PAGE.replace("ENDPOINT", f"{service.base_url}sparql"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route(lambda url: not url.startswith((origin, str(service.base_url))), lambda route: route.abort())
        page.goto(origin)
        yield page
        browser.close()


def run(yasgui: Page, query: str) -> None:
    yasgui.evaluate("query => void yasgui.getTab().setQuery(query)", query)
    yasgui.locator(".yasqe_queryButton:visible").click()


def test_rows(yasgui: Page) -> None:
    run(yasgui, NAMES)
    names = ["元江县公安局", "玉溪市市场监督管理局", "红塔区商务局", "红塔区市场监督管理局"]
    expect(yasgui.locator(".yasr table tbody tr")).to_contain_text(names)


def test_triples(yasgui: Page) -> None:
    run(yasgui, FACTS)
    expect(yasgui.locator(".yasr .CodeMirror, .yasr table").first).to_contain_text("红塔区市场监督管理局")


def test_the_reason_of_a_refusal(yasgui: Page) -> None:
    run(yasgui, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    expect(yasgui.locator(".errorResult")).to_contain_text("SERVICE is refused")
