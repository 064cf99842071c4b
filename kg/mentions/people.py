"""Persons with a post: 某局局长王某某 is left, 某局局长李国强 is taken."""

from __future__ import annotations

from kg.mentions import Named


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """Those that a sentence names, in order; `bodies` are the stretches of bodies in it."""
    return []
