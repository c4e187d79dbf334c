"""The sandbox entry: a file and its name in, what reading it came to out; both framed JSON.

A frame is four bytes of length, big-endian, then that much JSON; the file's bytes follow the name.
"""

import json
import struct
from dataclasses import asdict

from questionnaires import content
from questionnaires.formats.outcome import Counts, Import
from questionnaires.formats.reading import read as read_file
from questionnaires.problem import Problem

_LENGTH = struct.Struct(">I")


def read(payload: bytes) -> bytes:
    """Read the framed file and return the framed outcome."""
    head, file = unframed(payload)
    return framed(plain_of(read_file(file, str(head["name"]))))


def framed(plain: dict[str, object], rest: bytes = b"") -> bytes:
    """Return JSON with its length before it and bytes after it."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return _LENGTH.pack(len(text)) + text + rest


def unframed(payload: bytes) -> tuple[dict[str, object], bytes]:
    """Return the JSON of a frame and the bytes after it; ValueError when it is cut short."""
    if len(payload) < _LENGTH.size:
        raise ValueError("This frame has no length.")
    (length,) = _LENGTH.unpack_from(payload)
    end = _LENGTH.size + length
    plain = json.loads(payload[_LENGTH.size : end])
    if len(payload) < end or not isinstance(plain, dict):
        raise ValueError("This frame is cut short.")
    return plain, payload[end:]


def plain_of(outcome: Import) -> dict[str, object]:
    """Return the outcome as plain JSON values, losing nothing."""
    found = outcome.questionnaire
    return {
        "format": outcome.format,
        "counts": asdict(outcome.counts),
        "problems": [asdict(problem) for problem in outcome.problems],
        "questionnaire": content.to_json(found) if found else None,
    }


def outcome_of(plain: dict[str, object]) -> Import:
    """Read back what `plain_of` wrote; ValueError when the shape is not ours."""
    try:
        counts, problems = plain["counts"], plain["problems"]
        found = plain["questionnaire"]
        return Import(
            questionnaire=content.from_json(found) if found is not None else None,
            format=str(plain["format"]),
            counts=Counts(**counts),  # type: ignore[arg-type]
            problems=tuple(Problem(**problem) for problem in problems),  # type: ignore[attr-defined]
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("This outcome is not in our shape.") from error
