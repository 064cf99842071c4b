"""What sentences say of the bodies and campaigns that they name: whom a clause speaks of, who works with whom, and what is only planned."""

from __future__ import annotations

import pytest
from reading import Said, known_wrong

from kg.model import Kind

DRIVE = "“护林”专项行动"

# ---------------------------------------------------------------- who conducts a campaign


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("泾县公安局", "泾县公安局开展“护林”专项行动。"),
        ("泾县公安局", "近日，泾县公安局深入推进“护林”专项行动。"),
        ("泾县公安局", "“护林”专项行动开展以来，泾县公安局检查车辆60台。"),
        ("泾县公安局", "在“护林”专项行动中，泾县公安局检查车辆60台。"),
        ("泾县公安局", "泾县公安局在“护林”专项行动中检查车辆60台。"),
        ("泾县公安局", "泾县公安局以“护林”专项行动为抓手，检查车辆60台。"),
        ("泾县公安局", "泾县公安局召开会议。该局随后启动“护林”专项行动。"),
        ("泾县公安局", "泾县公安局民警参加“护林”专项行动。"),
        # several bodies
        ("泾县公安局 绩溪县公安局", "泾县公安局、绩溪县公安局开展“护林”专项行动。"),
        ("涡阳县公安局 蒙城县公安局", "涡阳、蒙城两县公安局开展“护林”专项行动。"),
        ("泾县公安局 泾县林业局 泾县消防救援大队", "泾县公安局会同县林业局、县消防救援大队开展“护林”专项行动。"),
        ("泾县公安局 泾县林业局", "泾县公安局联合县林业局开展“护林”专项行动。"),
        ("泾县公安局 绩溪县公安局 旌德县公安局", "泾县公安局与绩溪县公安局、旌德县公安局联合开展“护林”专项行动。"),
        (
            "泾县公安局 泾县林业局 国网泾县供电公司",
            "泾县公安局会同县林业局、国网泾县供电公司，在全县铺开“护林”专项行动。",
        ),
        ("泾县公安局", "泾县公安局去年10月推出“护林”专项行动，走访群众60户。"),
        # who orders it and who does it
        ("宣城市公安局 泾县公安局", "“护林”专项行动由宣城市公安局部署，泾县公安局实施。"),
        ("宣城市公安局 泾县公安局 绩溪县公安局", "宣城市公安局组织泾县公安局、绩溪县公安局开展“护林”专项行动。"),
        ("泾县公安局", "在泾县县委领导下，泾县公安局开展“护林”专项行动。"),
        # nobody, or not yet
        ("", "“护林”专项行动开展以来，群众纷纷点赞。"),
        ("", "泾县公安局将开展“护林”专项行动。"),
        ("", "下一步，泾县公安局拟组织“护林”专项行动。"),
        ("", "泾县公安局力争年内启动“护林”专项行动。"),
        ("", "泾县公安局计划开展“护林”专项行动。"),
        ("", "从泾县公安局获悉，全县公安机关将集中开展“护林”专项行动。"),
        ("", "泾县公安局介绍，明年宣城将举办“护林”专项行动。"),
        ("", "泾县县委常委、副县长吴某某到乡镇调研。他指出，要深入开展“护林”专项行动。"),
        ("", "泾县公安局要开展“护林”专项行动。"),
        ("", "泾县公安局召开会议。要深入开展“护林”专项行动，保护一方青山。"),
        ("泾县公安局", "泾县公安局要求各派出所深入开展“护林”专项行动。"),
        ("", "群众向泾县公安局询问“护林”专项行动。"),
        *known_wrong(
            [
                (
                    "舟山市公安局海防支队 舟山市公安局刑侦支队 舟山市公安局特警支队",
                    "舟山市公安局海防、刑侦、特警三个支队开展“护林”专项行动。",
                    "the bureau that they are part of is said to do it too",
                ),
            ]
        ),
    ],
)
def test_who_conducts(expected, text):
    assert {s for s, o in Said(text).facts("conducted") if o == DRIVE} == set(expected.split())


