"""The blocks of code in Markdown pages, and what runs them.

Lines of comments right before a block tell how it is run, and are not seen by who reads the page:

    <!-- not run: REASON -->      it cannot be run here; the reason is a sentence for whoever counts these
    <!-- first: COMMAND -->       a shell command that puts into the folder what the block takes for granted
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import urlopen

import pyoxigraph as ox
from click.testing import CliRunner

from kg import query, store, vocab
from kg.cli import commands

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"((?:^<!-- [^\n]* -->\n)*)^```(\w*)\n(.*?)^```$", re.M | re.S)
COMMENT = re.compile(r"^<!-- (not run|first): (.*) -->$", re.M)
PORT = "8000"  # the one that the pages show
PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in (vocab.PREFIXES | vocab.NODE_PREFIXES).items())


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: its language, its text, why it is not run (empty: it is), and what is to be done before."""

    page: str
    line: int
    language: str
    code: str
    not_run: str
    first: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in order."""
    text, found = page.read_text(encoding="utf-8"), []
    for match in BLOCK.finditer(text):
        said: dict[str, list[str]] = {"not run": [], "first": []}
        for kind, words in COMMENT.findall(match[1]):
            said[kind].append(words)
        line = text.count("\n", 0, match.start(2)) + 1
        not_run, first = " ".join(said["not run"]), "\n".join(said["first"])
        found.append(Block(page.name, line, match[2], match[3], not_run, first))
    assert len(found) * 2 == len(re.findall(r"^```", text, re.M)), f"{page.name}: a fence is not closed"
    return found


def clean(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@dataclass
class Folder:
    """A folder that looks like the repository with a build of `seeds/`, in which the blocks of one page are run in order.

    It is the working directory of the process. `kg serve` in a shell block goes on until the folder is left, at a
    port of its own in the place of 8000.
    """

    place: Path
    names: dict[str, Any] = field(default_factory=dict)  # what the Python blocks before have defined
    served: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: str = field(default_factory=lambda: str(_free_port()))

    def __enter__(self) -> Folder:
        for name in ("seeds", "queries", "docs", "mkdocs.yml"):
            (self.place / name).symlink_to(ROOT / name)
        (self.place / "tests" / "corpus" / "open").mkdir(parents=True)  # a few of the many: the commands are the same
        for path in sorted((ROOT / "tests" / "corpus" / "open").iterdir())[:6]:
            (self.place / "tests" / "corpus" / "open" / path.name).symlink_to(path)
        (self.place / "tests" / "golden").symlink_to(ROOT / "tests" / "golden")
        (self.place / ".bin").mkdir()
        shim = self.place / ".bin" / "kg"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
        shim.chmod(0o755)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in self.served:
            process.terminate()
            process.wait(30)

    def run(self, block: Block) -> str:
        """What the page should show in the place of this block: the block itself, but for what its commands print.

        Raises AssertionError where it does not work.
        """
        if block.first:
            self._shell(block.first, block)
        code = block.code
        match block.language:
            case "console":
                return "".join(self._console(code))
            case "sh":
                self._shell(code, block)
            case "python":
                exec(compile(code, str(block), "exec"), self.names)
            case "sparql":
                found = query.run(store.read(Path("exports")), code)
                assert isinstance(found, ox.QueryBoolean) or any(True for _ in found), f"{block}: no answer"
            case "turtle":
                _known_terms(list(ox.parse(PREFIXES + code, format=ox.RdfFormat.TURTLE)), block)
            case "json":
                for part in code.splitlines() if code.count("\n{") else [code]:
                    assert json.loads(part)
            case _:
                assert block.language == "text", f"{block}: a block without a language, or one that nothing runs"
                assert not re.search(r"^\s*(?:kg|python\d?|pip|curl|mkdocs|pytest) ", code, re.M), f"{block}: a command"
        return code

    def _console(self, code: str) -> Iterator[str]:
        for command in re.findall(r"^\$ (.*)$", code, re.M):
            words = shlex.split(command)
            assert words[0] == "kg", command
            result = CliRunner().invoke(commands, words[1:])
            assert result.exit_code == 0, result.output
            yield f"$ {command}\n"
            if result.stdout.strip():
                yield clean(result.stdout) + "\n"

    def _shell(self, code: str, block: Block) -> None:
        *before, last = code.strip().splitlines()
        serving = last.startswith("kg serve")
        if not serving:
            before.append(last)
        path = os.pathsep.join((str(self.place / ".bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
        environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        script = "\n".join(before).replace(PORT, self.port)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}: {script}\n{done.stdout}{done.stderr}"
        if serving:
            words = shlex.split(last.replace(PORT, self.port), comments=True)
            self.served.append(subprocess.Popen([self.place / ".bin" / "kg", *words[1:]], env=environment))
            self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("kg serve does not answer")


def _known_terms(triples: list[ox.Quad], block: Block) -> None:
    """Every term of the vocabulary in these triples is one that the vocabulary has."""
    assert triples, block
    own = vocab.PREFIXES["kg"]
    known = {term.name for term in (*vocab.CLASSES, *vocab.RELATIONS, *vocab.PROPERTIES)}
    for triple in triples:
        for term in (triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(own):
                assert term.value.removeprefix(own) in known, f"{block}: {term}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy(build: Path, place: Path) -> None:
    """A build of its own, to be changed by the blocks of a page."""
    shutil.copytree(build, place, symlinks=True)


def inline(page: Path) -> list[str]:
    """What stands between single backticks outside blocks."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    return [" ".join(said.split()) for said in re.findall(r"`([^`]+)`", text)]


def alike(page: Path) -> dict[str, Any]:
    """What a page has in common with itself in another language: all but its words."""
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    return {
        "blocks": [(b.language, re.sub(r"\s+# .*", "", b.code), b.not_run, b.first) for b in blocks(page)],
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)],
        "links": sorted(re.sub(r"\.zh\.|#.*", ".", target) for target in re.findall(r"\]\(([^)]+)", text)),
        "code": sorted(set(inline(page))),
        "rows of tables": [row.count("|") for row in re.findall(r"^\|.*\|$", text, re.M)],
        "numbers": sorted(re.findall(r"\d[\d.,]*\d|\d", text)),
    }
