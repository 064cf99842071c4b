"""attributed_to: the body whose work a campaign's figure reports (`kg.telling`)."""

from kg.model import Kind
from kg.relations import Relation

RELATION = Relation(
    name="attributed_to",
    zh="数据所属单位",
    en="attributed to",
    comment_zh="行动数据由哪个单位的工作得来。",
    comment_en="The unit whose work a campaign's figure reports.",
    broader=("prov:wasAttributedTo",),
    ends=((Kind.METRIC, Kind.UNIT),),
    inverse=("所得数据", "figures from it"),
    order=60,
)
