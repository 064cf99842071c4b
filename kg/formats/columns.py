"""The columns of a page whose text is drawn line by line across them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

FULL = 8  # characters that a line of a column has at least; the cells of a table are shorter


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and its box, in points from the lower left corner of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def beside(self, other: Piece) -> bool:
        """Whether both stand on one line."""
        return min(self.top, other.top) - max(self.bottom, other.bottom) > 0.5 * min(self.height, other.height)

    @property
    def height(self) -> float:
        return self.top - self.bottom


def in_columns(pieces: Sequence[Piece]) -> list[str] | None:
    """The lines of the columns, one column after the other; None where the pieces are not drawn across columns."""
    pairs = [(a, b) for a, b in pairwise(pieces) if a.beside(b) and b.left - a.right > 0.6 * a.height]
    if len(pairs) < 3 or 2.5 * len(pairs) < len(pieces) or median(len(p.text) for pair in pairs for p in pair) < FULL:
        return None
    return [piece.text for piece in _ordered(list(pieces))]


def _ordered(pieces: list[Piece]) -> Iterator[Piece]:
    """Left of a gutter before right of it; where none runs through, the uppermost line first."""
    while pieces:
        if (gutter := _gutter(pieces)) is not None:
            yield from _ordered([p for p in pieces if p.right <= gutter])
            pieces = [p for p in pieces if p.right > gutter]
            continue
        uppermost = max(pieces, key=lambda p: p.top)
        line = [p for p in pieces if p.beside(uppermost)]
        yield from sorted(line, key=lambda p: p.left)
        pieces = [p for p in pieces if p not in line]


def _gutter(pieces: list[Piece]) -> float | None:
    """The right edge of the leftmost column, where a strip without text runs down all the pieces."""
    width = 0.6 * median(p.height for p in pieces)
    by_left = sorted(pieces, key=lambda p: p.left)
    right = by_left[0].right
    for piece in by_left[1:]:
        if piece.left - right > width:
            return right
        right = max(right, piece.right)
    return None
