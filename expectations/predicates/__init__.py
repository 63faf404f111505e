"""What each rule tests, by rule id; one module per kind of section.

Importing the package registers every predicate in PREDICATES.
"""

from expectations.predicates import (
    assignments,
    boards,
    central,
    documents,
    economy,
    fields,
    forms,
    goals,
    history,
    people,
    prose,
)
from expectations.predicates.breaches import PREDICATES, Breach

__all__ = [
    "PREDICATES",
    "Breach",
    "assignments",
    "boards",
    "central",
    "documents",
    "economy",
    "fields",
    "forms",
    "goals",
    "history",
    "people",
    "prose",
]
