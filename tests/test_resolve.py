"""Which body a short name, a pointer or half a name means; namesakes kept apart, and five names of one body made one."""

from __future__ import annotations

import pytest
from reading import Said, bodies, known_wrong

from kg.model import Kind

# (what stands in the text, the full name that it means, the text)
MEANT = [
    # 该局 and its like: the last of that kind that the article speaks of
    ("该局", "岳西县公安局", "岳西县公安局开展巡查。该局出动警力320名。"),
    ("该局", "岳西县公安局", "岳西县公安局会同潜山市应急管理局检查仓库60处。该局还走访居民120户。"),
    ("该局", "绩溪县公安局", "泾县公安局抓获嫌疑人6名。绩溪县公安局赠送锦旗2面。该局还走访群众60户。"),
    ("该检察院", "泾县人民检察院", "泾县人民检察院起诉60人。泾县公安局派员旁听。该检察院还走访企业12家。"),
    ("该公司", "泾县供水公司", "泾县供水公司抢修管道60处。该公司还走访居民120户。"),
    ("该分局", "安庆市公安局迎江区分局", "安庆市公安局迎江分局开展巡查，该分局检查车辆46台。"),
    ("分局", "安庆市公安局迎江区分局", "安庆市公安局迎江分局开展巡查。分局民警还走访商户8家。"),
    ("该大队", "泾县公安局交警大队", "泾县公安局交警大队查处酒驾6起。该大队还走访客运企业5家。"),
    ("该局", "泰安市城市管理局", "泰安市城市管理局公布战果。\n\n●岱岳区城市管理局：劝导摊贩60处，清运垃圾6吨。\n\n●新泰市城市管理局：劝导摊贩50处，清运垃圾5吨。\n\n该局还走访商户30户。"),
    ("该院", "绩溪县人民法院", "泾县人民法院审结案件60件。绩溪县人民法院执行局局长王一水带队查车，该院还走访企业12家。"),
    ("市局", "泰安市城市管理局", "泰安市城市管理局检查门店60家，其中新泰市城市管理局检查9家。市局还走访商户30户。"),
    ("全市医保系统", "泰安市医保系统", "泰安市医疗保障局检查药店60家。其中，新泰市医疗保障局检查药店9家。全市医保系统发放资料300份。"),
    # the bureau of the place in play
    ("市公安局", "六安市公安局", "六安讯 市公安局开展巡查，出动警力320名。"),
    ("市医保局", "六安市医疗保障局", "六安讯 市医保局检查药店60家。"),
    ("市工商联", "六安市工商业联合会", "六安讯 市税务局会同市工商联走访企业60家。"),
    ("全市公安机关", "六安市公安机关", "六安讯 市公安局部署巡查。全市公安机关出动警力3200名。"),
    ("县公安局", "泾县公安局", "泾县召开防汛会议。县公安局出动警力60名。"),
    ("县水务局", "泾县水务局", "泾县召开防汛会议。县公安局出动警力60名，县水务局巡查河道20公里。"),
    ("市中院", "芜湖市中级人民法院", "芜湖市中级人民法院审结案件60件。市中院发布典型案例3件。"),
    ("市生态环境局", "随州市生态环境局", "随州市公安局、市生态环境局查处案件12起。"),
    # a part of the body in play
    ("交警大队", "泾县公安局交警大队", "泾县公安局召开会议。交警大队出动警力60名。"),
    ("刑警大队", "怀远县公安局刑警大队", "怀远县公安局禁毒大队、刑警大队抓获嫌疑人6名。"),
    ("城关派出所", "旌德县公安局城关派出所", "旌德县公安局城关派出所走访群众60户。城关派出所还调解纠纷5起。"),
    ("立案庭", "泾县人民法院立案庭", "泾县人民法院召开会议。立案庭调解纠纷60件。"),
    # half a name in a list
    ("财政局", "蚌埠市财政局", "蚌埠市公安局、财政局、司法局检查企业6家。"),
    ("涡阳县", "涡阳县公安局", "涡阳县、蒙城县公安局开展巡查。"),
    ("涡阳", "涡阳县公安局", "涡阳、蒙城两县公安局开展巡查。"),
    ("海防", "舟山市公安局海防支队", "舟山市公安局海防、刑侦、特警三个支队开展巡查。"),
    ("田家庵", "田家庵区人民检察院", "淮南市大通、田家庵、谢家集三区检察院办理案件60件。"),
    ("铜官", "铜陵市公安局铜官区分局", "铜陵市公安局铜官、义安两个分局抓获嫌疑人6名。"),
    # namesakes: the one of the place in play
    ("鼓楼区人民法院", "福州市鼓楼区人民法院", "福州市召开会议。鼓楼区人民法院执结案件20件。"),
    ("鼓楼区人民法院", "徐州市鼓楼区人民法院", "徐州市中级人民法院召开会议。鼓楼区人民法院执结案件20件。"),
    ("城中区公安分局", "柳州市公安局城中区分局", "柳州市召开会议。城中区公安分局巡逻20次。"),
    ("该院", "泾县人民法院", "泾县人民法院审结案件60件。泾县公安局派员旁听。该院还走访企业12家。"),
    ("市公安局", "六安市公安局", "六安日报\n2024/03/18\n02\n要闻\n\n市公安局守护夜市\n\n市公安局出动警力320名。"),
    ("市局指挥中心", "六安市公安局指挥中心", "六安市公安局召开会议。市局指挥中心调度警力30人。"),
    ("税务局", "谯城区税务局", "亳州市谯城区公安局、税务局检查门店60家。"),
    ("该关", "黄山海关", "黄山海关查验货物60批。泾县公安局派员到场。该关走访企业12家。"),
]  # fmt: skip

