"""holds_role_at."""

from kg.relations import Relation, Rule

RELATION = Relation("holds_role_at", ())
