"""One article, told sentence by sentence: whom it speaks of, which campaign is in play, and what is stated.

A paragraph goes back to the body that the article is about; a figure belongs to the campaign whose work the sentence reports, else to
the body at work; in an article about one campaign the bodies that are shown at work take part in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg import counted, facts
from kg.clauses import clause_start
from kg.mentions import Named, campaigns, offices, times
from kg.mentions.quantities import Figure
from kg.model import Entity, Kind, Quantity
from kg.notes import Notes
from kg.paragraphs import ITEM
from kg.regions import Region, divisions
from kg.relations import PLACEHOLDER, relations
from kg.resolve import Body, Drive, Drives, full_own
from kg.told import Told
from kg.vocab import entity_key

LETTERS = {Kind.PERSON: "P", Kind.POLICY: "D", Kind.AWARD: "A", Kind.FACILITY: "F"}
GIVEN = re.compile(r"(?:迎接|按照|落实|根据|响应|继)[^，。]{0,10}$")
MEDIA = re.compile(r"融媒体中心|电视台|报社|新闻中心|新闻办公室|新闻办|新华社")
OF_PLACE = re.compile(r"[■●◆▲★]?\s?([\u4e00-\u9fff]{2,4})：")  # a heading of the story of another place
LABEL = re.compile(r"【[^【】]{2,20}】")  # of an entry in a yearbook
YEARLY = re.compile(r"(?:年内|(?:去年|20[0-9]{2}年)?全年|一年来|年末|年底)")
EVERYDAY = ("活动", "工作", "教育", "宣传", "服务")
FAR = 3  # paragraphs
STANDING = re.compile(r"(?:现有|目前[^，。；]{0,6}有|拥有|建有|设有|已建立|均?建立了|开通了)[^，；。]{0,16}$")
DEED = re.compile(
    r"开展|实施|推进|组织|联合|会同|牵头|参与|参加|参战|检查|排查|整治|查处|破获|抓获|巡查|宣传|部署|派出|抽调|成立|出动|走访|督促|清理|设|同步|协同|"
    r"配合|加入(?:进来|其中|行动)|推行|集中|带队|行动|上门|担纲|培养|举办|分片|包干|进驻|巡护|轮班|值守|增开|增派|备勤|摸排|劝返|增援|护航"
)
NO_DEED = re.compile(
    rf"提醒|被[^，。；]{{0,16}}(?:评为|授予|命名为|表彰|表扬|荣?记)|夺得|印发|出台|签订|签署|会签|签约|荣获|荣立|获评|被授予|获得|公诉|审查起诉|宣判|判处|出席|明确[，：]|通报表扬|予以肯定|推介|转发|揭牌|感叹|授予|送来|发布{PLACEHOLDER['D']}|介绍|表示|说[，：]|指出|强调|认为|高度重视|指示|批示"
)
FIELD_WORK = re.compile(r"(?:整治|治理|监督|清查|巡查|行动|执法|会战)$")  # whoever is shown at work there takes part
AGREED = re.compile(r"[^，。；]*?(?:建立[^，。；]{0,12}(?:机制|制度)|召开[^，。；]{0,8}(?:发布会|座谈会|联席会))")
MEETING = re.compile(r"召开|会议|座谈|学习|听取|传达|调研|慰问")
PARTNER = re.compile(f"(?:联合|会同|协同|携手|牵头|组织|抽调|配合)(?P<u>{PLACEHOLDER['U']})")
SUPREME = re.compile(r"中共中央|中央|国务院|全国人大|全国政协")
OFFICIAL = re.compile(r"监狱|戒毒所|边检|边防检查|疾|公证处|供电|检察室|管理处|林场")
PUBLIC = re.compile(r"卫生院|医院|保健院|卫生服务中心|林场|保护站")  # named, and at work for the public
DEED_OF_ITS_OWN = re.compile(r"开展|举办|组织|承办|召开")
RECEIVERS = re.compile(
    f"({PLACEHOLDER['A']})(?:荣誉)?(?:称号)?的(?:单位|集体|个人|同志)?(?:分别)?(?:有|是|为|名单|包括)?：$"
)
RECEIVER = re.compile(
    f"[0-9.、 ]{{0,4}}{PLACEHOLDER['S']}?([{PLACEHOLDER['U']}{PLACEHOLDER['P']}])[^，。；：！？]{{0,24}}$"
)
ASIDE = re.compile(r"(?:以来|期间|后|中|时|下)，$")


@dataclass
class Trace:
    """What was made of one sentence, for those who ask why."""

    told: Told
    goes_on: bool  # whether it may go on about a body
    speaking: list[facts.Item]
    stated: list[tuple[str, str, str, str, float]]

    @property
    def masked(self) -> facts.Masked:
        """The sentence as the rules saw it."""
        return facts.mask(self.told.seen.sentence.text, _items(self.told), self.goes_on)


class Telling:
    """States into `notes` what an article says; `drives` knows the campaigns of the document."""

    def __init__(self, notes: Notes, drives: Drives, article: list[Told]) -> None:
        self.notes = notes
        self.drives = drives
        self.article = article
        self.main = self.whole = main_campaign(article)
        self.titled = any(
            d == self.main for told in article if told.seen.sentence.kind == "heading" for _, d in told.named
        )
        self.of_section = False  # whether only a heading between paragraphs has brought the campaign up
        self.brought_up = False  # whether a heading or the text has come to the campaign
        self.mentions = Counter(drive.core for told in article if told.drives for _, drive in told.named)
        self.last_spoken_of = 0  # the last paragraph with a word of it
        self.credit = _credited(article)
        self.topic: list[facts.Item] = []  # what the article is about
        self.paragraphs = 0  # of text, until now
        signed = _items(self.credit) if self.credit else []
        self.speaking = [item for item in signed if item.letter == "U"][-1:]  # what the last clause was about
        self.campaign: Drive | None = None  # the last campaign of the paragraph
        self.carriers: list[facts.Item] = []  # whom the sentence that named it was about
        self.honour: facts.Item | None = None  # whose receivers the next lines list

    def tell(self) -> Iterator[Trace]:
        """State everything, sentence by sentence; yields how each was read."""
        paragraph, begun = -1, False
        told_since = True  # whether a paragraph has come since the last heading
        spoken: set[str] = set()  # the campaigns named so far
        for told in self.article:
            sentence = told.seen.sentence
            if sentence.paragraph != paragraph:
                paragraph, self.campaign = sentence.paragraph, None
                self.paragraphs += sentence.kind == "body"
                self.speaking = self.topic or ([] if self.paragraphs > FAR else self.speaking)
                if told.here and ITEM.match(sentence.text):
                    self.speaking, self.topic = [], []
                    self.main = next((d for _, d in told.by_name), None)
                if label := LABEL.match(sentence.text):
                    self.main = next((d for c, d in told.by_name if c.end <= label.end()), self.whole)
            if sentence.kind == "byline":
                continue
            if sentence.kind == "heading":
                headed = next((d for _, d in told.by_name), None)
                if headed or told_since:
                    self.main = headed or (None if self.of_section else self.main)
                    self.of_section = begun and headed is not None and headed.core not in spoken
                told_since = False
                if begun and (place := OF_PLACE.match(sentence.text)) and divisions().by_short.get(place[1]):
                    self.main, self.topic, self.speaking, self.paragraphs = headed, [], [], 0
                if begun and (about := _headed_by(told)):
                    self.topic = self.speaking = about
                    self.main = next((d for _, d in told.by_name), None)
            begun = begun or sentence.kind == "body"
            told_since = told_since or sentence.kind == "body"
            named = {drive.core for _, drive in told.named}
            self.brought_up = self.brought_up or (self.main is not None and self.main.core in named)
            if self.main and _word_of(self.main, told):
                self.last_spoken_of = paragraph
            spoken |= named
            alone = sentence.kind != "body" and begun  # a heading between paragraphs: it does not go on about anything
            before = [] if alone else self.speaking
            self._sentence(told, before)
            yield Trace(told, bool(before), self.speaking, self.notes.stated)
            self.notes.stated = []
        if self.credit and any(self._body(b) in fact for b in self.credit.bodies if b for fact in self.notes.evidence):
            self._places(self.credit)  # only where the article speaks of it

    def _sentence(self, told: Told, before: list[facts.Item]) -> None:
        """State one sentence; `before` is what it may go on about."""
        items = _items(told)
        if not items and not told.seen.figures:
            self.honour = None
            return  # it states nothing
        masked = facts.mask(told.seen.sentence.text, items, bool(before))
        self._places(told)
        for match in facts.match(masked, relations(), before):
            self._match(told, match)
        self._receivers(told, masked)
        for campaign, drive in told.by_name:
            if campaign.sure and campaign.head:
                self.notes.names[self._drive(drive.core)].add(campaign.text)
        if told.drives:
            self._dates(told)
        if told.seen.extra:
            self._offices(told)
        if told.seen.figures:
            self._figures(told, masked)
        self._part_in(told, masked)
        self._go_on(told, masked, items)
        if told.named:
            self.campaign = told.named[-1][1]
            self.carriers = [item for _, _, bodies in facts.actors(masked) for item in bodies] or self.speaking

    def _offices(self, told: Told) -> None:
        """市长李某某: the government whose post a person has, where the post alone names it."""
        persons = [named for named in told.seen.others if named.kind == Kind.PERSON]
        for unit, body in zip(told.seen.extra, told.bodies[len(told.seen.units) :], strict=True):
            named = next((p for p in persons if p.end > unit.end), None) if unit.name.sort == "office" else None
            if body and named:
                item = facts.Item("P", named.start, named.end, named)
                fact = (self._entity(item), "holds_role_at", self._body(body))
                start, post = min(unit.start, named.start), offices.post_of(told.seen.sentence.text, unit)
                self.notes.state(fact, told.seen.sentence, start, named.end, "by the post", 0.88, post)

    def _receivers(self, told: Told, masked: facts.Masked) -> None:
        """获得“先进集体”称号的有：and then, line by line, who they are."""
        if self.honour and (line := RECEIVER.match(masked.text)):
            award = self._entity(self.honour)
            for item in masked.groups[line.start(1)]:
                fact = (self._entity(item), "received", award)
                self.notes.state(fact, told.seen.sentence, item.start, item.end, "in the list of receivers", 0.85)
        else:
            head = RECEIVERS.search(masked.text)
            self.honour = masked.groups[head.start(1)][0] if head else None

    def _go_on(self, told: Told, masked: facts.Masked, items: list[facts.Item]) -> None:
        """What the next sentence will be about if it does not say."""
        actors = list(facts.actors(masked))
        acting = [a for a in actors if all(_speaks_on(item) for item in a[2])]
        if actors and actors[0][0] <= 14 and any(item.target.sort == "alone" for item in actors[0][2]):
            self.speaking = []  # a ministry: what comes after it may be anybody's
        elif acting and (not self.speaking or acting[0][0] <= 14 or ASIDE.search(masked.text[: acting[0][0]])):
            self.speaking = acting[0][2]
        elif not self.speaking:
            text = told.seen.sentence.text
            named = [item for item in items if item.letter == "U" and not facts.LEADER.match(text, item.end)]
            self.speaking = [item for item in named if _speaks_on(item)][:1]
        if self.paragraphs <= FAR:  # who comes later is not what the article is about
            self.topic = self.topic or self.speaking

    # ------------------------------------------------------------ entities

    def _known_as(self, body: Body) -> str:
        """What identifies a body: its full name, and the page (whatever it is called) where that does not say which body of the name it is."""
        whole: Body | None = body
        while whole and whole.how != "unplaced":
            whole = whole.parent
        return f"{body.name}-{self.notes.document.sha256[:12]}" if whole else body.name

    def _body(self, body: Body, *names: str) -> str:
        key = entity_key(Kind.UNIT, self._known_as(body))
        return self.notes.entity(Entity(key, Kind.UNIT, body.name), *names)

    def _region(self, region: Region) -> str:
        name = divisions().qualified(region)
        return self.notes.entity(
            Entity(entity_key(Kind.REGION, name), Kind.REGION, region.name, code=region.gb_code), name
        )

    def _drive(self, core: str) -> str:
        name = self.drives.by_core[core].name
        return self.notes.entity(Entity(entity_key(Kind.CAMPAIGN, core), Kind.CAMPAIGN, name), core)

    def _entity(self, item: facts.Item) -> str:
        """The entity that an item stands for."""
        if item.letter == "C":
            return self._drive(item.target)
        if isinstance(item.target, Named):
            kind, name = item.target.kind, item.target.name
            return self.notes.entity(Entity(entity_key(kind, name), kind, name))
        return self._body(item.target)

    def _metric(self, owner: str, quantity: Quantity) -> str:
        value = f"{quantity.value:.6f}".rstrip("0").rstrip(".")
        change = "" if quantity.change is None else f"-{'升' if quantity.change > 0 else '降'}{abs(quantity.change):g}"
        identity = f"{owner}-{quantity.measure}-{value}{quantity.unit}{change}".replace(".", "点")
        label = f"{quantity.measure} {value}{quantity.unit}"
        return self.notes.entity(Entity(entity_key(Kind.METRIC, identity), Kind.METRIC, label, quantity=quantity))

    # ------------------------------------------------------------ statements

    def _places(self, told: Told) -> None:
        """Where the bodies of a sentence are, and what they are part of."""
        sentence = told.seen.sentence
        for unit, body in zip((*told.seen.units, *told.seen.extra), told.bodies, strict=True):
            if (
                body is None
                or (unit.name.pointer and not (unit.name.relative or unit.name.regions))
                or body.sort == "place"
                or body.how == "unplaced"
            ):
                continue
            written = unit.name.parent is not None or (
                unit.text != unit.name.own and unit.name.own.startswith(unit.text)
            )
            own = unit.name.own if written and len(unit.name.own) >= 4 else ""
            short = body.region.short if body.region else ""
            if (
                body.parent
                and body.head.endswith("分局")
                and short
                and (short + body.head in unit.text or unit.text == short)
            ):
                own = f"{body.parent.name}{short}{full_own(unit.name.own)}"
            short_form = unit.text == unit.name.head or unit.name.pointer or body.how == "elided"
            short_form = short_form or unit.name.sort == "office"
            subject = self._body(body, "" if short_form else unit.text, own)
            if body.region:
                region = self._region(body.region)
                if unit.name.place and len(unit.name.regions) == 1:
                    self.notes.names[region].add(unit.name.place)
                how = body.how or ("relative" if unit.name.relative else "name")
                confidence = 0.75 if body.how == "context" else 0.9 if unit.name.relative else 0.97
                if body.region.level == "township" and body.region.name not in sentence.text:
                    how, confidence = "the town it is named after", min(confidence, 0.85)
                self.notes.state(
                    (subject, "located_in", region), sentence, unit.start, unit.end, f"located: {how}", confidence
                )
            if body.parent:
                above = self._body(body.parent)
                if body.parent.region:
                    fact = (above, "located_in", self._region(body.parent.region))
                    self.notes.state(fact, sentence, unit.start, unit.end, "located: part of it", 0.9)
                confidence = {"name": 0.97, "context": 0.75}.get(body.how, 0.88)
                self.notes.state(
                    (subject, "part_of", above), sentence, unit.start, unit.end, f"part: {body.how}", confidence
                )

    def _match(self, told: Told, match: facts.Match) -> None:
        ends = (match.subject, match.object)
        if match.rule == "of whom" and getattr(match.subject.target, "sort", "") == "place":
            return  # 某市“某某”活动: held in the place, not by its government
        subject, object_ = (self._entity(item) for item in ends)
        detail = (match.post or match.subject.target.detail) if match.relation == "holds_role_at" else ""
        fact = (subject, match.relation, object_)
        self.notes.state(fact, told.seen.sentence, match.start, match.end, match.rule, match.confidence, detail)

    def _dates(self, told: Told) -> None:
        """When the one campaign of a sentence began and ended, where the sentence says so."""
        cores = {drive.core for _, drive in told.named}
        if len(cores) == 1 and any(run := times.run_of(told.seen.sentence.text, told.seen.year)):
            self.notes.dates.setdefault(self._drive(cores.pop()), run)

    def _figures(self, told: Told, masked: facts.Masked) -> None:
        """Each figure, of the campaign whose work it counts or of the body at work."""
        sentence, shared = told.seen.sentence, counted.respective(told.seen, masked)
        told_by = counted.TOLD_BY.match(sentence.text)
        for index, figure in enumerate(told.seen.figures):
            at = max(0, bisect_right(masked.places, figure.start) - 1)
            acting = [(start, end) for start, end, _ in facts.actors(masked) if start <= at]
            if (told_by and not acting) or counted.PENALTY.search(sentence.text, 0, figure.end):
                continue
            if counted.is_private(sentence.text, masked.places[acting[-1][0]] if acting else 0, figure):
                continue
            if (
                masked.text[at - 1 : at] == "等"
                and figure.quantity.unit in ("个", "家")
                and any(start == at - 2 for start, _ in acting)
            ):
                continue  # 甲局、乙局等17个部门: those who act are no result
            named_here = bool(acting) or index in shared
            bodies = [shared[index]] if index in shared else facts.carried_at(masked, at, self.speaking)
            if not named_here and YEARLY.match(sentence.text):
                bodies = self.topic or bodies
            if not named_here:
                bodies = counted.source(masked, at) or bodies
            if bodies and (word := counted.ALL_OF.match(sentence.text, clause_start(sentence.text, figure.start))):
                bodies = counted.whole(bodies[0], word[0])
            campaign, confidence = self._campaign_of(told, figure, named_here, bodies)
            if bodies and bodies[0].target.head.endswith("公司") and self.speaking and not acting:
                bodies = self.speaking
            if campaign is None:
                if not bodies or not counted.is_its_work(bodies[0].target, told, figure, masked, at, acting):
                    continue
                confidence = 0.92 if acting else 0.75 if counted.OFFICIAL_WORK.search(figure.quantity.measure) else 0.6
            metric = self._metric(campaign.core if campaign else self._known_as(bodies[0].target), figure.quantity)
            start = min(figure.phrase[0], figure.start)
            end = max(figure.phrase[1], figure.end)
            subject = self._drive(campaign.core) if campaign else self._body(bodies[0].target)
            relation = "has_target" if figure.planned else "has_metric"
            self.notes.state((subject, relation, metric), sentence, start, end, "figure", confidence)
            if campaign and bodies and not figure.planned:
                fact = (metric, "attributed_to", self._body(bodies[0].target))
                self.notes.state(fact, sentence, start, end, "figure", 0.85 if acting else 0.7)

    def _turned_to_another(self, bodies: list[facts.Item]) -> bool:
        """Whether a sentence tells of bodies that did not carry out the paragraph's campaign, in an article that is not about it."""
        if self.whole and self.campaign and self.campaign.core == self.whole.core:
            return False
        return all(
            body.target != one.target and body.target.parent != one.target for body in bodies for one in self.carriers
        )

    def _campaign_of(
        self, told: Told, figure: Figure, explicit: bool, bodies: list[facts.Item]
    ) -> tuple[Drive | None, float]:
        """The campaign whose work a figure counts, with the confidence; `explicit`: its clause names the body at work."""
        nearest = next(((c, d) for c, d in reversed(told.named) if c.start < figure.end), None)
        if nearest and not self._only_counted(told, *nearest, figure):
            return nearest[1], 0.92
        if (
            self.campaign
            and not DEED_OF_ITS_OWN.match(figure.quantity.measure)
            and not YEARLY.match(told.seen.sentence.text)
            and not (explicit and self._turned_to_another(bodies))
        ):
            return self.campaign, 0.85
        if explicit or self.main is None or not self.brought_up:
            return None, 0.0
        if self.main == self.whole and not self.titled and YEARLY.match(told.seen.sentence.text):
            return None, 0.0  # what a whole year came to
        if not self.titled and STANDING.search(told.seen.sentence.text[: figure.start]):
            return None, 0.0  # how things stand
        if self._far_from_main(told.seen.sentence.paragraph):
            return None, 0.0
        return self.main, 0.85 if self.titled else 0.75

    def _far_from_main(self, paragraph: int) -> bool:
        """Whether the article has named its campaign once, not in its title, and not a word of it for FAR paragraphs."""
        once = self.main is not None and self.mentions[self.main.core] == 1
        return once and not self.titled and paragraph - self.last_spoken_of >= FAR

    def _only_counted(self, told: Told, named: campaigns.Campaign, drive: Drive, figure: Figure) -> bool:
        """Whether a campaign is one item in a list of what another has done: 开展“某某”活动11批；办培训班19期."""
        text = told.seen.sentence.text
        other = self.campaign or self.main
        return bool(
            other
            and other.core != drive.core
            and re.match(r"[0-9]", text[named.end :])
            and "；" in text[named.end : figure.start]
        )

    def _part_in(self, told: Told, masked: facts.Masked) -> None:
        """Bodies that an article on one campaign shows at work, and their partners, take part in it."""
        sentence = told.seen.sentence
        here = {drive.core: drive for _, drive in told.named}
        campaign = next(iter(here.values()), self.campaign or self.main)
        if sentence.kind != "body" or len(here) > 1 or campaign is None:
            return
        first = min((c.start for c, _ in told.named), default=0)
        one_of_several = sentence.text.rfind("；", 0, first) + 1  # 甲…；乙开展的“某某”行动…；丙…
        closes = sentence.text.find("；", first)
        at_work = [(start, end, facts.acting(masked, end, bodies)) for start, end, bodies in facts.actors(masked)]
        at_work += [(m.start(), m.end(), masked.groups[m.start("u")]) for m in PARTNER.finditer(masked.text)]
        for start, end, items in at_work:
            clause = masked.text[clause_start(masked.text, start) : end + 1]
            rest = re.split("[。；]", masked.text[clause_start(masked.text, start) :])[0]
            if NO_DEED.search(clause) or AGREED.match(rest) or facts.planned(rest):
                continue
            shown = FIELD_WORK.search(campaign.head) and not MEETING.search(clause)
            if not (DEED.search(clause) or re.search(r"[0-9]", rest) or shown):
                continue
            reach = masked.places[min(end, len(masked.places)) - 1] + 1
            if one_of_several and not one_of_several <= masked.places[start] < (
                closes if closes > 0 else len(sentence.text)
            ):
                continue
            for item in items:
                named = item.target.sort == "named" and not PUBLIC.search(item.target.head)
                if (named and not PARTNER.search(clause)) or MEDIA.search(item.target.name):
                    continue
                if item.target.sort == "alone" and not here:
                    continue  # a ministry does much else
                fact = (self._body(item.target), "conducted", self._drive(campaign.core))
                stop = min(len(sentence.text), max(item.end, reach))
                self.notes.state(
                    fact, sentence, min(item.start, stop - 1), stop, "at work in the article's campaign", 0.75
                )


