"""Writing letters: plain text from templates/mail, the first line is the subject."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from foundation.dates import day_in
from foundation.errors import Refused
from foundation.settings import ROOT

LONGEST_SUBJECT = 200
LONGEST_BODY = 100_000
_FOLDER = ROOT / "templates" / "mail"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSENT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Text:
    """What a letter says. The subject is stored in the open: put no code or link into it."""

    subject: str
    body: str


def compose(name: str, /, **context: object) -> Text:
    """Fill in a letter; every subject starts with [org]; a missing name raises UndefinedError."""
    subject, body = _letter(name)
    sender = _environment().from_string("[{{ org }}] ").render(context)
    line = sender + subject.render(context).strip().removeprefix(sender)
    return checked(Text(line, body.render(context).strip() + "\n"))


def checked(text: Text) -> Text:
    """Return a text that can be mailed: one line of subject, no control characters, not too long.

    A long subject is cut; a long body is refused, since half a letter says something else.
    """
    if not is_one_line(text.subject):
        raise Refused("The subject of a letter must be one line. Take the line break out of it.")
    if not text.subject or not text.body.strip():
        raise Refused("A letter needs a subject and a text.")
    body = _UNSENT.sub("", text.body.replace("\r\n", "\n"))
    if len(body) > LONGEST_BODY:
        raise Refused(f"A letter holds {LONGEST_BODY:,} characters at most. Shorten the message.")
    return Text(_cut(_sound(text.subject), LONGEST_SUBJECT), _sound(body))


def is_one_line(text: str) -> bool:
    """Say whether a text can stand in a header: no line break, no control character."""
    return len(text.splitlines()) <= 1 and text.strip() == text and _CONTROL.search(text) is None


def day(value: date) -> str:
    """Write a date as 18 December 2026."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Write a moment as 18 December 2026, 10:42 UTC."""
    there = value.astimezone(UTC)
    return f"{day(day_in(value, 'UTC'))}, {there:%H:%M} UTC"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  a letter is plain text; escaping would garble names
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(day=day, moment=moment)
    return environment


@cache
def _letter(name: str) -> tuple[Template, Template]:
    """Split a template at its first line, so that no value can move words into the body."""
    if not name.replace("_", "").isalnum():
        raise LookupError(f"There is no letter called {name}.")
    source = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    subject, _, body = source.partition("\n")
    environment = _environment()
    return environment.from_string(subject), environment.from_string(body)


def _sound(text: str) -> str:
    """Replace halves of characters, which no mail can carry."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