WRONG = [
    ("该校", "泾县城关小学", "泾县城关小学召开会议。泾县公安局派员到场。该校师生60人参加。", "校 is no head: the body before is meant"),
]  # fmt: skip


@pytest.mark.parametrize(("stands", "means", "text"), [*MEANT, *known_wrong(WRONG)])
def test_means(stands, means, text):
    assert {full for as_it_stands, full in bodies(text) if as_it_stands == stands} == {means}


@pytest.mark.parametrize(
    ("stands", "text"),
    [
        ("该局", "泾县人民法院审结案件60件。该局走访企业12家。"),
        ("该院", "泾县公安局破案60起。该院走访企业12家。"),
        ("县公安局", "民警向县公安局求助，走访群众60户。"),
        ("县公安局", "某县公安局出动警力320名。"),
        ("鼓楼区人民法院", "鼓楼区人民法院审结案件60件。"),
        ("立案庭", "泾县公安局召开会议。立案庭调解纠纷60件。"),
        ("交警大队", "泾县人民法院召开会议。交警大队出动警力60名。"),
    ],
)
def test_means_nobody(stands, text):
    assert stands not in {as_it_stands for as_it_stands, _ in bodies(text)}


def test_an_article_does_not_point_into_the_one_before():
    first = "茶山上的税法课\n泾县税务局辅导茶农230户。\n（王一水）\n"
    assert bodies(first + "夜市里的巡逻队\n该局走访商户60户。\n（赵二木）\n") == bodies(first)


# ---------------------------------------------------------------- across documents


def test_five_names_of_one_body_are_one_node():
    said = Said(
        "江西省南昌市公安局东湖分局开展巡查。东湖分局抓获嫌疑人3名。该局走访商户8家。",
        "南昌市公安局召开会议。东湖公安分局巡逻20次。",
        "南昌市公安局东湖区分局检查网吧5家。",
    )
    assert said.names(Kind.UNIT) == ["南昌市公安局", "南昌市公安局东湖区分局"]
    (node,) = said.named("南昌市公安局东湖区分局")
    assert {"南昌市公安局东湖分局", "东湖分局", "东湖公安分局"} <= set(node.names)
    assert not {"该局", "分局"} & set(node.names)
    assert said.figures(node.name) == {"抓获嫌疑人": 3, "走访商户": 8, "巡逻": 20, "检查网吧": 5}


