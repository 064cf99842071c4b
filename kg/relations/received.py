"""received: a body or a person is given an honour, or wins a place in a contest."""

import re
from typing import Any

from kg.model import Kind
from kg.relations import Relation, Rule

# What a winner does, and what is done to one (被 … 授予).
WIN = "荣获|荣立|荣记|荣膺|获评|获颁|获授|喜获|获得|分别获得|分获|夺得|取得|斩获|摘得|捧得|拿下|捧回|勇夺|赢得|收获|当选|获|记"
GIVE = "表彰为|评选为|评定为|评为|授予|命名为|认定为|追授|评树为|记为|荣记|记"
GIVEN = rf"(?:被[^，。；：PA]{{0,24}}?(?:{GIVE})|(?:连续[^，。；：UPA]{{1,8}})?评为|(?:{WIN}))(?:了|到|过)?"
# Not several people counted, and not an honour that only describes others (获得“…”称号的同志).
MANY = r"(?![^，。；]{0,30}[0-9多余](?:名|人|位)[^，。；]{0,12}(?:获|荣|被|评|当|授))"
OTHERS = r"(?![^，。；UP]{0,10}的(?!(?:好|优异|骄人|佳|成绩|荣誉|称号)))"
# Right before the verb: somebody else than the body spoken of (某某站荣获), if not its own team or work.
NOBODY = r"(?:(?<=代表队)|(?<![科队所局院站校处室馆班组企店社员学幼园村镇乡委”荣被喜为向对人]))"
OWN = (
    r"(?:[^，。；：UPAF]{0,50}(?:代表队|作品|项目|案例|论文|课题|节目|短片|成果|课程|模型|片)[》”]?|[^，。；：UPAF]{0,50}》)?"
    r"(?:先后|连续|多次|再次|又|还|并|也|一举|均|曾|光荣|成功|共|累计|分别|双双|今年|去年|当年|年底|日前|近日|同时|最终|"
    r"[0-9一二三四五六七八九十两多]{1,4}(?:年|次|届|度)(?:度|内|来)?){0,4}"
)
PERSONAL = re.compile(
    r"个人(?:[特一二三]等功|冠军|亚军|季军|第[一二三四五六1-6]名)|个人嘉奖|(?:个人|工作者|检察官|法官|民警|警察|交警|警嫂|党员|干部|"
    r"教师|调解员|劳模|卫士|楷模|能手|好人|工匠|英雄|英模|模范|劳动奖章|五四奖章)$"
)


def _body_may(body: Any, award: Any) -> bool:
    """Whether an honour is one that bodies get, and not only their people."""
    return not PERSONAL.search(award.name)


def _body_surely(body: Any, award: Any) -> bool:
    """The same where the body is not named in the clause: a merit without 集体 may be anybody's."""
    return _body_may(body, award) and not re.search(r"^[特一二三]等功$", award.name)


