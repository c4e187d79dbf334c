"""The one script: what it lists, hands on, refuses and sums up."""

import json
import re
import shutil
import sys

import pytest

from tests.setup.conftest import ROOT, Tree

COMMANDS = [
    "demo",
    "test",
    "check",
    "serve",
    "worker",
    "remind",
    "bounce",
    "migrate",
    "create-admin",
    "doctor",
    "config",
    "import-questionnaire",
    "lint-questionnaire",
    "import-vendors",
    "backup",
    "restore",
    "keys",
    "bench",
    "verify",
    "export-ledger",
    "tier",
]


@pytest.mark.parametrize("shell", ["sh", "dash", "bash"])
def test_every_shell_can_read_it(tree: Tree, shell: str):
    if shutil.which(shell) is None:
        pytest.skip(f"this machine has no {shell}")
    assert tree.run(shell, "-n", "duly").returncode == 0
    assert tree.run(shell, "duly", "help").returncode == 0


@pytest.mark.parametrize("spelling", ["help", "--help", "-h"])
def test_help_lists_every_command(tree: Tree, spelling: str):
    told = tree.duly(spelling)
    listed = re.findall(r"^  ([a-z-]+)  +\S", told.stdout, re.MULTILINE)
    assert told.returncode == 0
    assert listed == COMMANDS


def test_help_needs_nothing_installed(bare_tree: Tree):
    assert bare_tree.duly("help").returncode == 0
    assert bare_tree.duly("test", "--help").returncode == 0
    assert not bare_tree.venv.exists()


@pytest.mark.parametrize("command", ["test", "check"])
def test_its_own_commands_tell_their_options(tree: Tree, command: str):
    told = tree.duly(command, "--help")
    assert told.returncode == 0
    assert told.stdout.startswith(f"Usage: ./duly {command}")
    assert tree.duly("help", command).stdout == told.stdout


@pytest.mark.parametrize("unknown", ["dmeo", "", "de", "demo|x", "-x", "install_requirements"])
def test_an_unknown_command_is_refused_with_a_sentence(tree: Tree, unknown: str):
    told = tree.duly(unknown)
    assert told.returncode == 2
    assert told.stdout == ""
    assert "./duly" in told.stderr


def test_no_command_shows_the_help_and_is_no_success(tree: Tree):
    told = tree.duly()
    assert (told.returncode, told.stdout) == (2, "")
    assert "import-questionnaire" in told.stderr


def test_a_command_gets_its_arguments_where_it_was_called(tree: Tree, tmp_path):
    told = tree.duly("tier", "a b", "--json", "c*", "", cwd=tmp_path)
    assert told.returncode == 0
    assert json.loads(told.stdout) == {
        "argv": ["tier", "a b", "--json", "c*", ""],
        "cwd": str(tmp_path),
    }


def test_a_failing_command_fails(tree: Tree):
    assert tree.duly("migrate", "--fail").returncode == 7


def test_code_in_the_folder_it_is_called_from_is_not_run(tree: Tree, tmp_path):
    trap = tmp_path / "trap" / "operations"
    trap.mkdir(parents=True)
    (trap / "cli.py").write_text("print('trapped')")
    (trap.parent / "json.py").write_text("print('trapped')")
    told = tree.duly("migrate", cwd=trap.parent)
    assert "trapped" not in told.stdout
    assert json.loads(told.stdout)["argv"] == ["migrate"]


def test_it_can_be_called_through_a_link(tree: Tree, tmp_path):
    link = tmp_path / "duly"
    link.symlink_to(tree.root / "duly")
    assert tree.run(str(link), "migrate", cwd=tmp_path).returncode == 0


@pytest.mark.slow
def test_a_green_run_says_so(tree: Tree):
    tree.write("test_one.py", "def test_one():\n    pass\n")
    told = tree.duly("test", "test_one.py")
    assert told.returncode == 0
    assert re.search(r"^  passed  Tests +1 passed in ", told.stdout, re.MULTILINE)


