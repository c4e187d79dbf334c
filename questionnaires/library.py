"""The questionnaires that come with the product, in our own words."""

from functools import cache
from pathlib import Path

from questionnaires.formats import read
from questionnaires.nodes import Questionnaire

_FOLDER = Path(__file__).parent / "library"


@cache
def load_all() -> tuple[Questionnaire, ...]:
    """Return every shipped questionnaire, by file name; ValueError when one has a fault."""
    return tuple(_load(path) for path in sorted(_FOLDER.glob("*.yaml")))


def load(code: str) -> Questionnaire | None:
    """Return the shipped questionnaire with this code, or None."""
    return next((each for each in load_all() if each.code == code), None)


def file_of(code: str) -> tuple[bytes, str] | None:
    """Return the file of a shipped questionnaire and its name, or None."""
    path = next((each for each in _FOLDER.glob("*.yaml") if each.stem == code), None)
    return (path.read_bytes(), path.name) if path else None


def _load(path: Path) -> Questionnaire:
    outcome = read(path.read_bytes(), path.name)
    if outcome.questionnaire is None or outcome.problems:
        said = "; ".join(f"{each.where}: {each.what} {each.fix}" for each in outcome.problems)
        raise ValueError(f"The shipped questionnaire {path.name} has a fault. {said}")
    return outcome.questionnaire