def test_the_same_short_name_in_two_counties():
    texts = [
        "旌德县公安局城关派出所走访群众60户。城关派出所调解纠纷5起。",
        "绩溪县公安局城关派出所走访群众30户。城关派出所调解纠纷7起。",
    ]
    for said in (Said(*texts), Said("\n\n".join(texts))):
        assert [len(said.named("城关派出所")), len(said.named("旌德县公安局城关派出所"))] == [2, 1]
        assert said.figures("旌德县公安局城关派出所") == {"走访群众": 60, "调解纠纷": 5}
        assert said.figures("绩溪县公安局城关派出所") == {"走访群众": 30, "调解纠纷": 7}


def test_namesakes_among_districts():
    said = Said("南京市鼓楼区人民法院审结案件60件。", "福州市鼓楼区人民法院审结案件80件。")
    assert said.names(Kind.UNIT) == ["南京市鼓楼区人民法院", "福州市鼓楼区人民法院"]
    regions = {said.entities[s.object].code for s in said.stated("located_in")}
    assert regions == {"320106", "350102"}


def test_namesakes_among_persons():
    said = Said("泾县公安局局长李国强介绍了经过。", "绩溪县公安局局长李国强介绍了经过。")
    assert len(said.named("李国强", Kind.PERSON)) == 2
    assert (
        len(Said("泾县公安局局长李国强介绍了经过。", "泾县公安局局长李国强表示感谢。").named("李国强", Kind.PERSON))
        == 1
    )


def test_a_region_under_two_names_is_one_node():
    said = Said("六安市公安局破案3起。", "安徽省六安市司法局调解纠纷5起。")
    assert [region.code for region in said.named("六安市", Kind.REGION)] == ["341500"]


@pytest.mark.parametrize(
    ("word", "text"),
    known_wrong(
        [
            (
                "城关",
                "泾县公安局召开会议。交警大队、城关派出所、禁毒大队出动警力60名。",
                "half a name is kept as a name",
            ),
            ("海防", "舟山市公安局海防、刑侦、特警三个支队开展巡查。", "half a name is kept as a name"),
            ("铜官", "铜陵市公安局铜官、义安两个分局抓获嫌疑人6名。", "half a name is kept as a name"),
        ]
    ),
)
def test_half_a_name_is_no_name(word, text):
    assert Said(text).named(word, Kind.UNIT) == []


# ---------------------------------------------------------------- where bodies are, and what they are part of


@pytest.mark.parametrize(
    ("body", "region", "text"),
    [
        ("昆明市公安局官渡区分局", "官渡区", "昆明市公安局官渡分局破案32起。"),
        ("昆明市公安局官渡区分局太和派出所", "官渡区", "昆明市公安局官渡分局太和派出所走访群众32户。"),
        ("岳西县公安局", "岳西县", "岳西县公安局破案32起。"),
        ("涡阳县公安局", "涡阳县", "涡阳、蒙城两县公安局开展巡查。"),
        ("六安市公安局", "六安市", "六安讯 市公安局出动警力320名。"),
        ("背崩乡派出所", "背崩乡", "墨脱县背崩乡派出所巡逻30次。"),
        ("旬邑县公安局土桥派出所", "土桥镇", "土桥镇逢集，旬邑县公安局土桥派出所走访群众32户。"),
        ("旬邑县公安局土桥派出所", "旬邑县", "旬邑县公安局土桥派出所走访群众32户。"),
        ("甘肃省高级人民法院", "甘肃省", "甘肃省高级人民法院审结案件320件。"),
        ("兰州新区管理委员会", "兰州新区", "兰州新区管委会减免费用62万元。"),
    ],
)
def test_located_in(body, region, text):
    assert Said(text).says(body, "located_in", region)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        ("昆明市公安局官渡区分局", "昆明市公安局", "昆明市公安局官渡分局破案32起。"),
        ("昆明市公安局官渡区分局太和派出所", "昆明市公安局官渡区分局", "昆明市公安局官渡分局太和派出所走访群众32户。"),
        ("泾县公安局交警大队", "泾县公安局", "泾县公安局召开会议。交警大队出动警力60名。"),
        ("舟山市公安局海防支队", "舟山市公安局", "舟山市公安局海防、刑侦、特警三个支队开展巡查。"),
        ("常德市生态环境局石门分局", "常德市生态环境局", "常德市生态环境局石门分局处罚企业4家。"),
        ("崇川区人民法院立案庭", "崇川区人民法院", "南通市崇川区人民法院立案庭调解纠纷86件。"),
        ("墨脱县公安局背崩乡派出所", "墨脱县公安局", "墨脱县公安局开展宣传。背崩乡派出所巡逻30次。"),
        ("墨脱县公安局背崩乡派出所", "墨脱县公安局", "墨脱县公安局开展宣传，墨脱县背崩乡派出所巡逻30次。"),
        (
            "临沧市边境管理支队南伞边境派出所",
            "临沧市边境管理支队",
            "临沧市边境管理支队开展巡边。南伞边境派出所巡逻30次。",
        ),
    ],
)
def test_part_of(part, whole, text):
    assert Said(text).says(part, "part_of", whole)


