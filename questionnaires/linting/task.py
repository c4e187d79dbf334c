"""The sandbox entry: a file and its name in, the notes of its questions out; both framed JSON."""

from dataclasses import asdict

from questionnaires.formats.task import framed, unframed
from questionnaires.linting.notes import notes_in
from questionnaires.linting.subject import Notes


def notes(payload: bytes) -> bytes:
    """Read the framed file and return the framed notes."""
    head, file = unframed(payload)
    found = notes_in(file, str(head["name"]))
    return framed({code: asdict(note) for code, note in found.items()})


def notes_of(plain: dict[str, object]) -> dict[str, Notes]:
    """Read back what `notes` wrote; ValueError when the shape is not ours."""
    try:
        return {code: Notes(**one) for code, one in plain.items()}  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError("These notes are not in our shape.") from error
