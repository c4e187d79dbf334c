"""A form that could not be stored, kept on the page that says so."""

from flask import Flask, request

from foundation.csrf import FIELD, is_from_here
from foundation.db import READING_METHODS
from foundation.idempotency import FIELD as ONCE

MOST_BYTES = 512 * 1024
"""More than a section of answers; a larger form is not read only to be shown again."""
SECRET = frozenset({"password", "again", "old", "code", "secret"})
"""Names of fields whose form is not printed again: these are typed anew."""


def install(app: Flask) -> None:
    """Let templates ask which texts of a form are worth reading."""
    app.jinja_env.globals["typed_of"] = typed


def sent() -> tuple[tuple[str, str], ...]:
    """Return the fields of the form that was sent, to be sent again as they are.

    Its token is its own, never a fresh one: a form of another site stays what it is. That of
    another site is not printed, nor one with a password.
    """
    is_small = 0 < (request.content_length or 0) <= MOST_BYTES
    if request.method in READING_METHODS or not is_small or not is_from_here():
        return ()
    fields = tuple(request.form.items(multi=True))
    names = {name for name, _ in fields}
    return () if FIELD not in names or names.intersection(SECRET) else fields


def typed(fields: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the texts worth reading among the fields of a form, each once."""
    hidden = {FIELD, ONCE}
    texts = (value.strip() for name, value in fields if name not in hidden)
    return tuple(dict.fromkeys(text for text in texts if " " in text))
