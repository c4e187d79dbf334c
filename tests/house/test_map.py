"""The map in docs/house.md is what the rooms say of themselves."""

import ast

from tests.house.rooms import ROOMS, ROOT

MAP = ROOT / "docs" / "house.md"


def plate(room: str) -> str:
    """Return the docstring of a room as one paragraph."""
    text = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text())) or ""
    return " ".join(text.split())


def test_the_map_is_true():
    text = MAP.read_text()
    missing = [room for room in ROOMS if f"**{room}/** {plate(room)}" not in text]
    assert missing == []


def test_a_room_holds_nothing_at_its_door():
    for room in ROOMS:
        body = ast.parse((ROOT / room / "__init__.py").read_text()).body
        assert len(body) == 1, f"{room}/__init__.py holds code"
        assert plate(room), f"{room} says nothing of itself"


def test_the_foundation_knows_no_word_of_the_glossary():
    words = ("vendor", "questionnaire", "assessment", "clause")
    broken = [
        f"{path.name}: {word}"
        for path in sorted((ROOT / "foundation").glob("*.py"))
        for word in words
        if word in path.read_text().lower() and path.name not in {"settings.py", "crypto.py"}
    ]
    assert broken == []