@pytest.mark.parametrize(
    "text",
    [
        "岳西县公安局、潜山市公安局破案32起。",
        "岳西县公安局会同岳西县税务局检查企业6家。",
        "岳西县公安局民警来到岳西县人民法院。",
        "池州海关、芜湖海关查验货物60批次。",
        "墨脱县司法局开展宣传。背崩乡派出所巡逻30次。",
        "察隅县公安局开展宣传。墨脱县背崩乡派出所巡逻30次。",
    ],
)  # fmt: skip
def test_neighbours_are_no_parts(text):
    assert Said(text).facts("part_of") == []


@pytest.mark.parametrize(
    "body, city, there",
    [
        ("遂宁市互联网信息办公室", "遂宁市", "遂宁市公安局网安支队会同遂宁市互联网信息办公室核查线索36条。"),
        ("厦门市消防支队", "厦门市", "厦门消防支队救出群众12人。"),
        ("九龙坡区消防救援支队", "九龙坡区", "九龙坡消防救援支队救出群众12人。"),
    ],
)
def test_who_is_in_another_province_is_no_part_of_a_body_here(body, city, there):
    said = Said(f"在山西，运城市公安局盐湖分局破案32起。在别处，{there}")
    assert said.says(body, "located_in", city)
    assert body not in [part for part, _ in said.facts("part_of")]


def test_a_station_that_is_called_like_a_town_elsewhere_stays_here():
    said = Said("本报讯 运城市公安局盐湖分局巡逻30次。银西镇派出所抓获嫌疑人3名。背崩派出所走访群众12户。")
    assert said.says("运城市公安局盐湖区分局背崩派出所", "part_of", "运城市公安局盐湖区分局")
    assert said.named("墨脱县", Kind.REGION) == []


def test_a_figure_that_two_pages_give_is_told_as_the_fuller_page_tells_it():
    bare, dated = "泾县公安局抓获嫌疑人12名。", "今年3月以来，泾县公安局抓获嫌疑人12名。"
    periods = [Said(*pages).content.entities for pages in ((bare, dated), (dated, bare))]
    assert [[e.quantity.period for e in found if e.quantity] for found in periods] == [["今年3月以来"], ["今年3月以来"]]


def test_the_town_that_an_article_is_about_comes_before_the_city_of_its_dateline():
    said = Said("本报茂名讯 化州市教育局、公安局、司法局开展检查。\n\n市公安局在学校设岗，查处案件12起。")
    assert said.figures("化州市公安局") == {"查处案件": 12}
    said = Said("本报茂名讯 化州市教育局开展检查。\n\n市公安局在学校设岗，查处案件12起。")
    assert said.figures("茂名市公安局") == {"查处案件": 12}


def test_each_half_of_a_sentence_is_told_from_its_place():
    said = Said("在汉阴县，县农业农村局查处案件6起；在石泉县，县市场监管局下架农药32瓶。")
    assert said.figures("汉阴县农业农村局") == {"查处案件": 6}
    assert said.figures("石泉县市场监督管理局") == {"下架农药": 32}


def test_a_detachment_is_named_after_its_city():
    """昆明支队 of the fire service, where the page speaks of the corps; nothing where it speaks of none."""
    said = Said("云南省消防救援总队部署检查。昭通支队检查单位136家。普洱支队联合市住建局检查单位40家。")
    assert said.figures("昭通市消防救援支队") == {"检查单位": 136}
    assert ("普洱市消防救援支队", "云南省消防救援总队") in said.facts("part_of")
    assert Said("昭通支队检查单位136家。").facts("part_of") == []