def test_a_ministry_does_much_else():
    said = Said("浙江省林业局开展“护林”专项行动。公安部今天公布一批典型案例，共破获案件12起。深入开展“护苗”专项行动。")
    assert [s for s, _ in said.facts("conducted")] == ["浙江省林业局"]


def test_those_who_act_are_no_result():
    said = Said("泾县公安局、绩溪县公安局等17个单位联合启动“护林”专项行动，检查车辆60台。")
    assert [o for _, o in said.facts("has_metric")] == ["检查车辆 60台"]


def test_pointing_back_to_a_campaign():
    said = Said("泾县公安局开展“护林”专项行动。绩溪县公安局开展“护苗”专项行动。旌德县公安局也参加该行动，检查书店5家。")
    assert said.says("旌德县公安局", "conducted", "“护苗”专项行动")
    assert not said.says("旌德县公安局", "conducted", DRIVE)
    assert said.figures("“护苗”专项行动") == {"检查书店": 5}


def test_one_campaign_under_several_wordings():
    said = Said(
        "泾县公安局开展“护林”专项行动。“护林”行动中，检查车辆60台。该行动中，出动警力90名。",
        "绩溪县公安局开展“护林”专项行动。",
    )
    assert said.names(Kind.CAMPAIGN) == [DRIVE]
    assert said.figures(DRIVE) == {"检查车辆": 60, "出动警力": 90}


def test_a_campaign_is_part_of_another():
    assert Said("“护林一号”行动是“护林”专项行动的组成部分。").facts("part_of") == [("“护林一号”行动", DRIVE)]


