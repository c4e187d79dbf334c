"""The list of guards is true: each stands where it says, and the document shows them all."""

import pytest

from tests.guards.listed import GUARDS
from tests.guards.removing import DOCUMENT, Guard, Outcome, table_of, without, written_into


@pytest.mark.parametrize("guard", GUARDS, ids=lambda each: each.what)
def test_a_guard_stands_where_the_list_says(guard):
    assert guard.line > 0
    assert guard.before != guard.after


def test_there_are_about_forty_and_each_is_told_apart():
    assert len(GUARDS) >= 40
    assert len({each.what for each in GUARDS}) == len(GUARDS)


def test_the_document_names_every_guard_and_no_other():
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    told = {line.split("|")[1].strip() for line in rows}
    assert {each.what for each in GUARDS} <= told


@pytest.mark.slow
def test_what_nobody_misses_is_told(tmp_path):
    """A guard no test asks about is a gap; one that is asked about is caught."""
    (tmp_path / "wall.py").write_text("def is_shut():\n    return True\n")
    (tmp_path / "test_wall.py").write_text(
        "from wall import is_shut\n\ndef test_shut():\n    assert is_shut()\n"
    )
    (tmp_path / "test_other.py").write_text("def test_other():\n    assert True\n")
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    wall = Guard("The wall", "wall.py", "return True", "return False", "test_wall.py")
    unseen = Guard("The wall", "wall.py", "return True", "return False", "test_other.py")
    none = Guard("The wall", "wall.py", "return True", "return False", "test_none.py")
    assert without(wall, tmp_path).is_caught
    assert not without(unseen, tmp_path).is_caught
    assert not without(none, tmp_path).is_caught
    assert "return True" in (tmp_path / "wall.py").read_text(), "it is put back"


def test_the_table_is_put_between_its_marks():
    guard = Guard("The wall", "wall.py", "a", "b", "tests")
    table = table_of([Outcome(guard, 1, "tests/test_wall.py::test_shut")])
    text = "before\n<!-- guards: begin -->\nold\n<!-- guards: end -->\nafter\n"
    written = written_into(text, table)
    assert "old" not in written
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "| The wall | `wall.py` | test_wall.py `test_shut` |" in written