RELATION = Relation(
    name="received",
    zh="获得",
    en="received",
    comment_zh="获得荣誉称号或奖项。",
    comment_en="Was given the title of honour or the prize.",
    broader=(),
    ends=((Kind.UNIT, Kind.AWARD), (Kind.CAMPAIGN, Kind.AWARD), (Kind.FACILITY, Kind.AWARD), (Kind.PERSON, Kind.AWARD)),
    inverse=("获得者", "received by"),
    order=80,
    rules=(
        Rule(
            "titled",
            r"(?P<o>A)(?:获得者|称号获得者)?(?P<s>P)",
            0.88,
            says=(
                "柳州市公安局邀请全国“最美基层民警”陈志远讲述从警故事。",
                "“全省优秀人民法官”赵秋萍说，调解要用心。",
                "“湖南省岗位能手”获得者郑海涛带队练兵。",
            ),
            leaves=("柳州市公安局开展“最美基层民警”评选。", "“全省优秀人民法官”评选结果揭晓。"),
        ),
        Rule(
            "given by name",
            r"(?<!被)(?:授予|追授|为|给)(?P<s>[UP])(?:(?:同志)?(?:荣记|记)?|等[^，。；UPA]{0,8})(?P<o>A)",
            0.88,
            says=(
                "河南省公安厅授予鹤壁市公安局“全省优秀公安局”称号。",
                "司法部授予遂宁监狱“全国教育改造先进单位”称号。",
                "浙江省公安厅为衢州市公安局特警支队荣记集体二等功。",
            ),
            leaves=("河南省公安厅开展“全省优秀公安局”评选。", "河南省公安厅要求鹤壁市公安局争创“全省优秀公安局”。"),
        ),
        Rule(
            "a person receives",
            rf"(?P<s>P)[^，。；UPA]{{0,16}}?{GIVEN}[^，。；UPA]{{0,8}}?(?P<o>A)",
            0.93,
            says=(
                "柳州市公安局民警陈志远荣立个人二等功。",
                "遂宁监狱民警赵秋萍被司法部评为“全国监狱工作先进个人”。",
                "衢州市人民法院法官郑海涛获评“全省优秀法官”。",
            ),
            leaves=("柳州市公安局民警陈志远争创“全省优秀民警”。", "遂宁监狱民警赵秋萍获得群众好评。"),
        ),
        Rule(
            "a person, said earlier, receives",
            r"(?P<s>P)(?!介绍|说|表示|透露|告诉)(?![^。；]{0,50}[0-9](?:名|人|位|个|项)[^，。；]{0,12}(?:获|荣|被))[^，。；！？PA]{0,40}，S?"
            r"(?:[^，。；UPA]{0,16}，S?)?[^，。；UPA]{0,10}?(?:被|荣|获)U?[^，。；UPA]{0,10}?(?P<o>A)",
            0.82,
            says=(
                "柳州市公安局民警陈志远扎根山村十二年，被公安部评为“全国优秀人民警察”。",
                "遂宁监狱民警赵秋萍从警多年，荣立个人三等功。",
                "柯桥海关关员郑海涛连续三年坚守一线，获评“全关岗位能手”。",
            ),
            leaves=(
                "柳州市公安局民警陈志远介绍，柳城县被市政府评为“先进单位”。",
                "遂宁监狱民警赵秋萍从警多年，获得群众好评。",
            ),
        ),
        Rule(
            "the list of receivers",
            r"(?P<o>A)(?:荣誉)?(?:称号)?的(?:单位|集体|个人|同志)?(?:分别)?(?:有|是|为|包括)：?S?(?P<s>[UP])",
            0.88,
            says=(
                "获得“全省优秀公安局”称号的有：鹤壁市公安局、林州市公安局。",
                "荣获“全市先进集体”称号的单位是衢州市税务局。",
                "被评为“岗位能手”的是柯桥海关关员郑海涛。",
            ),
            leaves=("获得“全省优秀公安局”称号的有12家。", "荣获“全市先进集体”称号的单位要戒骄戒躁。"),
        ),
        Rule(
            "a facility receives",
            rf"(?P<s>F)(?:连续[^，。；]{{1,4}})?{GIVEN}[^，。；UPA]{{0,6}}(?P<o>A)",
            0.85,
            says=(
                "“清源廉洁馆”被中共衢州市纪律检查委员会命名为“衢州市廉洁教育基地”。",
                "“银杏法治驿站”被四川省司法厅评为“全省法治宣传示范点”。",
                "“红石榴”法律服务站被自治区司法厅授予“全区先进集体”称号。",
            ),
            leaves=("“清源廉洁馆”被群众点赞。", "“银杏法治驿站”被四川省司法厅推广。"),
        ),
        Rule(
            "receives",
            rf"(?:^|[，。；：）])S?[^，。；：UPS]{{0,16}}(?<![在被由经从对向为])(?P<s>U){MANY}(?:等[0-9一二三四五六七八九十]{{1,3}}[个家所名][^，。；UPAF]{{1,6}}(?=被|荣|获))?"
            rf"(?:[^，。；：UPAF]{{0,40}}?{NOBODY})??{GIVEN}[^，。；：PA]{{0,10}}?(?P<o>A){OTHERS}",
            0.9,
            says=(
                "鹤壁市公安局被授予“全省优秀公安局”称号。",
                "在全省税收业务比武中，衢州市税务局夺得团体第一名。",
                "遂宁市船山区人民法院被四川省高级人民法院记集体二等功。",
                "鹤壁市公安局等6家单位被省公安厅评为“全省优秀公安局”。",
            ),
            leaves=(
                "鹤壁市公安局获得群众好评。",
                "鹤壁市公安局将力争获评“全省优秀公安局”。",
                "衢州市税务局开展“先进集体”评选。",
                "省公安厅追授其“优秀人民警察”称号。",
            ),
            fits=_body_may,
        ),
        Rule(
            "goes on to receive",
            rf"[他她][^。；]{{0,160}}|"
            rf"(?P<s>S){MANY}(?:并|还|又|也|同时)?(?:[在从][^，。；：P]{{2,40}}[中上里])?{OWN}{GIVEN}(?P<o>A){OTHERS}",
            0.85,
            says=(
                "鹤壁市公安局狠抓队伍建设，连续三年被评为“全省优秀公安局”。",
                "衢州市税务局苦练内功，在全省税收业务比武中夺得团体第一名。",
                "遂宁市船山区人民法院一年结案两千件，被四川省高级人民法院记集体二等功。",
            ),
            leaves=(
                "鹤壁市公安局狠抓队伍建设，驻点服务站荣获“全省先进集体”称号。",
                "衢州市税务局苦练内功，3名干部获评“岗位能手”。",
            ),
            fits=_body_surely,
        ),
    ),
    once="o",
)
