"""What is in play: a list without repetition, the latest last, no longer than the last few hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

FARTHEST = 200
T = TypeVar("T")


class Recent(Generic[T]):
    """What is in play, the latest last, each thing once and no more than the last FARTHEST."""

    def __init__(self, things: Iterable[T] = ()) -> None:
        self._things: dict[T, None] = {}
        for thing in things:
            self.take(thing)

    def take(self, thing: T) -> None:
        self._things.pop(thing, None)
        self._things[thing] = None
        if len(self._things) > FARTHEST:
            del self._things[next(iter(self._things))]

    def __iter__(self) -> Iterator[T]:
        return iter(self._things)

    def __reversed__(self) -> Iterator[T]:
        return reversed(self._things)
