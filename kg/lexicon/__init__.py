"""Words of the language as data: one entry a line, `#` begins a comment, tabs part the columns."""

from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The entries of `NAME.txt`, split into columns."""
    text = files("kg.lexicon").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    stripped = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(tuple(line.split("\t")) for line in stripped if line)


@cache
def words(name: str) -> tuple[str, ...]:
    """All words of `NAME.txt` that stand on a line of their own or together on one, parted by spaces."""
    return tuple(dict.fromkeys(word for row in rows(name) for word in row[0].split()))
