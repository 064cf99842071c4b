"""What a sentence names: bodies, campaigns, figures, persons, documents, awards and facilities, each found by how its names are built."""

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
