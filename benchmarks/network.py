"""How the network page opens and moves in Chromium, next to the page that plain pyvis writes for the same graph.

    python -m benchmarks.network [NODES …] [--patience 60] [--chromium /usr/bin/chromium]

The graph is invented: so many nodes, about twice as many facts, regions of China with their units, campaigns, posts and
figures, each fact with its quote. Both pages are opened from a file, with the network off, in a window of 1400 by 900.

- build: seconds to write the page; for pyvis `add_node`, `add_edge` and `generate_html`, as its manual has it.
- picture: seconds from the start of loading until the canvas shows the network; "none" if it does not in PATIENCE.
- frames: how many a second while a hand drags the picture for two seconds.
- step: the longest of what a reader does next: open a level, filter by a date, search, find a path.

Plain pyvis is left out above 20,000 nodes: its `add_node` looks through all nodes, so that 200,000 take hours.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from kg import view
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement
from kg.regions import divisions

SIZES = (1_500, 20_000, 200_000)
PYVIS_LIMIT = 20_000
LINES = 10  # in a document
DRAG = 2.0  # seconds
# Says when the canvas is no longer empty: not before that does a reader see anything of the network.
WATCH = """
(() => {
  const look = () => {
    const canvas = document.querySelector(".vis-network canvas");
    if (canvas?.width) {
      const copy = Object.assign(document.createElement("canvas"), {width: 200, height: 150});
      const ctx = copy.getContext("2d", {willReadFrequently: true});
      ctx.drawImage(canvas, 0, 0, 200, 150);
      const drawn = ctx.getImageData(0, 0, 200, 150).data.filter((value, at) => at % 4 === 3 && value > 40).length;
      if (drawn > 50) return requestAnimationFrame(() => console.info(`first picture ${performance.now()}`));
    }
    return requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
# Seconds for each thing that a reader does next, on our page.
STEPS = """
() => {
  const units = page.graph.list.filter((node) => node.kind === "Unit" && !node.isGroup);
  const largest = () => [...page.view.marks.values()].reduce((a, b) => (b.counts?.total > (a.counts?.total ?? 0) ? b : a));
  const steps = [
    () => largest().counts && page.open(largest().node),
    () => largest().counts && page.open(largest().node),
    () => page.search.find("警局", 12),
    () => page.findPath(units[0].id, units.at(-1).id),
    () => page.change((state) => (state.since = "2025-06-01")),
  ];
  return steps.map((step) => {
    const started = performance.now();
    step();
    return (performance.now() - started) / 1000;
  });
}
"""
COUNT_FRAMES = """
() => {
  window.frames_ = 0;
  const count = () => { window.frames_ += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}
"""


@dataclass(frozen=True)
class Measured:
    """Seconds to build, MB of the file, seconds to the first picture, frames a second (None: no picture).

    `step` is the longest of the seconds that the next steps take (None: the page has none).
    """

    build: float
    size: float
    picture: float | None
    frames: float | None
    step: float | None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="The network page in Chromium, next to that of plain pyvis.")
    parser.add_argument("nodes", nargs="*", type=int, metavar="NODES", help=f"sizes (default: {SIZES})")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a picture (default: 60)")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser (default: /usr/bin/chromium)")
    arguments = parser.parse_args()
    print("| nodes | facts | page | build, s | file, MB | first picture, s | frames a second | longest step, s |")
    print("|---|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temporary:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in arguments.nodes or SIZES:
            content = invented(size)
            pages: dict[str, Callable[[Extraction], str]] = {"tongbao": ours}
            if size <= PYVIS_LIMIT:
                pages["pyvis"] = plain
            for name, write in pages.items():
                path = Path(temporary, f"{name}.html")
                one = measure(browser, partial(write, content), path, arguments.patience, name == "tongbao")
                counts = f"{len(content.entities):,} | {len(content.statements):,}"
                picture = f"none in {arguments.patience:.0f}" if one.picture is None else f"{one.picture:.1f}"
                frames = "–" if one.frames is None else f"{one.frames:.0f}"
                step = "–" if one.step is None else f"{one.step:.2f}"
                cells = (counts, name, f"{one.build:.1f}", f"{one.size:.1f}", picture, frames, step)
                print("|", " | ".join(cells), "|", flush=True)
        browser.close()


def ours(content: Extraction) -> str:
    """The page of this project."""
    return view.render(content.documents, content.entities, content.statements)


def plain(content: Extraction) -> str:
    """The page of pyvis as it comes, its library inside so that it opens without a network."""
    from pyvis.network import Network  # type: ignore[import-untyped]  # loads IPython

    network = Network(directed=True, cdn_resources="in_line")
    for entity in content.entities:
        network.add_node(entity.key, label=entity.name, group=entity.kind.value, title=entity.name)
    for statement in content.statements:
        network.add_edge(statement.subject, statement.object, title=statement.predicate)
    return str(network.generate_html())


def measure(browser: Browser, write: Callable[[], str], path: Path, patience: float, is_ours: bool) -> Measured:
    """Write a page to `path`, open it, drag its picture about, and go on where it is ours."""
    started = time.perf_counter()
    path.write_text(write(), encoding="utf-8")
    build = time.perf_counter() - started
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    picture: float | None = None
    frames: float | None = None
    step: float | None = None
    try:
        with page.expect_console_message(
            lambda message: message.text.startswith("first picture"), timeout=1000 * patience
        ) as message:
            page.goto(path.as_uri(), wait_until="commit", timeout=1000 * patience)
        picture = float(message.value.text.split()[-1]) / 1000
        frames = _frames_while_dragged(page)
        step = max(page.evaluate(STEPS)) if is_ours else None
    except TimeoutError:  # no picture in time
        pass
    context.close()
    return Measured(build, path.stat().st_size / 1e6, picture, frames, step)


def _frames_while_dragged(page: Page) -> float:
    page.mouse.move(700, 500)
    page.mouse.down()
    page.evaluate(COUNT_FRAMES)
    started, step = time.perf_counter(), 0
    while time.perf_counter() - started < DRAG:
        step += 1
        page.mouse.move(700 + step % 100, 500 + step % 70)
    frames = float(page.evaluate("window.frames_")) / (time.perf_counter() - started)
    page.mouse.up()
    return frames


# ---------------------------------------------------------------- an invented graph


def invented(nodes: int) -> Extraction:
    """About so many entities and twice as many facts: a twentieth regions (3,000 at most), the rest with units in the majority."""
    regions = sorted(divisions().by_code.values(), key=lambda region: region.code)
    regions = [region for region in regions if len(region.code) <= 6][: min(nodes // 20, 3000)]
    places = [Entity(f"region/{region.code}", Kind.REGION, region.name, code=region.gb_code) for region in regions]
    groups = (nodes - len(places)) // 5
    keys = {region.code: place.key for region, place in zip(regions, places, strict=True)}
    entities = [*places]
    facts = [
        (keys[region.code], "located_in", keys[region.code[:-2]]) for region in regions if region.code[:-2] in keys
    ]
    for number in range(groups):
        place = places[number * 7 % len(places)].key
        near, far = f"unit/{(number + 1) % groups}", f"unit/{number * 31 % groups}"
        unit, campaign, person = f"unit/{number}", f"campaign/{number}", f"person/{number}"
        entities += [
            Entity(unit, Kind.UNIT, f"{places[number * 7 % len(places)].name}第{number}公安局", (f"{number}警局",)),
            Entity(campaign, Kind.CAMPAIGN, f"“护航{number}”专项行动"),
            Entity(person, Kind.PERSON, f"郑{number}"),
        ]
        facts += [
            (unit, "located_in", place),
            (unit, "conducted", campaign),
            (unit, "cooperated_with", near),
            (unit, "cooperated_with", far),
            (unit, "part_of", f"unit/{number // 8}"),
            (near, "conducted", campaign),
            (person, "holds_role_at", unit),
            (person, "holds_role_at", far),
        ]
        for measure, counter, value in (("查处酒驾", "起", number % 900), ("检查商户", "户", number % 70)):
            metric = f"metric/{measure}{number}"
            quantity = Quantity(value, counter, "exact", f"{value}{counter}", measure, number % 50 - 20.5)
            entities.append(Entity(metric, Kind.METRIC, f"{measure}{value}{counter}", quantity=quantity))
            facts.append((campaign, "has_metric", metric))
    facts = [fact for fact in facts if fact[0] != fact[2]]
    documents, statements = [], []
    for number, (subject, relation, target) in enumerate(facts):
        name, line = f"{number // 10 // LINES}.txt", number // 10 % LINES
        if number % (10 * LINES) == 0:
            documents.append(_document(name, number // 10))
        sentence = _sentence(number // 10)
        start = sum(len(_sentence(number // 10 - back)) for back in range(1, line + 1))
        span = Span(start + number % 4, start + number % 4 + 12)
        quote = sentence[number % 4 : number % 4 + 12]
        whole = Span(start, start + len(sentence))
        found = Evidence(name, span, quote, f"{relation}.verb", 0.7 + number % 3 / 10, whole)
        statements.append(Statement(subject, relation, target, (found,)))
    return Extraction(tuple(documents), tuple(entities), tuple(statements))


def _document(name: str, first: int) -> Document:
    text = "".join(_sentence(first + line) for line in range(LINES))
    date = f"2025-{first % 12 + 1:02}-{first % 28 + 1:02}"
    return Document(name, text, hashlib.sha256(text.encode()).hexdigest(), "北疆日报", date, "04")


def _sentence(number: int) -> str:
    return f"第{number}公安局局长郑{number}介绍，全局开展“护航{number}”专项行动，查处酒驾{number % 900}起，检查商户{number % 70}户。"


if __name__ == "__main__":
    main()
