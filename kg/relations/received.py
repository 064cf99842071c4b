"""received."""

from kg.relations import Relation, Rule

RELATION = Relation("received", ())
