"""Whose work a figure counts where no campaign takes it: the body of the clause, the one that makes it known, or nobody here.

A sentence goes on about the body before it only while nothing in it speaks of somebody else: another place, a person's own
record, a case before a court, what a disaster did.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg import facts, words
from kg.clauses import clause_start, opens
from kg.mentions.places import region_ends, regions_named, short_at
from kg.mentions.quantities import Figure
from kg.regions import Region, divisions
from kg.relations import PLACEHOLDER
from kg.resolve import Body
from kg.resolve.places import rank_of, ranked
from kg.seen import Seen
from kg.told import Told

PUBLISHES = re.compile(r"数据显示|统计|发布|公布|宣布|消息|披露|监测|预计|介绍|了解到|获悉")
DATA = re.compile(r"数据|统计显示|报告显示")
# Characters of the verbs and nouns that reports of official work count with; without any a figure may be anybody's.
OFFICIAL_WORK = re.compile(
    r"[查抓破捕拘缴扣追劝罚判审结受立办调检督整清拆封罢取关处排巡访走发送培训宣讲授帮救助建设修护派出动投入组织举开展签聘招落新增减免退征收纳推评表率占案件起警民户区队员企]"
)
SOURCE = re.compile(
    rf"(?:^|[，。；]){PLACEHOLDER['S']}?(?:记者)?(?:日前|近日|昨日|今日|今天|昨天)?[据从]({PLACEHOLDER['U']})(?:[^，。；{PLACEHOLDER['U']}]{{0,6}})(?:介绍|通报|统计|获悉|了解到|悉|消息|发布)，"
)
SAID_BY = re.compile(  # 某某局局长某某介绍，
    rf"(?:^|[，。；]){PLACEHOLDER['S']}?[^，。；{PLACEHOLDER['U']}]{{0,8}}({PLACEHOLDER['U']})[^，。；“{PLACEHOLDER['U']}]{{1,20}}?(?:说|介绍|表示|告诉记者|透露|坦言)[，：]"
)
ALL_OF = re.compile(r"全[省市县区州盟旗]")
DAMAGE = re.compile(
    r"^(?!.*(?:救|转移|疏散|抢修|修复|恢复|安置|受理|办理|报修)).*(?:受灾|被困|余震|遇难|失联|断电|停电|倒塌|受影响|受到影响|受损|震感)"
)  # what befell, no work
TOLD_BY = re.compile(
    r"(?:^|[，。；])[^，。；“]{0,8}某(?![些小地市县区公村])[^，。；“]{0,6}(?:说|交代|供述|供认|坦言|回忆|哭诉)[，：]"
)  # of his own life
TRIED = re.compile(r"审理查明|公诉机关指控|起诉书?指控|被告人[^，。；]{2,30}(?:贪污|受贿|挪用|诈骗|骗取|盗窃)")
PRIVATE = re.compile(  # 犯罪嫌疑人王某先后…, 李某报案称…: who is no official does something
    r"(?:^|[，。；：！]|经查|查明|经审理)[^，。；：“抓查将把对为向给帮被由与在判审救劝拦堵]{0,10}?某(?![些个地小市县区公村局镇乡派单企]|[^，。；]{0,2}为首)|(?:报警|报案|求助|举报|来电|投诉)，?[称说]"
)
COUNTED_TOO = re.compile("[^，。；：]{0,2}(?:[、和及][^，。；：、]{1,4})*等?")  # 王某、李某等4人
OFFICIAL_HAND = re.compile(
    "抓|捉|落网|查|缴|扣|追|捕|拘|起获|捣|端掉|冻结|判|救|挽|退|返还|赔|罚|处以|执行|移送|起诉|被(?![人盗骗偷困砸撞抢害])"
)
PENALTY = re.compile(r"(?:有期徒刑|拘役)[^。；]{0,24}罚金[^，。；]{0,12}$")  # of one sentenced
SOMEBODY = re.compile(
    r"(?:^|[，。；])[^，。；他她]{0,6}(?<!其)[他她](?!们|项|人|乡|[^，。；]{0,8}所)"
)  # the work of one person
OTHERS = re.compile(  # who acts in a clause and is no body of the page
    "(?:^|[，。；：])(?:[^，。；：的]{0,6}的)?(?:会议|大会|全会|本届|公众|网民|网友|观众|消费者|业内人士|专家|武警|官兵|代表们?|委员们?)(?!代表|委员|期间|上|要求|决定|研究|建议|咨询|室|精神|满意|知晓|参与|安全)"
)
CLAUSE_HEAD = re.compile(
    r"(?:^|[，；：。！？])(?:目前|如今|现在|截至目前|据统计|据悉|据介绍|[0-9年月日至\-底初]+(?:以来)?，?|今年|去年|[入出][\u4e00-\u9fff]{1,2}以来，?|近年来，?|今年以来，?)*"
)
IN_PLACE = re.compile(r"(?:^|[，；。！？])在([\u4e00-\u9fff]{2,8})，")
NATION = re.compile("我国|中国(?![\u4e00-\u9fff])|全国|全球|世界")
WIDE = re.compile("全[省市县区域]|境内")


def respective(seen: Seen, masked: facts.Masked) -> dict[int, facts.Item]:
    """甲、乙、丙分别立案14件、11件和9件: which figure belongs to which body."""
    found: dict[int, facts.Item] = {}
    runs: list[list[int]] = []
    for i, figure in enumerate(seen.figures):
        if runs and re.fullmatch(r"[、和及]|以及", seen.sentence.text[seen.figures[runs[-1][-1]].end : figure.start]):
            runs[-1].append(i)
        else:
            runs.append([i])
    for run in (r for r in runs if len(r) > 1):
        start = seen.figures[run[0]].start
        lists = [
            group
            for i, group in masked.groups.items()
            if masked.places[i] < start and group[0].letter == "U" and len(group) == len(run)
        ]
        if lists:
            found.update(zip(run, lists[-1], strict=True))
    return found


def is_private(text: str, since: int, figure: Figure) -> bool:
    """Whether a figure counts what a private person did or suffered: 王某先后入室盗窃12起. `since`: where the last body acts."""
    since = max(since, text.rfind("；", 0, figure.start) + 1)
    person = next(reversed(list(PRIVATE.finditer(text, since, figure.start))), None)
    if person is None or COUNTED_TOO.fullmatch(text, person.end(), figure.start):
        return False
    return not OFFICIAL_HAND.search(text, person.end(), figure.end)


def source(masked: facts.Masked, at: int) -> list[facts.Item]:
    """据某某局通报，某某局局长介绍，: the body that makes known what comes before a figure at a masked index, where nobody else acts there."""
    found = [*SOURCE.finditer(masked.text, 0, at)] or [*SAID_BY.finditer(masked.text, 0, at)]
    return masked.groups[found[-1].start(1)] if found else []


def whole(item: facts.Item, word: str) -> list[facts.Item]:
    """The body of whose whole region 全县 counts more than a part of it: 某某税务所…，全县申报率98%. None where no body is of that rank."""
    rank, body, found = rank_of(word), item.target, None
    while isinstance(body, Body):
        if body.region is None:
            break
        if ranked(body.region, rank) or (rank == "区" and body.region.name.endswith("自治区")):
            found = body
        body = body.parent
    if isinstance(item.target, Body) and item.target.region is None:
        return [item]
    return [replace(item, target=found)] if found else []


def is_its_work(
    body: Body, told: Told, figure: Figure, masked: facts.Masked, at: int, acting: list[tuple[int, int]]
) -> bool:
    """Whether a figure at a masked index counts work of a body; `acting` are the clauses up to there that name who acts."""
    text = told.seen.sentence.text
    since = masked.places[acting[-1][0]] if acting else 0
    if any(since <= stranger < figure.start for stranger in _strangers(told)):
        return False
    if TRIED.search(text, since, figure.start) or (not acting and TOLD_BY.search(text, 0, figure.start)):
        return False
    if acting:
        clause = masked.text[slice(*acting[-1])]
        if _only_says(body, clause) or (DATA.search(clause) and body.sort not in ("body", "part", "all")):
            return False
        if at <= acting[-1][1]:
            return True  # in the clause of the one who acts
    measure = figure.quantity.measure
    return not (
        (body.sort == "alone" and not acting)
        or (measure.endswith("变化") and not acting)
        or DAMAGE.search(measure)
        or SOMEBODY.search(text, since, figure.start)
        or (not acting and OTHERS.search(text, 0, figure.start))
        or _elsewhere(text, since, figure.start, body)
    )


def _only_says(body: Body, clause: str) -> bool:
    """Whether a ministry makes something known of the country."""
    return body.sort == "alone" and bool(PUBLISHES.search(clause))


def _strangers(told: Told) -> list[int]:
    """Where clauses begin with a body that nobody can make out: what is counted after it is not of the body before."""
    text = told.seen.sentence.text
    return [
        unit.start
        for unit, body in zip(told.seen.units, told.bodies, strict=False)
        if body is None and not unit.name.pointer and opens(text[clause_start(text, unit.start) : unit.start])
    ]


def _elsewhere(text: str, since: int, at: int, body: Body) -> bool:
    """Whether the last place that a sentence comes to before a figure at `at` is none of the body's: 我国现有…, 某省已转移…."""
    away = False
    if m := IN_PLACE.search(text, since, at):
        known = regions_named(m[1], short=True) or regions_named(m[1][: short_at(m[1])], short=True)
        if known and (body.region is None or not any(_around(region, body.region) for region in known)):
            return True
    if body.region is None:
        return False
    ends = {start: end for end, start in region_ends(text).items()}
    for clause in CLAUSE_HEAD.finditer(text, since, at):
        begin = clause.end()
        if NATION.match(text, begin):
            away = True
            continue
        if all_of := ALL_OF.match(text, begin):
            away = not ranked(body.region, rank_of(all_of[0]))
            continue
        end = ends.get(begin) or begin + short_at(text[begin : begin + 4])
        known = regions_named(text[begin:end], short=True) if end > begin else ()
        if begin not in ends:  # a short name: only of a province or a city, since counties are called like words (新建)
            known = tuple(region for region in known if len(region.code) <= 4)
        follow = words.cut(text[end : end + 6])[:1]
        if known and follow and (words.tag(follow[0])[:1] in ("v", "d", "t") or WIDE.match(follow[0])):
            away = not any(divisions().within(region, body.region) for region in known)
    return away


def _around(one: Region, other: Region) -> bool:
    """Whether one of two regions lies in the other."""
    return divisions().within(one, other) or divisions().within(other, one)
