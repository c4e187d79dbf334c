"""Imports go down the stairs; the list of layers is the list of rooms that exist."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.rooms import ROOMS, ROOT

RUN = "from importlinter.cli import lint_imports_command as run; run()"


def _settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_room_is_on_the_stairs():
    layers = _settings()["contracts"][0]["layers"]
    named = {room.strip() for layer in layers for room in layer.split("|")}
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")} - {"tests"}
    assert named == set(_settings()["root_packages"]) == packages == set(ROOMS)


def test_imports_go_down_the_stairs():
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout[-3000:]


def test_the_fence_bites(tmp_path):
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("")
    (tmp_path / "pyproject.toml").write_text(_only_layers())
    (tmp_path / "foundation" / "climbs.py").write_text("import vendors\n")
    result = _lint(tmp_path)
    assert result.returncode != 0
    assert "foundation" in result.stdout
    assert "vendors" in result.stdout


def _only_layers() -> str:
    layers = _settings()["contracts"][0]["layers"]
    return (
        "[tool.importlinter]\n"
        f"root_packages = {list(ROOMS)}\n"
        "[[tool.importlinter.contracts]]\n"
        'name = "stairs"\ntype = "layers"\n'
        f"layers = {layers}\n"
    )
