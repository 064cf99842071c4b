"""part_of between campaigns: a phase, a special drive within a larger one. (Between bodies the names and the context tell.)"""

from kg.relations import Relation, Rule

RELATION = Relation(
    "part_of",
    (
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
