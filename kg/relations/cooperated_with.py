"""cooperated_with."""

from kg.relations import Relation, Rule

RELATION = Relation("cooperated_with", ())
