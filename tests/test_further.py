"""Persons, documents, honours, facilities and the rules about them: every example of a rule is read, or left, as it says."""

import pytest

from kg.extract import extract
from kg.mentions import awards, facilities, people, policies
from kg.model import Kind, Statement
from kg.read import read
from kg.relations import Relation, Rule, relations


def facts(text: str, relation: str) -> list[Statement]:
    """What a text states by a relation."""
    found = extract([read(text.encode(), "t")])
    return [statement for statement in found.statements if statement.predicate == relation]


def examples(kind: str) -> list[tuple[str, str, str]]:
    return [
        (relation.name, rule.name, text)
        for relation in relations()
        for rule in relation.rules
        for text in getattr(rule, kind)
    ]


@pytest.mark.parametrize(("relation", "rule", "text"), examples("says"))
def test_a_rule_reads_its_examples(relation: str, rule: str, text: str) -> None:
    assert facts(text, relation), f"{rule} reads nothing"


@pytest.mark.parametrize(("relation", "rule", "text"), examples("leaves"))
def test_a_rule_leaves_what_it_should(relation: str, rule: str, text: str) -> None:
    assert not facts(text, relation), f"{rule} reads {facts(text, relation)}"


FURTHER = {"cooperated_with", "issued", "received", "operates", "holds_role_at"}


@pytest.mark.parametrize(
    ("relation", "rule"),
    [(r, rule) for r in relations() if r.name in FURTHER for rule in r.rules],
    ids=lambda x: x.name,
)
def test_every_rule_has_examples(relation: Relation, rule: Rule) -> None:
    assert len(rule.says) >= 3
    assert len(rule.leaves) >= 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("青岛海关缉私局局长李国强说，", ["李国强"]),
        ("据遂宁监狱党委书记、监狱长欧阳春介绍", ["欧阳春"]),
        ("柯桥分局民警岳峰获评先进", ["岳峰"]),
        ("所长孙玉正感慨道", ["孙玉正"]),
        ("民警李建军、王伟和赵敏带队巡查", ["李建军", "王伟", "赵敏"]),
        ("执勤二队副队长阿依古丽·买买提带着徒弟", ["阿依古丽·买买提"]),
        ("该站副站长艾合买提·吐尔逊说，班列多了", ["艾合买提·吐尔逊"]),
        ("站长巴特尔介绍", ["巴特尔"]),
        ("所长乌恩其说", ["乌恩其"]),
        ("所长字文清介绍", ["字文清"]),
        ("所长岩应罕介绍", ["岩应罕"]),
        ("科长区少玲说", ["区少玲"]),
        ("庭长扎西东智赶来", ["扎西东智"]),
        ("调解员石金枝上门三趟", ["石金枝"]),
        ("站长吴广田站在堤上", ["吴广田"]),
        ("副站长林向才登轮检查", ["林向才"]),
        ("局长区分轻重", []),
        ("站长独立完成", []),
        ("所长哈哈一笑", []),
        ("二级巡视员 汤敬之：“下一步”", ["汤敬之"]),
        ("民警李某和王某某", []),
        ("民警高度重视、周密部署", []),
        ("民警向群众发放传单", []),
        ("局长王某某表示", []),
        ("记者李国强 通讯员王建军", []),
        ("王女士和陈先生，小李也来了", []),
        ("法官张女士", []),
        ("任命区委书记任组长、区长任副组长", []),
        ("宜宾市长宁县发生地震", []),
    ],
)
def test_persons(text: str, names: list[str]) -> None:
    assert [named.name for named in people.find(text, [])] == names


def test_a_person_keeps_the_posts_in_front() -> None:
    (person,) = people.find("原党委委员、副局长李国强介绍", [])
    assert (person.detail, person.name, person.start) == ("原党委委员、副局长", "李国强", 0)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("被授予“全省先进集体”称号", ["全省先进集体"]),
        ("荣立个人二等功一次", ["个人二等功"]),
        ("被市公安局记集体嘉奖一次", ["集体嘉奖"]),
        ("分获全省科技大赛一等奖、二等奖", ["全省科技大赛一等奖", "全省科技大赛二等奖"]),
        ("在全市业务比武中夺得团体第一名的好成绩", ["全市业务比武团体第一名"]),
        ("荣获全省“最美民警”“最美辅警”", ["全省“最美民警”", "最美辅警"]),
        ("连续三届被评为全国一等车管所", ["全国一等车管所"]),
        ("获得群众好评", []),
        ("获得线索12条，取得阶段性成效", []),
        ("赢得了企业点赞和认可", []),
        ("3人获得一等奖学金资格", []),
    ],
)
def test_honours(text: str, names: list[str]) -> None:
    assert [named.name for named in awards.find(text, [])] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("印发《关于贯彻〈水法〉的实施意见》", ["《关于贯彻〈水法〉的实施意见》"]),
        ("出台《关于转发《防汛方案》的通知》", ["《关于转发《防汛方案》的通知》"]),
        ("依据《中华人民共和国刑法》", []),
        ("观看《红海行动》，阅读《平凡的世界》", []),
        ("签订《诚信经营承诺书》1200份", []),
    ],
)
def test_documents(text: str, names: list[str]) -> None:
    assert [named.name for named in policies.find(text, [])] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("建成高海拔搜救训练基地", ["高海拔搜救训练基地"]),
        ("设立“小候鸟”服务站", ["“小候鸟”服务站"]),
        ("共建“阳光家事”调解室", ["“阳光家事”调解室"]),
        ("建成“阳光家事”调解室12间", []),
        ("打造了水域救援联合指挥中心、潜水训练中心等阵地", ["水域救援联合指挥中心", "潜水训练中心"]),
        ("建成全省首家沉浸式“云上税务馆”", ["云上税务馆"]),
        ("设立服务窗口，搭建交流平台", []),
        ("建成劝导站264个", []),
        ("为群众建立一个平台", []),
    ],
)
def test_facilities(text: str, names: list[str]) -> None:
    assert [named.name for named in facilities.find(text, [])] == names