def _word_of(drive: Drive, told: Told) -> bool:
    """Whether a sentence has a word of a drive: its name, or its head where that is no word of every day (整治, 会战)."""
    text = told.seen.sentence.text
    tail = drive.head[-2:]
    known = tail in text if len(tail) == 2 and tail not in EVERYDAY else False
    return known or drive.core in text or any(d.core == drive.core for _, d in told.named)


def _headed_by(told: Told) -> list[facts.Item]:
    """The one body that a heading consists of, to which a section turns."""
    width = len(told.seen.sentence.text.strip("【】■●◆▲★ "))
    return [
        facts.Item("U", unit.start, unit.end, body)
        for unit, body in zip(told.seen.units, told.bodies, strict=False)
        if body and unit.end - unit.start >= width and not unit.name.pointer
    ][-1:]


def _credited(article: list[Told]) -> Told | None:
    """The line in which a body signs an article that does not say whom it is about: （某某局供稿）."""
    opening = [told for told in article if told.seen.sentence.kind in ("heading", "body")][:3]
    if any(body for told in opening for body in told.bodies):
        return None
    return next((told for told in article if told.seen.sentence.kind == "byline" and any(told.bodies)), None)


def main_campaign(article: list[Told]) -> Drive | None:
    """The campaign that an article is about: of those that its title or first two sentences name, the one it speaks of most.

    An article that names one campaign only may come to it a little later. A campaign that is one item of a list is not what all is about.
    """
    counts: Counter[str] = Counter()
    early: list[tuple[int, Drive]] = []
    body = 0
    listed: set[str] = set()  # several in a row: 以“甲”行动和“乙”行动为抓手
    for told in article:
        text = told.seen.sentence.text
        if told.drives:
            counts.update(drive.core for _, drive in told.named)
            for (one, first), (other, second) in pairwise(told.by_name):
                if text[one.end : other.start] in ("、", "和", "与", "及"):
                    listed |= {first.core, second.core}
            early += [(body, d) for c, d in told.by_name if not GIVEN.search(text[: c.start]) and not ITEM.match(text)]
        body += told.seen.sentence.kind == "body"
    if not counts:
        return None
    several = len({drive.core for told in article for _, drive in told.by_name}) > 1
    reach = 2 if several else 5
    main = max((drive for at, drive in early if at < reach), key=lambda drive: counts[drive.core], default=None)
    bodily = Counter(d.core for told in article if told.seen.sentence.kind == "body" for _, d in told.named)
    if main and not bodily[main.core]:  # a motto of the headline, where the text tells of another
        main = max((d for _, d in early if bodily[d.core] > 1), key=lambda drive: bodily[drive.core], default=main)
    quoted = [told.seen.sentence.text for told in article if told.seen.sentence.kind == "heading"]
    main = main or next(
        (d for told in article for _, d in told.by_name if any(f"“{d.core}”" in t for t in quoted)), None
    )
    titled = any(d == main for told in article if told.seen.sentence.kind == "heading" for _, d in told.named)
    if main and main.core in listed and not titled:
        return None
    led = main and FIELD_WORK.search(main.head) and any(at == 0 for at, drive in early if drive == main)
    if main and several and not titled and not led and counts[main.core] == 1 and sum(counts.values()) > 2:
        return None  # a survey of many drives is about none of them
    return main


def _speaks_on(item: facts.Item) -> bool:
    """Whether later sentences may go on about a body without naming it."""
    if item.target.sort == "named":
        return bool(OFFICIAL.search(item.target.head))
    above = item.target.parent
    return (
        item.target.sort != "alone" and not (above and SUPREME.match(above.name)) and not MEDIA.search(item.target.name)
    )


def _items(told: Told) -> list[facts.Item]:
    seen = told.seen
    if not (told.bodies or told.drives or seen.others):
        return []
    items = [
        facts.Item("U", u.start, u.end, b)
        for u, b in zip((*seen.units, *seen.extra), told.bodies, strict=True)
        if b and u.name.sort != "office"
    ]
    items += [facts.Item(LETTERS[named.kind], named.start, named.end, named, 2) for named in seen.others]
    return items + [facts.Item("C", c.start, c.end, d.core, 1) for c, d in told.named]