# ---------------------------------------------------------------- whose figure it is


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        # carried over clauses, sentences and paragraphs
        ({"泾县公安局": {"抓获嫌疑人": 6, "查扣车辆": 12}}, "泾县公安局抓获嫌疑人6名，查扣车辆12台。"),
        ({"泾县公安局": {"抓获嫌疑人": 6, "走访群众": 60}}, "泾县公安局抓获嫌疑人6名。同时，走访群众60户。"),
        ({"泾县公安局": {"走访群众": 60}}, "泾县公安局召开会议。\n\n会后，走访群众60户。"),
        ({"泾县公安局": {"走访群众": 60}}, "泾县公安局开门接访，群众称赞。走访群众60户。"),
        # but not over who else acts, nor to the end from a body that comes late
        ({"泾县公安局": {}}, "泾县公安局召开会议。会议应到代表60人。"),
        ({"泾县公安局": {}}, "泾县公安局出动警力。武警官兵转移群众60人。"),
        ({"泾县公安局": {"走访群众": 60}}, "天晴了。\n\n山青了。\n\n水绿了。\n\n泾县公安局走访群众60户。\n\n转移群众90人。"),
        # and given over to the next
        ({"泾县公安局": {"走访群众": 60}, "绩溪县公安局": {"走访群众": 30, "发放传单": 500}},
         "泾县公安局走访群众60户。绩溪县公安局走访群众30户。同时，发放传单500份。"),
        ({"泾县公安局": {"抓获嫌疑人": 6}, "绩溪县公安局": {"抓获嫌疑人": 9}}, "泾县公安局抓获嫌疑人6名；绩溪县公安局抓获嫌疑人9名。"),
        ({"泾县人民法院": {"审结案件": 600}, "泾县人民检察院": {"起诉": 80}}, "2024年，泾县法院审结案件600件，泾县检察院起诉80人。"),
        # a heading with a place and a colon: the story of another place, and not of the campaign before
        ({DRIVE: {"抓获嫌疑人": 6}, "绩溪县税务局": {"办理业务": 60}},
         "泾县公安局开展“护林”专项行动，抓获嫌疑人6名。\n\n绩溪：办税少跑腿\n\n绩溪县税务局开设夜间窗口，方便群众。截至目前，办理业务60件。"),
        # one each
        ({"泾县公安局": {"抓获嫌疑人": 6}, "绩溪县公安局": {"抓获嫌疑人": 9}, "旌德县公安局": {"抓获嫌疑人": 4}},
         "泾县、绩溪县、旌德县公安局分别抓获嫌疑人6名、9名和4名。"),
        # a partner or a receiver does not take the figure over
        ({"泾县税务局": {"走访企业": 12}}, "泾县税务局联合宣城海关走访企业12家。"),
        ({"泾县公安局": {"移送案件": 6}}, "泾县公安局向泾县人民检察院移送案件6件。"),
        ({"泾县公安局": {"移送案件": 6, "查扣车辆": 12}}, "泾县公安局移送案件6件，泾县人民检察院称赞，泾县公安局又查扣车辆12台。"),
        # of the campaign whose work is told
        ({DRIVE: {"抓获嫌疑人": 6, "查扣车辆": 12, "走访群众": 60}, "泾县公安局": {}},
         "泾县公安局开展“护林”专项行动，抓获嫌疑人6名，查扣车辆12台。期间，走访群众60户。"),
        ({DRIVE: {"检查车辆": 60}, "“护苗”专项行动": {"检查书店": 5}},
         "“护林”专项行动中，泾县公安局检查车辆60台。“护苗”专项行动中，该局检查书店5家。"),
        ({DRIVE: {}, "“护苗”专项行动": {"检查书店": 5, "收缴图书": 60}},
         "5月，泾县公安局开展“护林”专项行动。6月，泾县公安局开展“护苗”专项行动，检查书店5家。专项行动中，收缴图书60册。"),
        # words around the one at work
        ({DRIVE: {"出动警力": 60}}, "按照宣城市公安局部署要求，泾县公安局开展“护林”专项行动，出动警力60名。"),
        ({"泾县公安局": {"抓获嫌疑人": 6}}, "泾县公安局民警抓获嫌疑人6名。"),
        ({"泾县公安局": {"抓获嫌疑人": 6}}, "泾县公安局在县检察院支持下抓获嫌疑人6名。"),
        # who makes it known, where nobody else acts
        ({"泾县公安局": {"抓获嫌疑人": 6}}, "据泾县公安局通报，抓获嫌疑人6名。"),
        ({"宣城市公安局": {"抓获嫌疑人": 60}}, "泾县公安局召开会议。记者从宣城市公安局获悉，今年以来，抓获嫌疑人60名。"),
        ({"泾县公安局": {"抓获嫌疑人": 6}}, "据宣城市公安局通报，泾县公安局抓获嫌疑人6名。"),
        # whose leader says it
        ({"泾县司法局": {"调解纠纷": 60}}, "泾县司法局局长王强介绍，今年以来，已调解纠纷60起。"),
        ({"泾县司法局": {"调解纠纷": 60}, "泾县公安局": {}}, "泾县公安局派员参加。泾县司法局局长王强告诉记者，已调解纠纷60起。"),
        ({"宿松海关缉私分局": {"查扣快艇": 6}, "安庆海关": {}}, "安庆海关所属宿松海关缉私分局查扣快艇6艘。"),
        # nobody's
        ({"泾县供水公司": {"抢修管道": 6, "走访企业": 12}}, "泾县供水公司抢修管道6处。泾县公安局派员。该公司走访企业12家。"),
        ({"泾县公安局": {"抓获嫌疑人": 6}}, "泾县公安局抓获嫌疑人6名。目前，我国有派出所4万个。"),
        ({"泾县公安局": {"抓获嫌疑人": 6}}, "泾县公安局抓获嫌疑人6名。入梅以来，江西已转移群众500人。"),
        ({"泾县公安局": {"抓获嫌疑人": 6, "走访群众": 60}}, "泾县公安局抓获嫌疑人6名。今年以来，泾县已走访群众60户。"),
        # the sentence comes to another place, or to a wider one, after the one at work
        ({"泾县公安局": {"查处案件": 12}}, "泾县公安局查处案件12起，北京市查处案件20起，全国查处案件300起。"),
        ({"泾县公安局": {"查处案件": 12}}, "泾县公安局查处案件12起，全省查处案件30起。"),
        ({"泾县公安局": {"抓获嫌疑人": 12, "企业检查": 6}}, "经查明，泾县公安局抓获嫌疑人12名。此外，对其他企业检查6次。"),
        ({}, "泾县人民法院审理查明，被告人王某利用职务便利挪用公款80万元。"),
        ({DRIVE: {"抓获嫌疑人": 6}}, "泾县公安局开展“护林”专项行动。经查，嫌疑人王某先后盗伐林木12棵，获利3200元。行动中，抓获嫌疑人6名。"),
        ({"泾县公安局": {"追回木材": 9}}, "泾县公安局破获案件。李某报案称家中丢失木材12根。民警将王某等人抓获，追回木材9根。"),
        ({"泾县公安局": {"抓获": 4}}, "泾县公安局当场将王某、李某等4人抓获。"),
        ({}, "泾县公安局民警王建国今年50岁。他从警21年，荣立三等功3次。"),
        ({}, "泾县公安局派员值守。洪水造成1400多人受灾，200户停电。"),
        ({"泾县公安局": {"解救被困群众": 6}}, "泾县公安局派员值守。解救被困群众6人。"),
        ({}, "泾县公安局派员值守。在河北邯郸，300多项技术装上生产线。"),
        ({}, "中国物流协会发布的数据显示，1至4月货运量超1800万吨。"),
        ({}, "泾县公安局、泾县税务局等部门参加。3个部门联合推出措施。"),
        ({}, "全年抓获嫌疑人6名。"),
        ({}, "群众送来锦旗6面。"),
        ({}, "泾县公安局派员到场。村民来电，称家中失窃稻谷60斤。"),
        ({}, "王某被泾县人民法院判处有期徒刑三年，并处罚金8万元。"),
        ({}, "泾县司法局规定每件补贴不超过500元。"),
    ],
)  # fmt: skip
def test_whose_figure(expected, text):
    said = Said(text)
    for subject, figures in expected.items():
        assert said.figures(subject) == figures, subject
    assert len(said.stated("has_metric")) == sum(map(len, expected.values()))


