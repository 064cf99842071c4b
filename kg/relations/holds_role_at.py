"""holds_role_at: a person has a post in a body."""

from typing import Any

from kg.mentions.people import led_by
from kg.model import Kind
from kg.relations import Relation, Rule


def near(person: Any, body: Any) -> bool:
    """Whether the body right before a post may have it: not a 副市长 of a bureau."""
    ends = led_by(person.detail.split("、")[0])
    return not ends or bool(body.name.endswith(ends))


def said_after(person: Any, body: Any) -> bool:
    """Whether the post stands after the body, and not before the name: 李国强，某局局长."""
    return person.end - person.start == len(person.name) and near(person, body)


def known(person: Any, body: Any) -> bool:
    """Whether a body further off surely is what the post is of: 所长 and 某某派出所."""
    ends = tuple(end for post in person.detail.split("、") for end in led_by(post))
    if ends:
        return bool(body.name.endswith(ends))
    return bool(person.detail.endswith(PLAIN) and body.name.endswith(PLACES))


PLAIN = ("民警", "女警", "队员", "法官", "检察官", "干警", "民警教师")
PLACES = (
    "派出所",
    "大队",
    "中队",
    "支队",
    "法庭",
    "法院",
    "检察院",
    "公安局",
    "分局",
    "监狱",
    "戒毒所",
    "看守所",
    "检查站",
)

RELATION = Relation(
    name="holds_role_at",
    zh="任职于",
    en="holds role at",
    comment_zh="人物在单位任职；职务见证据的 kg:title。",
    comment_en="The person holds a post at the unit; the evidence gives the title of the post.",
    broader=("org:memberOf",),
    ends=((Kind.PERSON, Kind.UNIT),),
    inverse=("任职人员", "has in a role"),
    order=70,
    rules=(
        Rule(
            "of the body",
            r"(?P<o>U)(?:的)?(?:一名|优秀|原|老|年轻)?(?P<s>P)",
            0.95,
            says=(
                "柳州市公安局局长陈志远要求加强巡逻。",
                "据遂宁市船山区人民法院党组成员、副院长赵秋萍介绍，今年结案120件。",
                "青岛海关缉私局民警郑海涛和同事登船检查。",
            ),
            leaves=("柳州市公安局局长陈某要求加强巡逻。", "遂宁市船山区人民法院干警高度重视。"),
            fits=near,
        ),
        Rule(
            "of the body, a second one",
            r"(?P<o>U)P[\u4e00-\u9fff]{2,5}[、和](?P<s>P)",
            0.9,
            says=(
                "柳州市公安局陈志远局长、赵秋萍政委到场指挥。",
                "青岛海关郑海涛关长和李明亮副关长带队检查。",
                "遂宁市船山区人民法院赵秋萍院长、陈志远副院长走访企业。",
            ),
            leaves=("柳州市公安局陈某局长、赵某政委到场指挥。", "遂宁市船山区人民法院赵某院长、干警走访企业。"),
            fits=near,
        ),
        Rule(
            "is its",
            r"(?P<s>P)(?:（[男女]）)?(?:，|是| |任|现任|担任|系|，现任|，系|，是|同志是|原是){1,2}(?P<o>U)",
            0.92,
            says=(
                "赵秋萍是遂宁市船山区人民法院庭长，今年42岁。",
                "陈志远，柳州市公安局特警支队民警。",
                "郑海涛现任青岛海关缉私局局长。",
            ),
            leaves=("赵秋萍是遂宁市船山区居民。", "陈志远到柳州市公安局报案。"),
            fits=said_after,
        ),
        Rule(
            "of the body before it too",
            r"(?P<o>U)的?(?P<post>原?(?:党[委组][成委]员|党[委组]副?书记|副?书记|常委|班子成员|委员|党委|副?主任|副?主席|政委|教导员|指导员|"
            r"副?[\u4e00-\u9fff]长)){1,2}、(?:U?[^，。；：UPA、]{1,8}、)?(?:U|[^，。；：UPA]{0,8})(?P<s>P)",
            0.85,
            says=(
                "柳州市公安局党委委员、特警支队支队长陈志远带队巡逻。",
                "遂宁市船山区人民法院党组成员、执行局局长赵秋萍介绍，今年结案120件。",
                "据青岛海关副关长、青岛海关缉私局局长郑海涛介绍，今年立案12起。",
            ),
            leaves=("柳州市公安局党委委员、特警支队支队长陈某到场。", "遂宁市船山区人民法院党组成员、干警踊跃参加。"),
        ),
        Rule(
            "where the person is",
            r"(?:在|走进|来到)(?P<o>U)(?:[^，。；：UPAC]{0,8})，(?P<s>P)",
            0.88,
            says=(
                "在潢川县双柳检查站，站长郑海涛正在查车。",
                "走进柳州市公安局柳石派出所，所长陈志远迎了上来。",
                "在遂宁市船山区人民法院执行局，局长赵秋萍翻开了台账。",
            ),
            leaves=(
                "在柳州市公安局柳石派出所，厂长陈志远表示感谢。",
                "走进遂宁市船山区人民法院，记者看到大厅里人不多。",
            ),
            fits=known,
        ),
        Rule(
            "of the body spoken of",
            r"(?<![U的、])(?P<s>P)(?!(?:（[男女]）)?(?:，|是| |任|现任|担任|系)U)",
            0.8,
            says=(
                "柳州市公安局柳石派出所联合社区走访群众，所长陈志远带队宣讲。",
                "遂宁市船山区人民法院启动“暖冬”专项行动，院长赵秋萍到场动员。",
                "潢川县双柳检查站灯火通明，站长郑海涛正在查车。",
            ),
            leaves=(
                "柳州市公安局走访企业3家，厂长陈志远表示感谢。",
                "遂宁市船山区人民法院走进校园，校长赵秋萍表示欢迎。",
            ),
            fits=known,
        ),
    ),
    planned=True,
)
