"""One line of the system page and of the doctor: a thing, how it stands, and what mends it."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How a line stands."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing, how it stands, and the one sentence that mends it."""

    name: str
    grade: Grade
    said: str
    fix: str = ""


def worst_of(checks: list[Check]) -> Grade:
    """Return how the whole stands: as its worst line."""
    grades = {one.grade for one in checks}
    return next((each for each in (Grade.BROKEN, Grade.LOOK) if each in grades), Grade.OK)
