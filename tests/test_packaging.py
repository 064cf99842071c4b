"""The package builds as wheel and sdist, and works in an empty environment, outside the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parent.parent
PAGE = "红塔区市场监督管理局开展“清风3号”专项行动，立案35起。\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", str(place), cwd=ROOT)
    return place


def run(*command: str, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_and_sdist_hold_what_they_should(built):
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    assert (wheel.name, sdist.name) == (
        f"tongbao-{kg.__version__}-py3-none-any.whl",
        f"tongbao-{kg.__version__}.tar.gz",
    )
    packed = set(zipfile.ZipFile(wheel).namelist())
    code = {str(path.relative_to(ROOT)) for path in (ROOT / "kg").rglob("*") if path.is_file()}
    code = {name for name in code if "__pycache__" not in name}
    questions = {f"kg/queries/{path.name}" for path in (ROOT / "queries").glob("*.rq")}
    assert packed >= code | questions
    assert {name.split("/")[0] for name in packed} == {"kg", f"tongbao-{kg.__version__}.dist-info"}
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert inside >= code | {
        "README.md",
        "README.zh.md",
        "LICENSE",
        "pyproject.toml",
        "seeds/003-eerduosi.txt",
        "queries/totals.rq",
    }


def test_it_works_in_an_empty_environment_outside_the_repository(built, tmp_path):
    (wheel,) = built.glob("*.whl")
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"), cwd=tmp_path)
    python = str(tmp_path / "venv" / "bin" / "python")
    run(python, "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel), cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    command = str(tmp_path / "venv" / "bin" / "kg")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text(PAGE, encoding="utf-8")
    assert run(command, "--version", cwd=tmp_path) == f"kg, version {kg.__version__}\n"
    assert "documents  1\n" in run(command, "build", "pages", cwd=tmp_path)
    asked = run(command, "query", "metrics-of-campaign", "--campaign", "清风3号", "--format", "csv", cwd=tmp_path)
    assert asked.splitlines()[1].split(",")[1:4] == ["立案", "35", "起"]
    where = run(python, "-c", "import kg; print(kg.__file__)", cwd=tmp_path)
    assert where.startswith(str(tmp_path / "venv"))
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    notebook = json.loads((ROOT / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    run(python, "-c", "\n".join(cells), cwd=tmp_path)  # it needs nothing that the package does not bring
