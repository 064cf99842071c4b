"""tongbao (通报): a knowledge graph of Chinese official news, each fact with the sentence that says so.

>>> import kg
>>> graph = kg.build("seeds", "exports")  # doctest: +SKIP
>>> graph.query("who-conducted", campaign="守护2号")  # doctest: +SKIP
>>> graph = kg.open("exports")  # doctest: +SKIP

What is heavy is imported when it is first needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import Graph

__version__ = "0.1.0"
__all__ = ["build", "open"]


Place = str | PathLike[str]


def build(paths: Place | Iterable[Place] = "seeds", output: Place = "exports", *, min_confidence: float = 0.0) -> Graph:
    """Read a file or a folder, or several, write the build into `output`, and open it.

    Raises `kg.errors.Problem` where a path cannot be read; what can be read is built all the same.
    """
    from kg import pipeline
    from kg.api import Graph
    from kg.errors import Problem

    given = [paths] if isinstance(paths, str | PathLike) else paths
    sources, missing = pipeline.find(map(Path, given))
    _, unread = pipeline.build(sources, Path(output), min_confidence=min_confidence)
    if failures := missing + unread:
        raise Problem("; ".join(f"{failure.name}: {failure.reason}" for failure in failures))
    return Graph(output)


def open(folder: Place = "exports") -> Graph:
    """The build in a folder. Raises `kg.store.NoBuild` where there is none."""
    from kg.api import Graph

    return Graph(folder)
