"""has_target: a planned figure, which is no result (`kg.mentions.quantities`)."""

from kg.model import Kind
from kg.relations import Relation

RELATION = Relation(
    name="has_target",
    zh="目标数据",
    en="has target",
    comment_zh="行动或单位计划、力争达到的数据，不是结果。",
    comment_en="A figure that the campaign or the unit plans or strives for; it is not a result.",
    broader=(),
    ends=((Kind.CAMPAIGN, Kind.METRIC), (Kind.UNIT, Kind.METRIC)),
    inverse=("目标主体", "target of"),
    order=50,
)
