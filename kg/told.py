"""A sentence with what its mentions mean."""

from __future__ import annotations

from dataclasses import dataclass

from kg.mentions import campaigns
from kg.regions import Region
from kg.resolve import Body, Drive
from kg.seen import Seen


@dataclass(frozen=True)
class Told:
    """A sentence with what its mentions mean."""

    seen: Seen
    bodies: tuple[Body | None, ...]
    drives: tuple[Drive | None, ...]
    here: Region | None = None  # the place of the item of a digest that it stands in

    @property
    def named(self) -> list[tuple[campaigns.Campaign, Drive]]:
        """The campaigns that the sentence names or points to, made out."""
        if not self.drives:
            return []
        return [(c, d) for c, d in zip(self.seen.campaigns, self.drives, strict=True) if d]

    @property
    def by_name(self) -> list[tuple[campaigns.Campaign, Drive]]:
        """Those that it names."""
        return [(c, d) for c, d in self.named if not c.pointer]
