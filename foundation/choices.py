"""Choices of a form's field: what is sent, and what is read."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind


def offered(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return choices of pairs of value and text; the text may be lazy."""
    return [SelectChoice(value, text) for value, text in pairs]