def test_an_item_of_a_digest_is_told_from_its_place():
    said = Said(
        "巢湖日报\n2024/06/18\n02\n要闻\n\n警讯\n\n▲桐城　市公安局查处赌博案件12起。\n\n▲天长　市公安局检查旅馆35家。\n"
    )
    assert said.figures("桐城市公安局") == {"查处赌博案件": 12}
    assert said.figures("天长市公安局") == {"检查旅馆": 35}


def test_a_body_of_no_known_place_is_of_its_page_alone():
    """Two papers that do not say where they appear: their 市公安局 may be two, and neither is placed."""
    said = Said("市公安局出动警力320名。该局走访群众60户。", "市公安局抓获嫌疑人6名。民警来到市公安局看望群众12名。")
    assert [e.name for e in said.content.entities if e.kind is Kind.UNIT] == ["市公安局", "市公安局"]
    assert said.facts("located_in") == []
    assert sorted(e.quantity.value for e in said.content.entities if e.quantity) == [6, 12, 60, 320]


@pytest.mark.parametrize(
    ("full", "text"),
    [
        ("甘肃省药品监督管理局", "省药品监督管理局印发《甘肃省网络售药检查方案》，检查药店60家。"),
        ("温州市公安局", "温州民间借贷案件增多。市公安局立案12起。"),
        ("桂林市总工会", "桂林日报\n\n市总工会慰问职工300名。"),
        ("永嘉县应急管理局", "永嘉：县应急管理局检查企业60家。"),
        # counties are called like words
        ("县公安局", "各地落实惠民政策，新建公厕。县公安局走访群众60户。"),
        # as often spoken of as another
        ("市公安局", "嫌疑人从温州逃往丽水。市公安局立案12起。"),
    ],
)
def test_the_place_that_an_article_speaks_of(full, text):
    assert full in Said(text).names(Kind.UNIT)


def test_a_department_is_part_of_its_committee_where_the_page_names_it():
    text = "荔波县委召开会议。荔波县委政法委组织宣讲60场。"
    assert Said(text).says("荔波县委政法委员会", "part_of", "荔波县委")
    assert Said(text.partition("。")[2]).facts("part_of") == []


def test_hospitals_called_by_the_rank_of_their_place_stay_two():
    said = Said("六安市召开会议。市人民医院派出医师60名。", "安庆市召开会议。市人民医院派出医师30名。")
    assert said.figures("六安市人民医院") == {"派出医师": 60}
    assert said.figures("安庆市人民医院") == {"派出医师": 30}


@pytest.mark.parametrize(
    ("full", "text"),
    [
        ("泰安市公安局", "泰安讯 全市停用扶梯39台，群众从肥城市赶来。市公安局检查电梯60部。"),
        ("肥城市公安局", "泰安讯 肥城市召开会议。市公安局检查电梯60部。"),
        ("肥城市公安局", "泰安讯 肥城市市场监管局停用扶梯39台。市公安局检查电梯60部。"),
        ("内江市公安局", "不听汇报看卷宗\n内江检察：督察走深走实\n\n市公安局检查电梯60部，隆昌市也在其列，受到了乡亲们的好评和称赞。"),
    ],
)  # fmt: skip
def test_the_city_of_a_dateline_or_a_headline_is_meant_until_a_town_of_it_is_spoken_of(full, text):
    assert full in Said(text).names(Kind.UNIT)


def test_the_parts_of_a_body_of_one_page_are_of_that_page_too():
    said = Said("市公安局交警支队查处酒驾6起。", "市公安局交警支队查处酒驾9起。")
    assert [e.name for e in said.content.entities if e.kind is Kind.UNIT].count("市公安局交警支队") == 2


def test_a_street_called_after_a_province_is_no_province():
    said = Said("乌鲁木齐市公安局开展巡查。北京路派出所查处案件12起。")
    assert said.figures("乌鲁木齐市公安局北京路派出所") == {"查处案件": 12}