def test_a_person_is_known_again_and_told_from_namesakes() -> None:
    first = "柳州市公安局民警陈志远值守一线。年底，陈志远荣立个人二等功。"
    second = "遂宁市司法局局长陈志远介绍，调解工作有序。"
    found = extract([read(first.encode(), "a"), read(second.encode(), "b")])
    persons = [entity.key for entity in found.entities if entity.kind == Kind.PERSON]
    assert persons == ["person/陈志远-柳州市公安局", "person/陈志远-遂宁市司法局"]
    assert [s.subject for s in found.statements if s.predicate == "received"] == ["person/陈志远-柳州市公安局"]


def test_she_is_the_person_named_last() -> None:
    text = "金秀兰是遂宁市船山区人民法院庭长。今年，她被司法部授予“全国模范法官”称号。"
    assert [s.subject.split("-")[0] for s in facts(text, "received")] == ["person/金秀兰"]


def test_the_lines_of_a_list_receive_what_its_head_says() -> None:
    text = "获得“全省先进集体”称号的有：\n\n柳州市公安局特警支队\n\n遂宁市司法局\n"
    assert len(facts(text, "received")) == 2


@pytest.mark.parametrize(
    "hostile", ["荣获“" * 3000, "局长" * 5000, "《" * 5000, "建成" * 5000, "、李" * 5000, "会同" * 5000, "“" * 9000]
)
def test_hostile_text_is_read_quickly(hostile: str) -> None:
    for finder in (people.find, policies.find, awards.find, facilities.find):
        finder(hostile, [])


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("安陆市召开会议。市委书记、市人大常委会主任王卫东到会，副市长李明亮主持。",
         ["王卫东 安陆市人大常委会", "王卫东 安陆市委", "李明亮 安陆市人民政府"]),
        ("宿松县委副书记、县长王卫东到社区调研。", ["王卫东 宿松县人民政府", "王卫东 宿松县委"]),
        ("平利县副县长李明亮、镇长赵永强到场。", ["李明亮 平利县人民政府"]),
        ("大田县人民政府副县长李明亮介绍了情况。", ["李明亮 大田县人民政府"]),
        ("安陆市公安局李明亮局长、王卫东政委到场指挥。", ["李明亮 安陆市公安局", "王卫东 安陆市公安局"]),
        ("安陆市公安局召开会议。市委常委、政法委书记、公安局长王卫东到会。",
         ["王卫东 安陆市公安局", "王卫东 安陆市委", "王卫东 安陆市委政法委员会"]),
        ("宿松县政协副主席、县工商联主席王卫东到会。", ["王卫东 宿松县工商业联合会", "王卫东 宿松县政协"]),
        ("宿松县公安局副局长马从容陪同调研。", ["马从容 宿松县公安局"]),
        # nobody by name, and posts that are of no government
        ("安陆市召开会议。市长热线接听电话600个。", []),
        ("安陆市召开会议。市委书记王某某到会。", []),
        ("宿松县县长陪同省公安厅厅长王卫东调研。", ["王卫东 安徽省公安厅"]),
        ("宿松县召开会议。县长热线办公室主任王卫东到会。", []),
        ("宿松县实验小学校长王卫东致辞。", ["王卫东 宿松县实验小学"]),
        ("宿松县召开会议。企业家、商会会长王卫东到会。", []),
    ],
)  # fmt: skip
def test_posts_that_name_the_body_themselves(text: str, held: list[str]) -> None:
    found = extract([read(text.encode(), "t")])
    names = {entity.key: entity.name for entity in found.entities}
    said = {f"{names[s.subject]} {names[s.object]}" for s in found.statements if s.predicate == "holds_role_at"}
    assert said == set(held)
