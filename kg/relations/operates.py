"""operates."""

from kg.relations import Relation, Rule

RELATION = Relation("operates", ())
