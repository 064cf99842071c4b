"""part_of between campaigns: a phase, a special drive within a larger one. (Between bodies the names and the context tell.)"""

from kg.model import Kind
from kg.relations import Relation, Rule

RELATION = Relation(
    name="part_of",
    zh="隶属于",
    en="part of",
    comment_zh="单位隶属于上级单位，或行动是更大行动的一部分。",
    comment_en="The unit belongs to the unit above it, or the campaign is part of a larger one.",
    broader=("dcterms:isPartOf",),
    ends=((Kind.UNIT, Kind.UNIT), (Kind.CAMPAIGN, Kind.CAMPAIGN)),
    inverse=("下属", "has part"),
    order=30,
    rules=(
        Rule(
            "belongs to",
            r"(?P<s>U)(?:直接)?(?:隶属于?|归属于|直属于)(?P<o>U)",
            0.93,
            fits=lambda below, above: not (below.name.endswith("海关") and above.name.endswith("海关")),
            says=(
                "漯河铁路公安处隶属郑州铁路公安局，管辖线路两百公里。",
                "黄岛海事处隶属于青岛海事局。",
                "遂宁监狱归属于四川省监狱管理局。",
            ),
            leaves=("漯河铁路公安处配合郑州铁路公安局开展巡查。", "横县海关隶属关系不变，南宁海关派员指导。"),
        ),
        Rule(
            "under it",
            r"(?P<o>U)(?:隶属|所属|下属|下辖)的?(?P<s>U)",
            0.9,
            fits=lambda below, above: below.name.endswith("海关") and above.name.endswith("海关"),
            says=(
                "记者从青岛海关隶属黄岛海关获悉，今年监管货物12万吨。",
                "南宁海关所属友谊关海关验放车辆300台。",
                "杭州海关下属温州海关征税6亿元。",
            ),
            leaves=("青岛海关隶属关系调整，厦门海关揭牌。", "南宁海关会同友谊关海关验放车辆300台。"),
        ),
        Rule(
            "is a part of",
            r"(?P<s>C)[^，。；]{0,6}是[^，。；]{0,14}?(?P<o>C)的(?:一部分|组成部分|重要内容|重要一环|子行动)",
            0.85,
        ),
        Rule(
            "as the main part of",
            r"作为(?P<o>C)的(?:重头戏|一部分|组成部分|重要内容|重要一环)，[^。；]{0,40}?(?P<s>C)",
            0.8,
        ),
    ),
)
