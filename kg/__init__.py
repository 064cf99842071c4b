"""tongbao (通报): a knowledge graph of Chinese official news, each fact with the sentence that says so.

>>> import kg
>>> graph = kg.build("seeds", "exports")  # doctest: +SKIP
>>> graph.query("who-conducted", campaign="守护2号")  # doctest: +SKIP
>>> graph = kg.open("exports")  # doctest: +SKIP

What is heavy is imported when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import Graph
    from kg.pipeline import Failure

__version__ = "0.1.0"
__all__ = ["build", "open"]


Place = str | PathLike[str]


def build(
    paths: Place | Iterable[Place] = "seeds",
    output: Place = "exports",
    *,
    min_confidence: float = 0.0,
    keep_private: bool = False,
    decisions: Place | None = None,
    failed: Callable[[Failure], None] | None = None,
) -> Graph:
    """Read a file or a folder, or several, write the build into `output`, and open it.

    Private data is covered unless `keep_private`. `decisions` is a file of what people decided (default: the one in
    `output`, where there is one). A file that cannot be read, and a decision that fits no more, is reported to `failed`
    and skipped; without it, raises `kg.errors.Problem` and writes nothing.
    """
    from kg import pipeline, review_decisions
    from kg.api import Graph

    report = failed or _refuse
    given = [paths] if isinstance(paths, str | PathLike) else paths
    sources = pipeline.find(map(Path, given), report)
    decided = review_decisions.of_build(Path(output), Path(decisions) if decisions else None)
    pipeline.build(
        sources, Path(output), report, min_confidence=min_confidence, keep_private=keep_private, decisions=decided
    )
    return Graph(output)


def _refuse(failure: Failure) -> None:
    from kg.errors import Problem

    raise Problem(f"{failure.name}: {failure.reason}")


def open(folder: Place = "exports") -> Graph:
    """The build in a folder. Raises `kg.store.NoBuild` where there is none."""
    from kg.api import Graph

    return Graph(folder)