@pytest.mark.slow
def test_a_run_keeps_what_it_compiled(tree: Tree):
    tree.write("test_one.py", "def test_one():\n    assert True\n")
    done = tree.duly("test", "test_one.py", env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0, done.stdout
    assert list((tree.root / "__pycache__").glob("test_one*pytest*.pyc"))


@pytest.mark.slow
def test_a_red_run_fails(tree: Tree):
    tree.write("test_one.py", "def test_one():\n    raise ValueError\n")
    told = tree.duly("test", "test_one.py")
    assert told.returncode == 1
    assert re.search(r"^  FAILED  Tests +1 failed in ", told.stdout, re.MULTILINE)


@pytest.mark.slow
def test_a_run_without_any_test_fails(tree: Tree):
    tree.write("test_none.py", "")
    assert tree.duly("test", "test_none.py").returncode == 1


@pytest.mark.slow
def test_the_whole_suite_runs_on_both_databases(tree: Tree):
    tree.write(
        "tests/test_marks.py",
        "import os, pytest\n"
        "def note(mark):\n"
        "    with open('ran', 'a') as file:\n"
        "        print(mark, os.environ.get('DULY_TEST_DATABASE', 'sqlite'), file=file)\n"
        "def test_plain():\n    note('plain')\n"
        "@pytest.mark.slow\ndef test_slow():\n    note('slow')\n"
        "@pytest.mark.browser\ndef test_browser():\n    note('browser')\n",
    )
    tree.write(
        "tests/attacks/test_attacks.py",
        "import pytest\nfrom tests.test_marks import note\n"
        "@pytest.mark.slow\ndef test_attack():\n    note('attack')\n"
        "@pytest.mark.browser\ndef test_seen():\n    note('seen')\n",
    )
    tree.write("pytest.ini", "[pytest]\naddopts = -q\nmarkers =\n    slow\n    browser\n")
    assert tree.duly("test", "--quick").returncode == 0
    assert (tree.root / "ran").read_text().splitlines() == ["plain sqlite"]
    (tree.root / "ran").unlink()

    told = tree.duly("test")
    assert told.returncode == 0
    assert told.stdout.count("  passed  ") == 10
    assert re.search(r"^  passed  Attacks on SQLite +1 passed", told.stdout, re.MULTILINE)
    assert (tree.root / "ran").read_text().splitlines() == [
        f"{mark} {database}"
        for mark in ("plain", "slow", "attack", "seen", "browser")
        for database in ("sqlite", "postgresql")
    ]


@pytest.mark.slow
def test_check_fails_for_a_file_that_is_not_formatted(tree: Tree):
    tree.write("test_one.py", "def test_one():\n    pass\n")
    tree.write("operations/__init__.py", "x =  1\n")
    told = tree.duly("check", "test_one.py")
    assert told.returncode == 1
    assert re.search(r"^  FAILED  Formatting", told.stdout, re.MULTILINE)
    assert re.search(r"^  passed  Types", told.stdout, re.MULTILINE)
    assert re.search(r"^  passed  Tests", told.stdout, re.MULTILINE)


def test_continuous_integration_runs_the_command_of_the_readme(tree: Tree):
    section = (ROOT / "README.md").read_text().split("\n## Test\n")[1]
    command = re.search(r"```sh\n(.+)\n```", section)
    assert command
    tree.write("duly", '#!/bin/sh\necho "./duly $* with ${DULY_FIELD_DATA:-nothing}"\n')
    told = tree.run(".ci/run", env={"DULY_FIELD_DATA": "/field"})
    assert told.stdout == f"{command[1]} with /field\n"
    assert tree.run(".ci/run").stdout == f"{command[1]} with nothing\n"


def test_the_readme_names_every_command():
    table = (ROOT / "README.md").read_text().split("\n## Commands\n")[1]
    assert re.findall(r"^\| `\./duly ([a-z-]+)", table, re.MULTILINE) == COMMANDS


def test_without_python_and_apt_it_prints_the_line_to_run(bare_tree: Tree, path_without_apt):
    told = bare_tree.duly("demo", "--json", env={"PATH": str(path_without_apt)})
    assert (told.returncode, told.stdout) == (1, "")
    assert "apt-get install -y --no-install-recommends python3 python3-venv " in told.stderr
    assert "Duly needs Python 3.11 or newer." in told.stderr
    assert not bare_tree.venv.exists()


def test_a_folder_that_is_no_environment_is_left_alone(bare_tree: Tree, path_without_apt):
    (path_without_apt / "python3").symlink_to(sys.executable)
    letter = bare_tree.write("mine/letter.txt", "dear")
    told = bare_tree.duly("demo", env={"PATH": str(path_without_apt), "DULY_VENV": "mine"})
    assert told.returncode == 1
    assert "no Python environment" in told.stderr
    assert letter.read_text() == "dear"
