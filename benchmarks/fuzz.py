"""Coverage-guided fuzzing of reader, rules and exports: `python benchmarks/fuzz.py TARGET FOLDER [libFuzzer options]`.

Needs atheris, which is no part of the extras. TARGET is `reader` (a file of any format, all the way to triples), `text` (a page of
text) or `exports` (names and sentences, into every format). FOLDER keeps the inputs that reached something new. What ends in anything
but facts or one clear reason stops the run, with the input in a file `crash-…`.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kg"]):
    from kg import export, exports_tables, extract, formats, graph, ledger, private, read, review, review_decisions
    from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Span, Statement
    from kg.store import with_default
    from kg.vocab import entity_key

import pyoxigraph as ox

SUFFIXES = (".txt", ".html", ".md", ".pdf", ".docx", ".epub")


def told(page: read.Page) -> None:
    """Everything that a build does with a page; every span must hold its quote."""
    covered = private.cover(page)
    assert len(covered.document.text) == len(page.document.text)
    notes = extract.read_page(covered)
    text = covered.document.text
    for found in notes.evidence.values():
        for evidence in found.values():
            assert evidence.quote == text[evidence.span.start : evidence.span.end] != ""
    again = ledger.unpack(ledger.pack(notes), page.document.name)
    assert again.document == notes.document
    content = extract.merge([again])
    ox.Store().bulk_extend(with_default(graph.quads(content)))
    review.findings(content)


def reader(data: bytes) -> None:
    name = f"a{SUFFIXES[data[0] % len(SUFFIXES)]}" if data else "a.txt"
    try:
        page = formats.load(data[1:], name)
    except ValueError as error:
        assert str(error).strip()
        return
    told(page)


def text(data: bytes) -> None:
    try:
        page = read.read(data, "a.txt")
    except ValueError:
        return
    told(page)


def exports(data: bytes) -> None:
    given = atheris.FuzzedDataProvider(data)
    name, names, sentence, measure = (given.ConsumeUnicode(given.ConsumeIntInRange(0, 60)) for _ in range(4))
    value = given.ConsumeRegularFloat()
    said = sentence or "局"
    span = Span(0, len(said))
    evidence = Evidence(name, span, said, measure or "rule", 0.5, span)
    unit = Entity(entity_key(Kind.UNIT, name), Kind.UNIT, name or "局", (names,))
    quantity = Quantity(value, names, measure=measure, as_stated=sentence, period=name)
    metric = Entity(entity_key(Kind.METRIC, measure), Kind.METRIC, measure or "数", quantity=quantity)
    document = Document(name, said, "0" * 64, title=names, date=measure)
    content = Extraction((document,), (unit, metric), (Statement(unit.key, "has_metric", metric.key, (evidence,)),))
    try:
        triples = list(with_default(graph.quads(content)))
    except ValueError:
        return
    store = ox.Store()
    store.bulk_extend(triples)
    assert len(list(ox.parse(graph.turtle(triples), format=ox.RdfFormat.TURTLE))) == len({q.triple for q in triples})
    for form in (*export.FORMATS, "graphml", "gexf"):
        export.write(store, form, io.BytesIO())
    held = graph.records(store)
    with tempfile.TemporaryDirectory() as folder:
        exports_tables.csv_files(held, Path(folder))
        exports_tables.neo4j_files(held, Path(folder))
    decision = {"do": "add", "by": name, "document": name, "fact": [names, "part_of", sentence], "quote": said}
    with suppress(ValueError):
        review_decisions.parse([decision])


TARGETS = {"reader": reader, "text": text, "exports": exports}


def main() -> None:
    target, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
