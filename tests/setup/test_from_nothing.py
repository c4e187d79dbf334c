"""From nothing: two commands started at once on a machine where only the libraries are there."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.setup.conftest import Tree

pytestmark = pytest.mark.slow


def test_two_first_starts_share_one_set_up(bare_tree: Tree, path_without_apt):
    if os.environ.get("TESTS_APART"):
        pytest.skip("without a network nothing can be installed")
    (path_without_apt / "python3").symlink_to(sys.executable)
    env = {"PATH": str(path_without_apt)}
    with ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda name: bare_tree.duly(name, env=env), ["serve", "worker"]))

    assert [told.returncode for told in both] == [0, 0], [told.stderr for told in both]
    assert [json.loads(told.stdout)["argv"] for told in both] == [["serve"], ["worker"]]
    errors = "".join(told.stderr for told in both)
    assert errors.count("making the Python environment") == 1
    assert errors.count("installing Python packages") == 1
    assert bare_tree.run(str(bare_tree.venv / "bin/python"), "-c", "import flask").returncode == 0


def test_the_second_start_is_instant(tree: Tree):
    began = time.monotonic()
    assert tree.duly("migrate").stderr == "progress\n"
    assert time.monotonic() - began < 2


def test_a_changed_lock_is_installed(tree: Tree, path_without_apt):
    (path_without_apt / "python3").symlink_to(sys.executable)
    # A lock of its own, so that nothing is fetched and the environment of this run stays as it is.
    tree.write("requirements/installer.lock", "")
    tree.write("requirements/base.lock", "# one more line\n")
    told = tree.duly("migrate", env={"PATH": str(path_without_apt)})
    assert "installing Python packages from requirements/base.lock" in told.stderr
    assert told.returncode == 0
    assert "installing" not in tree.duly("migrate").stderr
