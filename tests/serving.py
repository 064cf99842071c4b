"""A service for tests: `kg serve` as a process of its own on a free loopback port, and records to serve."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from samples import extraction

from kg import pipeline
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement

PREFIXES = "PREFIX kg: <https://w3id.org/tongbao/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "javascript:alert(3)",
    '=HYPERLINK("http://example.org","x")',
    "甲\u202e乙\u2066丙",
    '"><svg onload=alert(4)>',
    "{{ 7 * 7 }}",
)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[httpx.Client]:
    """A client of a service on the build in a folder."""
    command = [sys.executable, "-m", "kg", "serve", "--graph", str(folder), "--port", "0", *options]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        address = process.stdout.readline().removeprefix("kg serve: ").strip()
        with httpx.Client(base_url=address, timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait(20)


def write(folder: Path, content: Extraction) -> Path:
    """The build of some records in a folder."""
    pipeline.write(content, folder)
    return folder


def sample() -> Extraction:
    """The small corpus of `samples`."""
    return extraction()


def hostile() -> Extraction:
    """Records in which every name, text and value is an attack."""
    documents, entities, statements = [], [], []
    for number, text in enumerate(HOSTILE):
        page = f"{text}开展{text}行动。{text}立案5起。"
        name = f"{text}/{number}.txt"
        documents.append(Document(name, page, "0" * 64, text, "2025-01-02", text, text, text))
        unit = Entity(f"unit/单位{number}", Kind.UNIT, text, (f"{text}局",))
        campaign = Entity(f"campaign/行动{number}", Kind.CAMPAIGN, f"{text}行动")
        figure = Quantity(5, text, "exact", text, text, -3.5, text)
        metric = Entity(f"metric/数据{number}", Kind.METRIC, f"{text}立案", quantity=figure)
        person = Entity(f"person/人{number}", Kind.PERSON, text)
        entities += [unit, campaign, metric, person]
        whole = Span(0, len(page))
        found = Evidence(name, Span(0, len(text) + 2), page[: len(text) + 2], text, 0.9, whole)
        statements += [
            Statement(unit.key, "conducted", campaign.key, (found,)),
            Statement(campaign.key, "has_metric", metric.key, (found,)),
            Statement(person.key, "holds_role_at", unit.key, (found,), text),
        ]
    return Extraction(tuple(documents), tuple(entities), tuple(statements))


def many(size: int) -> Extraction:
    """A corpus of so many units in one region, each with its evidence."""
    text = "玉溪市公安局。"
    document = Document("many.txt", text, "0" * 64)
    region = Entity("region/玉溪市", Kind.REGION, "玉溪市", code="530400")
    units = [Entity(f"unit/第{number}派出所", Kind.UNIT, f"第{number}派出所") for number in range(size)]
    found = Evidence("many.txt", Span(0, 3), "玉溪市", "rule", 0.9, Span(0, len(text)))
    stated = [Statement(unit.key, "located_in", region.key, (found,)) for unit in units]
    return Extraction((document,), (*units, region), tuple(stated))


def without_names(content: Extraction) -> Extraction:
    """The same records with only the preferred names."""
    return replace(content, entities=tuple(replace(entity, names=()) for entity in content.entities))
