"""The READMEs cannot lie: every command they show is run, and prints what they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import commands

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)


def shown_commands(name: str) -> list[tuple[str, str]]:
    """Each `$ command` of the console blocks of a README, with the output shown below it."""
    shown = []
    for block in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")):
        command, _, output = block.removeprefix("$ ").partition("\n")
        shown.append((command, output))
    return shown


@pytest.mark.parametrize("name", READMES)
def test_every_command_prints_what_is_shown(name, tmp_path, monkeypatch):
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    monkeypatch.chdir(tmp_path)
    shown = shown_commands(name)
    assert shown[0][0] == "kg build seeds", "the other commands ask what it has built"
    for command, output in shown:
        words = shlex.split(command)
        assert words[0] == "kg"
        result = CliRunner().invoke(commands, words[1:])
        assert result.exit_code == 0, result.output
        assert clean(result.stdout) == clean(output), command


def clean(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def test_both_readmes_show_the_same_commands():
    english, chinese = ([command for command, _ in shown_commands(name)] for name in READMES)
    assert english == chinese


def test_ci_runs_the_command_of_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- test:begin -->\n```sh\n(.*?)\n```\n<!-- test:end -->", text, re.S)
    assert shown and "pytest" in shown[1]
    assert "<!-- test:begin -->" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_lead_somewhere():
    for name in READMES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{name}: {target}"
