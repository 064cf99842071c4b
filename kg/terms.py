"""What a term of the ontology is: shared by the vocabulary and the relations."""

from __future__ import annotations

from dataclasses import dataclass

BASE = "https://w3id.org/tongbao/"
KG = BASE + "ns#"


@dataclass(frozen=True)
class Term:
    """A term of the ontology: local name, label and comment in Chinese and English, and the standard terms above it."""

    name: str
    zh: str
    en: str
    comment_zh: str
    comment_en: str
    broader: tuple[str, ...] = ()

    @property
    def iri(self) -> str:
        return KG + self.name
