"""What was typed into a form that could not be saved, given back to be copied."""

from flask import request

from foundation.csrf import FIELD, is_from_here
from foundation.db import READING_METHODS

MOST_BYTES = 512 * 1024
"""More than every answer of a section; a form that brings files is not read for this."""
TYPED = ("text", "reason", "note")


def typed_in() -> tuple[str, ...]:
    """Return the texts of the request's form, each once, in its order.

    A page of another site gets nothing printed here.
    """
    is_small = 0 < (request.content_length or 0) <= MOST_BYTES
    if request.method in READING_METHODS or not is_small or not is_from_here():
        return ()
    found = (
        value.strip()
        for name, value in request.form.items(multi=True)
        if name != FIELD and _is_typed(name)
    )
    return tuple(dict.fromkeys(text for text in found if text))


def _is_typed(name: str) -> bool:
    return name.startswith("reply:") or name.rpartition(":")[2] in TYPED
