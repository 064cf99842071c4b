"""located_in: where a body is. Its name says so, or its parent's, or the context (`kg.resolve`); no rules of sentences."""

from kg.model import Kind
from kg.relations import Relation

RELATION = Relation(
    name="located_in",
    zh="位于",
    en="located in",
    comment_zh="单位位于该地区，或地区隶属于上一级地区。",
    comment_en="The unit lies in the region, or the region in the wider one.",
    broader=("schema:location",),
    ends=((Kind.UNIT, Kind.REGION), (Kind.REGION, Kind.REGION)),
    inverse=("境内", "contains"),
    order=20,
)
