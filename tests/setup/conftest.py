"""A small tree around the real script: a Python that is set up already, and a program that tells."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = re.findall(
    r"^(?:BROWSER|ATTACK)_PACKAGES='(.+)'$", (ROOT / "duly").read_text(), re.MULTILINE
)
PROGRAM = """
import json, os, sys
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd()}))
print("progress", file=sys.stderr)
sys.exit(7 if "--fail" in sys.argv else 0)
"""


@dataclass(frozen=True)
class Tree:
    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def run(
        self, *command: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "DULY_"))}
        return subprocess.run(
            command,
            cwd=cwd or self.root,
            env=clean | dict(env or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def duly(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        return self.run(str(self.root / "duly"), *arguments, **options)


def laid_out(root: Path) -> Tree:
    """Lay out the script, its locks and a program; nothing is set up."""
    tree = Tree(root)
    tree.write("operations/cli.py", PROGRAM)
    shutil.copy(ROOT / "duly", tree.root / "duly")
    shutil.copytree(ROOT / "requirements", tree.root / "requirements")
    shutil.copytree(ROOT / ".ci", tree.root / ".ci")
    return tree


def furnished(tree: Tree) -> Tree:
    """Set it up: its Python is the one that runs this test."""
    python = tree.write(".venv/bin/python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for level, lock in (("base", "base"), ("test", "test"), ("browser", "test")):
        content = (tree.root / f"requirements/{lock}.lock").read_bytes()
        packages = "".join(f" {each}" for each in PACKAGES) if level == "browser" else ""
        stamp = f"{hashlib.sha256(content).hexdigest()}  -{packages}\n"
        tree.write(f".venv/duly-{level}.stamp", stamp)
    return tree


@pytest.fixture
def bare_tree(tmp_path: Path) -> Tree:
    """The script, its locks and a program in a path with a space; nothing is set up."""
    return laid_out(tmp_path / "a tree")


@pytest.fixture
def tree(bare_tree: Tree) -> Tree:
    """The same, set up."""
    return furnished(bare_tree)


@pytest.fixture
def path_without_apt(tmp_path: Path) -> Path:
    """A PATH of what every machine has: no apt, no dpkg, no sudo and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    tools = (
        "sh env cat cut dirname flock grep id ls mkdir mktemp readlink rm sed sha256sum tail tee"
    )
    for tool in tools.split():
        found = shutil.which(tool)
        assert found, f"this machine has no {tool}"
        (folder / tool).symlink_to(found)
    return folder
