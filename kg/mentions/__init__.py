"""What a sentence names: bodies, campaigns, figures, persons, documents, awards and facilities, each found by how its names are built."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.model import Kind


@dataclass(frozen=True, slots=True)
class Named:
    """A person, document, award or facility named in a sentence, from character `start` to `end`.

    `detail` is the title of a person's post (党组书记、院长).
    """

    kind: Kind
    start: int
    end: int
    name: str
    detail: str = ""


class Held:
    """Which characters of a sentence mentions hold, and where those end; an answer takes the same time however many they are."""

    def __init__(self, stretches: Iterable[tuple[int, int]] = ()) -> None:
        self._ends: dict[int, int] = {}
        for start, end in stretches:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        for place in range(start, end):
            self._ends[place] = max(end, self._ends.get(place, 0))

    def meets(self, start: int, end: int) -> bool:
        """Whether a mention holds a character from `start` to `end`."""
        return any(place in self._ends for place in range(start, end))

    def end(self, start: int, end: int) -> int | None:
        """Where the first mention ends that holds a character from `start` to `end`."""
        return next((self._ends[place] for place in range(start, end) if place in self._ends), None)

    def ends_before(self, place: int, reach: int) -> int:
        """Where the last mention up to `reach` characters before a place ends; `place - reach` where none does."""
        return next((p for p in range(place, place - reach, -1) if p - 1 in self._ends), max(0, place - reach))
