"""Honours: prizes, titles and ranks that somebody received."""

from __future__ import annotations

from kg.mentions import Named


def find(text: str, bodies: list[tuple[int, int]]) -> list[Named]:
    """Those that a sentence names, in order; `bodies` are the stretches of bodies in it."""
    return []
