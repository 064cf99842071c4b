"""The derived part of `kg/shapes.ttl`: what the ontology promises of every relation and property (`python -m kg.shapes`).

The part above it is written by hand. Each derived shape is one condition over the whole graph: its value is what breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg import vocab
from kg.relations import Relation
from kg.vocab import Property

FILE = Path(__file__).with_name("shapes.ttl")
MARK = "# Derived from the records of kg/vocab.py and kg/relations: `python -m kg.shapes` writes what follows.\n"
VALUES = {
    "xsd:decimal": ("一个十进制数", "a decimal number"),
    "xsd:integer": ("一个整数", "an integer"),
    "xsd:boolean": ("真或假", "true or false"),
    "xsd:string": ("文字", "text"),
}


def whole(written: str) -> str:
    """The file, its derived part made anew."""
    return written.partition(MARK)[0] + MARK + "".join(_derived())


def _derived() -> Iterator[str]:
    for relation in vocab.RELATIONS:
        yield _relation(relation)
    for term in vocab.PROPERTIES:
        yield _property(term)


def _relation(relation: Relation) -> str:
    zh, en = ({kind.name: getattr(kind, language) for kind in vocab.CLASSES} for language in ("zh", "en"))
    pairs = "、".join(f"从{zh[subject]}到{zh[target]}" for subject, target in relation.ends)
    english = " or ".join(f"from {en[subject]} to {en[target]}" for subject, target in relation.ends)
    told = "".join(
        f"FILTER NOT EXISTS {{ ?value a kg:{subject} . ?o a kg:{target} }}\n                "
        for subject, target in relation.ends
    )
    return _shape(
        relation.name, f"“{relation.zh}”只能{pairs}。", f"“{relation.en}” leads {english} only.",
        f"?value kg:{relation.name} ?o .\n                {told}".rstrip(),
    )  # fmt: skip


def _property(term: Property) -> str:
    classes = {f"kg:{known.name}": known for known in vocab.CLASSES}
    domain = [classes[name] for name in term.domain]
    on = "、".join(known.zh for known in domain), " or ".join(known.en for known in domain)
    if term.range == "xsd:string":
        fits = 'isLiteral(?o) && (DATATYPE(?o) = xsd:string || LANG(?o) = "zh")'
    elif term.range.startswith("xsd:"):
        fits = f"isLiteral(?o) && DATATYPE(?o) = {term.range}"
    else:
        fits = f"EXISTS {{ ?o a {term.range} }}"
    if term.range in VALUES:
        zh, en = VALUES[term.range]
    else:
        zh, en = f"一个{classes[term.range].zh}", f"a {classes[term.range].en} node"
    on_one = " || ".join(f"EXISTS {{ ?value a {name} }}" for name in term.domain)
    return _shape(
        term.name, f"“{term.zh}”应在{on[0]}上，取值为{zh}。", f"“{term.en}” belongs to {on[1]} and is {en}.",
        f"?value kg:{term.name} ?o .\n                FILTER(!(({on_one}) && ({fits})))",
    )  # fmt: skip


def _shape(name: str, zh: str, en: str, where: str) -> str:
    return f'''
kg:{name}Shape a sh:NodeShape ;
    sh:targetNode kg:{name} ;
    sh:sparql [
        sh:message "{zh}"@zh , "{en}"@en ;
        sh:select """
            PREFIX kg: <{vocab.KG}>
            PREFIX xsd: <{vocab.XSD}>
            SELECT DISTINCT $this ?value WHERE {{
                {where}
            }}"""
    ] .
'''


if __name__ == "__main__":
    FILE.write_text(whole(FILE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