@pytest.mark.parametrize(
    ("subject", "expected", "text"),
    known_wrong(
        [
            ("大通区人民检察院", {"办理案件": 60}, "淮南市大通、田家庵、谢家集三区检察院办理案件60件。", "the list is no subject"),
            ("铜陵市公安局铜官区分局", {"抓获嫌疑人": 6}, "铜陵市公安局铜官、义安两个分局抓获嫌疑人6名。", "the list is no subject"),
        ]
    ),
)  # fmt: skip
def test_whose_figure_once_mended(subject, expected, text):
    assert Said(text).figures(subject) == expected


TABLE = """宣城市“清灶”专项行动进展

宣城市市场监督管理局开展“清灶”专项行动，情况如下：

1. 泾县市场监督管理局　检查食堂68家　发现问题112个
2. 绩溪县市场监督管理局　检查食堂95家　发现问题171个
"""


@pytest.mark.xfail(reason="short rows of a table are taken for headings", strict=True)
def test_rows_of_a_table():
    values = sorted(e.quantity.value for e in Said(TABLE).content.entities if e.quantity)
    assert values == [68, 95, 112, 171]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "下一步，泾县公安局将新建岗亭12个。"),
        (3000, "泾县公安局力争走访群众3000户。"),
        (50, "泾县公安局拟招录辅警50名。"),
        (95, "泾县公安局确保年底破案率达到95%。"),
    ],
)
def test_plans_are_targets_and_never_results(value, text):
    said = Said(text)
    assert [said.entities[s.object].quantity.value for s in said.stated("has_target")] == [value]
    assert said.stated("has_metric") == []


def test_what_is_done_is_a_result_though_more_is_planned():
    said = Said("泾县公安局计划走访群众3000户，目前已走访群众1800户。")
    assert said.figures("泾县公安局") == {"走访群众": 1800}


def test_the_whole_of_a_quantity():
    said = Said("泾县公安局破获案件26余起，同比上升30%。")
    (found,) = [e.quantity for e in said.content.entities if e.quantity]
    assert (found.measure, found.value, found.unit, found.qualifier) == ("破获案件", 26, "起", "more_than")
    assert (found.as_stated, found.change) == ("26余起", 30)


