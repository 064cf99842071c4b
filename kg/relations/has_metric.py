"""has_metric: a figure of a campaign or of a body (`kg.mentions.quantities`, `kg.telling`)."""

from kg.model import Kind
from kg.relations import Relation

RELATION = Relation(
    name="has_metric",
    zh="取得数据",
    en="has metric",
    comment_zh="行动或单位的成果、投入或规模的一个数据。",
    comment_en="A figure that counts a result, an input or the scale of the campaign or of the unit's work.",
    broader=(),
    ends=((Kind.CAMPAIGN, Kind.METRIC), (Kind.UNIT, Kind.METRIC)),
    inverse=("数据主体", "figure of"),
    order=40,
)
