"""issued."""

from kg.relations import Relation, Rule

RELATION = Relation("issued", ())