# ---------------------------------------------------------------- who works with whom


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([("泾县公安局", "泾县林业局")], "泾县公安局会同县林业局检查仓库6处。"),
        ([("泾县税务局", "宣城海关")], "泾县税务局联合宣城海关走访企业12家。"),
        (
            [("泾县公安局", "泾县林业局"), ("泾县公安局", "泾县消防救援大队")],
            "泾县公安局会同县林业局、县消防救援大队检查仓库6处。",
        ),
        ([("泾县公安局", "泾县林业局")], "泾县公安局与县林业局联合检查仓库6处。"),
        ([], "泾县公安局与泾县林业局相距2公里。"),
        ([], "泾县公安局检查仓库6处。泾县林业局检查林场3处。"),
        ([], "泾县公安局向泾县人民检察院移送案件6件。"),
    ],
)
def test_partners(expected, text):
    assert Said(text).facts("cooperated_with") == sorted(expected)


# ---------------------------------------------------------------- who is somebody


@pytest.mark.parametrize(
    "text",
    [
        "张某因盗窃被泾县公安局抓获。",
        "泾县公安局走访李某某，王女士也到场。",
        "泾县公安局民警小李、老王走访群众6户。",
        "泾县公安局嫌疑人陈某甲、陈某乙落网。",
        "泾县公安局局长张某介绍了经过。",
        "泾县公安局走访群众6户。（记者 王一水）",
        "本报记者 王一水\n泾县公安局走访群众6户。",
    ],
)
def test_nobody_is_a_person(text):
    assert Said(text).names(Kind.PERSON) == []


def test_a_bare_deed_makes_no_entities():
    assert Said("群众对此表示满意。天气晴好，游人如织。").content.entities == ()
    assert Said("群众对此表示满意。天气晴好，游人如织。").content.statements == ()


@pytest.mark.parametrize(
    ("dates", "text"),
    [
        (("2024-03-05", ""), "3月5日起，泾县公安局开展“护林”专项行动。"),
        (("2024-03", "2024-05"), "3月至5月，泾县公安局部署开展“护林”专项行动。"),
        (("2023-11-08", ""), "去年11月8日以来，泾县公安局组织开展“护林”专项行动。"),
        (("2022-03", "2022-04"), "2022年3月至4月，泾县公安局会同县林业局开展“护林”专项行动。"),
        (("", ""), "3月5日，记者从泾县公安局获悉，该局开展“护林”专项行动。"),
        (("", ""), "截至3月底，泾县公安局开展“护林”专项行动。"),
        (("", ""), "泾县公安局开展“护林”专项行动。"),
    ],
)
def test_when_a_campaign_runs(dates, text):
    said = Said("泾县日报\n2024/06/18\n02\n要闻\n\n春雨润山林\n\n" + text)
    drive = next(e for e in said.content.entities if e.kind.value == "Campaign")
    assert (drive.start, drive.end) == dates


def test_this_year_of_a_page_without_a_date_is_no_year():
    said = Said("2021年，泾县公安局成立林区警务队。今年3月，泾县公安局启动“护林”专项行动。")
    drive = next(e for e in said.content.entities if e.kind.value == "Campaign")
    assert (drive.start, drive.end) == ("", "")


FILLER = (
    "巡查队员走遍了山前屋后，与乡亲们拉家常，把防火常识讲到炕头，一遍不行就讲两遍，直到家家户户都记在心里为止。\n\n"
)


@pytest.mark.parametrize(
    ("subject", "between"),
    [
        (DRIVE, FILLER),
        (DRIVE, FILLER + "专项行动紧张有序，各村护林员日夜值守，进山路口全部设卡，过往车辆一一登记，不留一处空档和死角。\n\n" + FILLER),
        ("泾县公安局", FILLER * 3),
    ],
)  # fmt: skip
def test_a_drive_named_once_is_not_carried_far(subject, between):
    """What an article comes to three paragraphs after the only word of a drive may be anything that the body does."""
    text = f"泾县公安局开展“护林”专项行动，把山林当作自家的院子来守护，白天有人巡，夜里有人查，雨天有人看。\n\n{between}走访群众60户。\n"
    assert Said(text).figures(subject) == {"走访群众": 60}
