"""Pages → what they say: documents, entities and statements, with the evidence under each.

For each document: mentions, then what they resolve to, then facts. For all: equal entities become one, their evidence is kept together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg import facts
from kg.mentions import Named, awards, campaigns, facilities, people, policies, quantities, times, units
from kg.model import Document, Entity, Evidence, Extraction, Kind, Quantity, Statement
from kg.read import ITEM, NUMBERED, Article, Page, Sentence
from kg.regions import Region, divisions
from kg.relations import PLACEHOLDER, relations
from kg.resolve import Body, Drive, Drives, Resolver, full_own, own_regions, place

LIST_LINE = re.compile(r"^[^，。；]{2,20}[0-9][0-9.,]*[万亿]?余?[\u4e00-\u9fff%]{1,3}$")
FINDERS = (people.find, policies.find, awards.find, facilities.find)
NAMED_LETTERS = {Kind.PERSON: "P", Kind.POLICY: "D", Kind.AWARD: "A", Kind.FACILITY: "F"}
NAMED = re.compile(r"“[^“”，。！？；]{1,30}”|《[^《》]*(?:〈[^〈〉]*〉[^《》]*)*》")
SHORT_QUOTE = re.compile(r"“[^“”，。！？；：]{1,30}”")
TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")


def key(kind: Kind, name: str) -> str:
    """The identity of an entity: its kind and a readable form of its full name, letters and digits only."""
    plain = "".join(c if c.isalnum() else "-" for c in unicodedata.normalize("NFC", name))
    return f"{kind.value.lower()}/{re.sub('-+', '-', plain).strip('-')}"


@dataclass
class Read:
    """One sentence with its mentions and what they resolve to."""

    sentence: Sentence
    units: list[units.Unit]
    bodies: list[Body | None]
    drives_found: list[campaigns.Campaign]
    drives: list[Drive | None]
    figures: list[quantities.Figure]
    others: list[Named] = field(default_factory=list)
    year: str = ""
    left: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Trace:
    """What was made of one sentence, for those who ask why."""

    article: int
    read: Read
    masked: facts.Masked
    speaking: list[facts.Item]
    stated: list[tuple[str, str, str, str, float]]


@dataclass
class Notes:
    """What one document says, before it is merged with others."""

    document: Document
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    entities: dict[str, Entity] = field(default_factory=dict)
    evidence: dict[tuple[str, str, str, str], list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    dates: dict[str, tuple[str, str]] = field(default_factory=dict)
    stated: list[tuple[str, str, str, str, float]] = field(default_factory=list)

    def entity(self, entity: Entity, *names: str) -> str:
        known = self.entities.get(entity.key)
        if known is None or (len(entity.name), entity.name) > (len(known.name), known.name):
            self.entities[entity.key] = entity
        self.names[entity.key].update(n for n in (*names, entity.name) if n)
        return entity.key

    def state(self, subject: str, predicate: str, object_: str, sentence: Sentence, start: int, end: int, rule: str, confidence: float, detail: str = "") -> None:
        self.stated.append((subject, predicate, object_, rule, confidence))
        span = sentence.span(start, end)
        quote = self.document.text[span.start : span.end]
        evidence = Evidence(self.document.name, span, quote, rule, confidence, sentence.whole)
        held = self.evidence[subject, predicate, object_, detail]
        if all(e.span != span for e in held):
            held.append(evidence)


def extract(pages: Iterable[Page]) -> Extraction:
    """Read all pages; the result does not depend on their order."""
    return merge([read_page(page) for page in pages])


def merge(notes: Iterable[Notes]) -> Extraction:
    """Equal entities of all documents become one; no evidence is dropped."""
    documents: dict[str, Document] = {}
    entities: dict[str, Entity] = {}
    names: dict[str, set[str]] = defaultdict(set)
    evidence: dict[tuple[str, str, str, str], list[Evidence]] = defaultdict(list)
    dates: dict[str, tuple[str, str]] = {}
    for note in notes:
        for k, (start, end) in note.dates.items():
            known_start, known_end = dates.get(k, ("", ""))
            dates[k] = (min(filter(None, (start, known_start)), default=""), max(end, known_end))
        documents[note.document.name] = note.document
        for entity in note.entities.values():
            known = entities.get(entity.key)
            if known is None or (len(entity.name), entity.name) > (len(known.name), known.name):
                entities[entity.key] = entity
        for k, found in note.names.items():
            names[k] |= found
        for fact, found_evidence in note.evidence.items():
            evidence[fact] += found_evidence
    return Extraction(
        tuple(documents[name] for name in sorted(documents)),
        tuple(
            Entity(e.key, e.kind, e.name, tuple(sorted(names[k] - {e.name})), e.code, e.quantity, *dates.get(k, ("", "")))
            for k, e in sorted(entities.items())
        ),
        tuple(
            Statement(s, p, o, tuple(sorted(found, key=lambda e: (e.document, e.span, e.rule))), detail)
            for (s, p, o, detail), found in sorted(evidence.items())
        ),
    )


# ---------------------------------------------------------------- one page


def read_page(page: Page, trace: list[Trace] | None = None) -> Notes:
    """Everything that one page says; `trace` receives how each sentence was read."""
    notes = Notes(page.document)
    found = [[(s, _units(s)) for s in article.sentences] for article in page.articles]
    resolver = Resolver(r for article in found for _, (us, _) in article for r in own_regions(us))
    owners, first = [], Drives()
    for article, sentences in zip(page.articles, found, strict=True):  # a first look: who is named in full, whom each article is about
        _resolve_article(article, sentences, resolver, first, None, page.document.date)
        owners.append(next((b for b in resolver.subjects if b.sort == "body" or b.head.endswith(("分局", "支队", "大队"))), None))
    resolver.look_again()
    drives = Drives(d.core for d in first.by_core.values())
    for number, (article, sentences, owner) in enumerate(zip(page.articles, found, owners, strict=True)):
        reads = _resolve_article(article, sentences, resolver, drives, owner, page.document.date)
        for step in _state_article(notes, reads, drives):
            if trace is not None:
                step.article = number
                trace.append(step)
    return notes


def _units(sentence: Sentence) -> tuple[list[units.Unit], list[units.Unit]]:
    if sentence.kind == "byline":
        return [], []
    closed = [m.span() for m in NAMED.finditer(sentence.text)]
    found = units.find(sentence.text)
    inside = {i for i, u in enumerate(found) if any(a <= u.start and u.end <= b for a, b in closed)}
    kept = [u for i, u in enumerate(found) if i not in inside]
    index = {i: n for n, i in enumerate(i for i in range(len(found)) if i not in inside)}
    renumbered = [
        u if u.name.parent is None else units.Unit(u.start, u.end, u.text, units.replace_parent(u.name, index.get(u.name.parent))) for u in kept
    ]
    placed = units.places(sentence.text, renumbered) if sentence.kind == "body" else []
    placed = [u for u in placed if not any(a <= u.start and u.end <= b for a, b in closed)]
    return renumbered, [*units.elided(sentence.text, renumbered), *placed]


def _resolve_article(article: Article, sentences: list[tuple[Sentence, tuple[list[units.Unit], list[units.Unit]]]], resolver: Resolver, drives: Drives, owner: Body | None, date: str) -> list[Read]:
    ahead = [r for _, (us, _) in sentences for r in own_regions(us)]
    dateline = place(article.dateline, [*resolver.document, *ahead]) if article.dateline else None
    resolver.start_article(dateline, ahead, owner)
    drives.start_article()
    reads: list[Read] = []
    begun = False
    year = date[:4]
    for sentence, (us, extra) in sentences:
        blocked = [(u.start, u.end) for u in us if u.name.sort != "all"]
        found_drives = campaigns.find(sentence.text, blocked) if sentence.kind != "byline" else []
        us = [u for u in us if not any(c.start <= u.start and u.end <= c.end and not c.pointer for c in found_drives)] if all(u.name.parent is None for u in us) else us
        bodies = resolver.resolve(sentence.text, us, extra)
        every = [*us, *extra]
        masked = [m.span() for m in NAMED.finditer(sentence.text)]
        names = [(u.start, u.end) for u in every] + [(c.start, c.end) for c in found_drives]
        lists = sentence.kind == "body" or begun and LIST_LINE.search(sentence.text)
        begun = begun or sentence.kind == "body"
        year = times.year_in(sentence.text, year)
        figures = quantities.in_time(sentence.text, quantities.find(sentence.text, masked, names), year) if lists else []
        others = [n for finder in FINDERS for n in finder(sentence.text, [(u.start, u.end) for u in every])] if sentence.kind != "byline" else []
        reads.append(Read(sentence, every, bodies, found_drives, drives.resolve(found_drives), figures, others, year))
    return reads


# ---------------------------------------------------------------- facts of an article


def _state_article(notes: Notes, reads: list[Read], drives: Drives) -> Iterator[Trace]:
    carried: list[facts.Item] = []
    paragraph = -1
    campaign: Drive | None = None
    main = _main_campaign(reads)
    begun = headed = False
    topic: list[facts.Item] = []
    for read in reads:
        sentence = read.sentence
        if sentence.paragraph != paragraph and topic:
            carried = topic  # a new paragraph goes back to what the article is about
        if sentence.kind == "heading" and begun and not NUMBERED.match(sentence.text):
            headed = True
        elif sentence.kind == "body" and headed:
            headed = False
            if BRIEF.match(sentence.text) and _new_item(read, topic):
                carried, topic, main = [], [], _own_campaign(read)
        begun = begun or sentence.kind == "body"
        if sentence.kind == "heading" and (own := [d for c, d in zip(read.drives_found, read.drives, strict=True) if d and not c.pointer]):
            main = own[0]
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            campaign = None
        _state_bodies(notes, read)
        items = _items(read)
        speaking = carried if sentence.kind == "body" or not begun else []
        masked = facts.mask(sentence.text, items, bool(speaking))
        for m in facts.match(masked, relations(), speaking):
            _state_match(notes, read, m, drives)
        named = [(c, d) for c, d in zip(read.drives_found, read.drives, strict=True) if d]
        for c, d in named:
            if c.sure and c.head and not c.pointer:
                notes.names[_campaign(notes, drives, d.core)].add(c.text)
        if len({d.core for _, d in named}) == 1 and any((run := times.run_of(sentence.text, read.year))):
            notes.dates.setdefault(_campaign(notes, drives, named[0][1].core), run)
        _state_figures(notes, read, masked, carried, campaign, main, named, drives)
        here = {d.core: d for _, d in named}
        if sentence.kind == "body" and len(here) <= 1 and (at := next(iter(here.values()), main)):
            _state_part_in(notes, read, masked, at, drives)
        if named:
            campaign = named[-1][1]
        acting = [a for a in facts.actors(masked) if all(_speaks_on(i) for i in a[2])]
        if acting and (not carried or acting[0][0] <= 14 or re.search(r"(?:以来|期间|后|中|时|下)，$", masked.text[: acting[0][0]])):
            carried = acting[0][2]
        elif not carried and (first := [i for i in items if i.letter == "U" and _speaks_on(i)]):
            carried = first[:1]
        if carried and not topic:
            topic = carried
        yield Trace(0, read, masked, carried, notes.stated)
        notes.stated = []


def _main_campaign(reads: list[Read]) -> Drive | None:
    """The campaign that an article is about: of those that its title or first two sentences name, the one it speaks of most.

    An article that names one campaign only may come to it a little later. A campaign that is one item of a list is not what all is about.
    """
    counts: Counter[str] = Counter()
    named: set[str] = set()
    early: list[tuple[int, Drive]] = []
    body = 0
    for read in reads:
        for c, d in zip(read.drives_found, read.drives, strict=True):
            if d:
                counts[d.core] += 1
                if not c.pointer:
                    named.add(d.core)
                    before = read.sentence.text[: c.start]
                    if not re.search(r"(?:迎接|按照|落实|根据|响应|继)[^，。]{0,10}$", before) and not ITEM.match(read.sentence.text):
                        early.append((body, d))
        body += read.sentence.kind == "body"
    reach = 2 if len(named) > 1 else 5
    return max((d for at, d in early if at < reach), key=lambda d: counts[d.core], default=None)


BRIEF = re.compile(r"[^，。]{0,24}(?:今天|今晨|今晚|昨天|昨日|近日|日前|本周|记者|最新|[0-9]{1,2}月[0-9]{1,2}日|（[0-9]{1,2}日）)")


def _new_item(read: Read, topic: list[facts.Item]) -> bool:
    """Whether the first sentence under a heading turns to something else than the article so far: a page of news briefs.

    It does where it names no body of the place (or of the family) that the article has been about.
    """
    about = [i.target for i in topic]
    for unit, body in zip(read.units, read.bodies, strict=True):
        if body is None:
            continue
        if unit.name.pointer or unit.name.relative:
            return False
        if any(body == a or body.region and a.region and body.region.code[:4] == a.region.code[:4] for a in about):
            return False
    return True


def _own_campaign(read: Read) -> Drive | None:
    return next((d for c, d in zip(read.drives_found, read.drives, strict=True) if d and not c.pointer), None)


DEED = re.compile(r"开展|实施|推进|组织|联合|会同|牵头|参与|参加|参战|检查|排查|整治|查处|破获|抓获|巡查|宣传|部署|派出|抽调|成立|出动|走访|督促|清理|设|同步|协同|配合|推行|集中|带队|行动|上门|担纲|培养|举办")
NO_DEED = re.compile(r"被[^，]{0,4}评为|夺得|印发|出台|签订|签署|荣获|获评|被授予|获得|介绍|表示|说[，：]|指出|强调|认为")


MEDIA = re.compile(r"融媒体中心|电视台|报社|新闻中心|新华社")


PARTNER = re.compile(f"(?:联合|会同|协同|携手|牵头|组织|抽调|配合)(?P<u>{PLACEHOLDER['U']})")


def _state_part_in(notes: Notes, read: Read, masked: facts.Masked, main: Drive, drives: Drives) -> None:
    """Bodies that the sentences of an article on one campaign show at work, and their partners, take part in it."""
    at_work = [(start, end, facts.acting(masked, end, bodies)) for start, end, bodies in facts.actors(masked)]
    at_work += [(m.start(), m.end(), masked.groups[m.start("u")]) for m in PARTNER.finditer(masked.text)]
    for start, end, items in at_work:
        clause = masked.text[facts.clause_start(masked.text, start) : end + 1]
        rest = re.split("[。；]", masked.text[start:])[0]
        if NO_DEED.search(clause) or facts.planned(rest) or not (DEED.search(clause) or re.search(r"[0-9]", rest)):
            continue
        for item in items:
            if item.target.sort == "named" and not PARTNER.search(clause) or MEDIA.search(item.target.name):
                continue
            k = _campaign(notes, drives, main.core)
            end_at = max(item.end, masked.places[min(end, len(masked.places)) - 1] + 1)
            notes.state(_body(notes, item.target), "conducted", k, read.sentence, item.start, min(len(read.sentence.text), end_at), "at work in the article's campaign", 0.75)


def _speaks_on(item: facts.Item) -> bool:
    """Whether later sentences may go on about a body without naming it."""
    return item.target.sort != "named" and not MEDIA.search(item.target.name)


def _items(read: Read) -> list[facts.Item]:
    items = [facts.Item("U", u.start, u.end, b) for u, b in zip(read.units, read.bodies, strict=True) if b]
    items += [facts.Item(NAMED_LETTERS[n.kind], n.start, n.end, n, 2) for n in read.others]
    items += [facts.Item("C", c.start, c.end, d.core, 1) for c, d in zip(read.drives_found, read.drives, strict=True) if d]
    return items


def _body(notes: Notes, body: Body, *names: str) -> str:
    k = notes.entity(Entity(key(Kind.UNIT, body.name), Kind.UNIT, body.name), *names)
    return k


def _region(notes: Notes, region: Region) -> str:
    name = divisions().qualified(region)
    return notes.entity(Entity(key(Kind.REGION, name), Kind.REGION, region.name, code=region.gb_code), name)


def _state_bodies(notes: Notes, read: Read) -> None:
    """The bodies that a sentence names: where they are, and what they are part of."""
    for unit, body in zip(read.units, read.bodies, strict=True):
        if body is None or unit.name.pointer or body.sort == "place":
            continue
        own = unit.name.own if unit.name.parent is not None and len(unit.name.own) >= 4 else ""
        if body.head.endswith("分局") and body.region and body.parent and body.region.short != body.region.name and (body.region.short + body.head in unit.text or unit.text == body.region.short):
            own = f"{body.parent.name}{body.region.short}{full_own(unit.name.own)}"
        subject = _body(notes, body, unit.text if unit.text != unit.name.head and body.how != "elided" else "", own)
        if body.region:
            if unit.name.place and len(unit.name.regions) == 1:
                notes.names[_region(notes, body.region)].add(unit.name.place)
            confidence = 0.75 if body.how == "context" else 0.9 if unit.name.relative else 0.97
            notes.state(subject, "located_in", _region(notes, body.region), read.sentence, unit.start, unit.end, f"located: {body.how or ('relative' if unit.name.relative else 'name')}", confidence)
        if body.parent:
            confidence = {"name": 0.97, "context": 0.75}.get(body.how, 0.88)
            above = _body(notes, body.parent)
            if body.parent.region:
                notes.state(above, "located_in", _region(notes, body.parent.region), read.sentence, unit.start, unit.end, "located: part of it", 0.9)
            notes.state(subject, "part_of", above, read.sentence, unit.start, unit.end, f"part: {body.how}", confidence)


def _place(notes: Notes, item: facts.Item, read: Read) -> None:
    """Where a place that acts as a body is, once something is stated of it."""
    body = item.target
    if isinstance(body, Body) and body.sort == "place" and body.region and any(u.start == item.start for u in read.units):
        notes.state(_body(notes, body), "located_in", _region(notes, body.region), read.sentence, item.start, item.end, "located: name", 0.85)


def _campaign(notes: Notes, drives: Drives, core: str) -> str:
    drive = drives.by_core[core]
    return notes.entity(Entity(key(Kind.CAMPAIGN, core), Kind.CAMPAIGN, drive.name), core)


def _entity(notes: Notes, item: facts.Item, drives: Drives, owner: str = "") -> str:
    """The entity that an item stands for; `owner` tells namesakes among persons apart."""
    if item.letter == "C":
        return _campaign(notes, drives, item.target)
    if isinstance(item.target, Named):
        name = item.target.name
        identity = f"{name}-{owner}" if item.target.kind == Kind.PERSON and owner else name
        return notes.entity(Entity(key(item.target.kind, identity), item.target.kind, name))
    return _body(notes, item.target)


def _state_match(notes: Notes, read: Read, m: facts.Match, drives: Drives) -> None:
    ends = (m.subject, m.object)
    if m.rule == "of whom" and getattr(m.subject.target, "sort", "") == "place":
        return  # 某市“某某”活动: held in the place, not by its government
    body = next((i.target.name for i in ends if i.letter == "U"), "")
    subject, object_ = (_entity(notes, i, drives, body) for i in ends)
    for c, d in zip(read.drives_found, read.drives, strict=True):
        if d and not c.pointer and m.object.letter == "C" and d.core == m.object.target:
            notes.names[object_].add(c.text)
    for item in ends:
        _place(notes, item, read)
    detail = m.subject.target.detail if isinstance(m.subject.target, Named) else ""
    notes.state(subject, m.relation, object_, read.sentence, m.start, m.end, m.rule, m.confidence, detail)


def _state_figures(
    notes: Notes, read: Read, masked: facts.Masked, carried: list[facts.Item], before: Drive | None, main: Drive | None, named: list[tuple[campaigns.Campaign, Drive]], drives: Drives
) -> None:
    groups = _respective(read, masked)
    for index, figure in enumerate(read.figures):
        at = max((i for i, p in enumerate(masked.places) if p <= figure.start), default=0)
        bodies = facts.carried_at(masked, at, carried)
        if index in groups:
            bodies = [groups[index]]
        campaign = next((d for c, d in reversed(named) if c.start < figure.end), None)
        if campaign is None and not re.match(r"开展|举办|组织|承办|召开", figure.quantity.measure):
            campaign = before
        if campaign is None and main is not None and index not in groups and not any(start <= at for start, _, _ in facts.actors(masked)):
            campaign = main
        if campaign is not None:
            subject, name = _campaign(notes, drives, campaign.core), campaign.name
        elif bodies:
            if bodies[0].target.head.endswith("公司") and carried:
                bodies = carried
            subject, name = _body(notes, bodies[0].target), bodies[0].target.name
            _place(notes, bodies[0], read)
        else:
            continue
        quantity = figure.quantity
        metric = _metric(notes, name, quantity)
        start, end = min(figure.phrase[0], figure.start), max(figure.phrase[1], figure.end)
        relation = "has_target" if figure.planned else "has_metric"
        notes.state(subject, relation, metric, read.sentence, start, end, "figure", 0.9)
        if campaign is not None and bodies and not figure.planned:
            notes.state(metric, "attributed_to", _body(notes, bodies[0].target), read.sentence, start, end, "figure", 0.8)


def _respective(read: Read, masked: facts.Masked) -> dict[int, facts.Item]:
    """甲、乙、丙分别立案14件、11件和9件: which figure belongs to which body."""
    found: dict[int, facts.Item] = {}
    text = read.sentence.text
    run: list[int] = []
    runs: list[list[int]] = []
    for i, figure in enumerate(read.figures):
        if run and re.fullmatch(r"[、和及]|以及", text[read.figures[run[-1]].end : figure.start]):
            run.append(i)
        else:
            run = [i]
            runs.append(run)
    for run in runs:
        if len(run) < 2:
            continue
        start = read.figures[run[0]].start
        lists = [g for i, g in masked.groups.items() if masked.places[i] < start and g[0].letter == "U" and len(g) == len(run)]
        if lists:
            found.update(zip(run, lists[-1], strict=True))
    return found


def _metric(notes: Notes, owner: str, quantity: Quantity) -> str:
    value = f"{quantity.value:.6f}".rstrip("0").rstrip(".")
    change = "" if quantity.change is None else f"-{'升' if quantity.change > 0 else '降'}{abs(quantity.change):g}"
    label = f"{quantity.measure} {value}{quantity.unit}"
    k = key(Kind.METRIC, f"{owner}-{quantity.measure}-{value.replace('.', '点')}{quantity.unit}{change}")
    return notes.entity(Entity(k, Kind.METRIC, label, quantity=quantity))
