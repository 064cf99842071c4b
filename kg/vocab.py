"""The vocabulary: every class, relation and property of the graph, with its meaning in Chinese and English.

These records are the one source: the code takes its names from here, and `kg/ontology.ttl` is what `ontology()`
returns (`python -m kg.vocab` writes it). Only the standard library is needed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.model import Kind
from kg.relations import Relation, relations
from kg.terms import BASE as BASE
from kg.terms import KG as KG
from kg.terms import Term as Term

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SCHEMA = "https://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "kg": KG,
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": SCHEMA,
    "skos": SKOS,
    "xsd": XSD,
}
# One prefix for each kind of node, so that Turtle and tables read unit:包头市公安局.
NODE_PREFIXES = {
    name: f"{BASE}{name}/"
    for name in (*(kind.lower() for kind in Kind), "activity", "agent", "document", "evidence", "post", "reviewer")
}

_NOT_NAME = re.compile(r"[\W_]+")


def local_name(name: str) -> str:
    """A name as it stands in an IRI: letters, digits and Chinese characters, every run of others a hyphen.

    Where nothing is left, a digest of the name stands for it. Applying it twice changes nothing.

    >>> local_name("“守护2号” 专项/行动")
    '守护2号-专项-行动'
    """
    kept = _NOT_NAME.sub("-", unicodedata.normalize("NFC", name)).strip("-")
    return kept or hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]


@lru_cache(maxsize=1 << 12)
def entity_key(kind: Kind, name: str) -> str:
    """The identity of an entity from its kind and its (qualified) full name.

    >>> entity_key(Kind.UNIT, "包头市公安局")
    'unit/包头市公安局'
    """
    return f"{kind.lower()}/{local_name(name)}"


def shorten(iri: str) -> str:
    """An IRI with its prefix, as Turtle would write it; in angle brackets where no prefix fits.

    >>> shorten("https://w3id.org/tongbao/unit/包头市公安局")
    'unit:包头市公安局'
    """
    for prefix, namespace in (NODE_PREFIXES | PREFIXES).items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


@dataclass(frozen=True)
class Property(Term):
    """A property of a node; `domain` are classes, `range` is a datatype or a class, all with their prefixes."""

    domain: tuple[str, ...] = ()
    range: str = "xsd:string"


UNIT, CAMPAIGN, REGION, METRIC = Kind.UNIT, Kind.CAMPAIGN, Kind.REGION, Kind.METRIC
PERSON, AWARD, POLICY, FACILITY = Kind.PERSON, Kind.AWARD, Kind.POLICY, Kind.FACILITY

CLASSES = (
    Term(UNIT, "单位", "Unit",
         "有名称、能行事的组织：机关、分局、派出所、法院、学校、公司，也包括“某市公安机关”这样的集合。",
         "A named organisation that acts: a bureau, a station, a court, a school, a company, or a collective of them.",
         ("org:Organization",)),
    Term(CAMPAIGN, "行动", "Campaign",
         "有名称、有期限的专项行动、专项活动、集中整治、教育整顿等。",
         "A named and bounded drive: a special operation, a clean-up, a training or an education campaign.",
         ("schema:Event",)),
    Term(REGION, "地区", "Region",
         "从省到乡镇、街道的行政区划，以及以其命名单位的开发区。",
         "An administrative division from province to township, or a development zone that units are named after.",
         ("schema:AdministrativeArea",)),
    Term(METRIC, "数据", "Metric",
         "报道所给出的一个数量：计量的对象、数值、单位、约数和增减。",
         "One figure that a report gives: what is counted, the value, the unit, how exact it is, its rise or fall.",
         ("schema:Observation",)),
    Term(PERSON, "人物", "Person",
         "在所报道的事实中任职或行事的、有姓名的人。",
         "A named person who holds a post or plays a part in what is reported.",
         ("schema:Person",)),
    Term(AWARD, "荣誉", "Award",
         "授予单位、行动、设施或个人的荣誉称号或奖项。",
         "A title of honour or a prize that is given to a unit, a campaign, a facility or a person.",
         ("prov:Entity",)),
    Term(POLICY, "文件", "Policy",
         "有标题的文件、措施或协议，多以书名号标出。",
         "A document, a set of measures or an agreement with a title, mostly in 《》.",
         ("schema:CreativeWork",)),
    Term(FACILITY, "设施", "Facility",
         "有名称的基地、中心、平台或实验室。",
         "A named base, centre, platform or laboratory.",
         ("schema:Place",)),
    Term("Document", "来源文件", "Document",
         "一份输入文件，通常是报纸的一个版面；它的 IRI 也是它所述事实的命名图。",
         "One input file, mostly a newspaper page; its IRI also names the graph of the facts that it states.",
         ("prov:Entity", "schema:CreativeWork")),
    Term("Evidence", "证据", "Evidence",
         "某一事实在某一文件中的出处：原文、位置、规则和置信度。",
         "Where one document states one fact: the quote, its place, the rule that found it and the confidence.",
         ("rdf:Statement", "prov:Entity")),
    Term("Post", "任职", "Post",
         "某人在某单位担任的职务。",
         "The post that a person holds at a unit.",
         ("org:Membership",)),
)  # fmt: skip

RELATIONS = relations()

METRIC_PROPERTIES = (
    Property("measure", "计量对象", "measure",
             "所计的是什么，用原文的动词和名词。",
             "What is counted, verb and noun as the text has them.",
             ("schema:variableMeasured",), domain=("kg:Metric",)),
    Property("qualifier", "约数", "qualifier",
             "数值的确切程度：exact 确数、more_than 余、at_least 以上、almost 近、about 约。",
             "How exact the value is: exact, more_than, at_least, almost or about.",
             domain=("kg:Metric",)),
    Property("change", "增减（%）", "change",
             "与此前相比的升降百分比，下降为负。",
             "The rise, or the fall as a negative number, in percent.",
             domain=("kg:Metric",), range="xsd:decimal"),
    Property("as_stated", "原文写法", "as stated",
             "数量在原文中的写法，如“6.45万人次”。",
             "The figure as the text writes it.",
             domain=("kg:Metric",)),
    Property("period", "时段", "period",
             "数据所涉及的时段，按原文。",
             "The time that the figure covers, as the text has it.",
             ("schema:observationPeriod",), domain=("kg:Metric",)),
    Property("per", "单位量", "per",
             "数据为每单位量的比率时的单位量：日、月、年、人、户。",
             "What the figure is a rate of, where it is one: a day, a month, a year, a person, a household.",
             domain=("kg:Metric",)),
    Property("cumulative", "累计", "cumulative",
             "原文称累计、共计的数据。",
             "True of a figure that the text calls a running total.",
             domain=("kg:Metric",), range="xsd:boolean"),
    Property("of_which", "其中", "of which",
             "原文以“其中”引出的部分数。",
             "True of a figure that the text gives as a part of the one before it.",
             domain=("kg:Metric",), range="xsd:boolean"),
)  # fmt: skip

REGION_PROPERTIES = (
    Property("code", "区划代码", "code",
             "GB/T 2260 行政区划代码；乡镇、街道为九位统计用区划代码。",
             "The GB/T 2260 code of the division; for a township, the nine digits of the statistical code.",
             ("dcterms:identifier",), domain=("kg:Region",)),
    Property("level", "级别", "level",
             "province 省级、prefecture 地级、county 县级、township 乡级；zone 为非 GB/T 2260 的开发区、管理区。",
             "province, prefecture, county or township; zone for a development zone outside GB/T 2260.",
             domain=("kg:Region",)),
)  # fmt: skip

DOCUMENT_PROPERTIES = (
    Property("sha256", "SHA-256", "SHA-256",
             "文件字节的 SHA-256 摘要。",
             "The SHA-256 digest of the bytes of the file.",
             ("schema:sha256",), domain=("kg:Document",)),
    Property("paper", "报纸", "paper",
             "版头所印的报纸名称。",
             "The newspaper, as the page head prints it.",
             domain=("kg:Document",)),
    Property("page", "版次", "page",
             "版头所印的版次。",
             "The number of the page, as the page head prints it.",
             ("schema:pagination",), domain=("kg:Document",)),
    Property("section", "版名", "section",
             "版头所印的版面名称。",
             "The section of the paper, as the page head prints it.",
             ("schema:articleSection",), domain=("kg:Document",)),
)  # fmt: skip

EVIDENCE_PROPERTIES = (
    Property("document", "文件", "document",
             "证据所在的文件。",
             "The document that states the fact.",
             ("prov:wasDerivedFrom",), domain=("kg:Evidence",), range="kg:Document"),
    Property("start", "起点", "start",
             "引文第一个字符在文件文本（解码后）中的位置，从 0 起。",
             "Where the quote starts in the decoded text of the document, counted in characters from 0.",
             domain=("kg:Evidence",), range="xsd:integer"),
    Property("end", "终点", "end",
             "引文最后一个字符之后的位置。",
             "Where the quote ends: the place after its last character.",
             domain=("kg:Evidence",), range="xsd:integer"),
    Property("quote", "引文", "quote",
             "文件在该位置的原文，一字不改。",
             "The text of the document at that place, unchanged.",
             ("prov:value",), domain=("kg:Evidence",)),
    Property("sentence", "原句", "sentence",
             "引文所在的整句，去掉换行和多余空格，供阅读。",
             "The whole sentence around the quote, without line breaks and stray spaces, for reading.",
             domain=("kg:Evidence",)),
    Property("sentence_start", "原句起点", "sentence start",
             "整句在文件文本中的起点。",
             "Where that sentence starts in the text of the document.",
             domain=("kg:Evidence",), range="xsd:integer"),
    Property("sentence_end", "原句终点", "sentence end",
             "整句在文件文本中的终点。",
             "Where that sentence ends in the text of the document.",
             domain=("kg:Evidence",), range="xsd:integer"),
    Property("rule", "规则", "rule",
             "得出该事实的规则名称。",
             "The name of the rule that stated the fact.",
             domain=("kg:Evidence",)),
    Property("confidence", "置信度", "confidence",
             "0 到 1 之间，越大越可信。",
             "From 0 to 1, the larger the surer.",
             domain=("kg:Evidence",), range="xsd:decimal"),
    Property("title", "职务", "title",
             "职务名称，如“局长”。",
             "The title of the post.",
             ("schema:roleName",), domain=("kg:Evidence", "kg:Post")),
)  # fmt: skip

PROPERTIES = (*METRIC_PROPERTIES, *REGION_PROPERTIES, *DOCUMENT_PROPERTIES, *EVIDENCE_PROPERTIES)


def ontology() -> str:
    """The ontology as Turtle, each term with label and comment in Chinese and English."""
    blocks = [
        "\n".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items()),
        _block(
            f"<{KG.removesuffix('#')}>",
            ["a owl:Ontology", 'dcterms:title "通报知识图谱本体"@zh , "The tongbao ontology"@en'],
        ),
    ]
    blocks += (_block(f"kg:{term.name}", _describe(term)) for term in (*CLASSES, *RELATIONS, *PROPERTIES))
    return "\n\n".join(blocks) + "\n"


def _block(subject: str, lines: Iterable[str]) -> str:
    return f"{subject} " + " ;\n    ".join(lines) + " ."


def _describe(term: Term) -> Iterator[str]:
    above = "rdfs:subPropertyOf"
    if isinstance(term, Relation):
        yield "a owl:ObjectProperty"
        yield from _ends("domain", [f"kg:{subject}" for subject, _ in term.ends])
        yield from _ends("range", [f"kg:{target}" for _, target in term.ends])
    elif isinstance(term, Property):
        yield "a owl:DatatypeProperty" if term.range.startswith("xsd:") else "a owl:ObjectProperty"
        yield from _ends("domain", term.domain)
        yield from _ends("range", [term.range])
    else:
        yield "a owl:Class"
        above = "rdfs:subClassOf"
    if term.broader:
        yield f"{above} {' , '.join(term.broader)}"
    yield f'rdfs:label "{term.zh}"@zh , "{term.en}"@en'
    yield f'rdfs:comment "{term.comment_zh}"@zh , "{term.comment_en}"@en'
    yield f"rdfs:isDefinedBy <{KG.removesuffix('#')}>"


def _ends(side: str, classes: Iterable[str]) -> Iterator[str]:
    """One class is the domain (range); of several, each is allowed, which RDFS has no word for and schema.org has."""
    several = list(dict.fromkeys(classes))
    if len(several) == 1:
        yield f"rdfs:{side} {several[0]}"
    else:
        yield f"schema:{side}Includes {' , '.join(several)}"


if __name__ == "__main__":
    Path(__file__).with_name("ontology.ttl").write_text(ontology(), encoding="utf-8")
