"""Choices of a form's field: what is sent, and what is read."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag behind
from wtforms.widgets import Select


def offered(pairs: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return choices of pairs of value and text; the text may be lazy."""
    return [SelectChoice(value, text) for value, text in pairs]


class DrawnSelect(Select):
    """A list as WTForms draws it, quicker where an option is only a value and a text."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> Markup:  # type: ignore[override]  # noqa: ANN401  stubs lag behind
        """Return one option of the list."""
        if choice.render_kw or kwargs or isinstance(choice.value, bool):
            return super().render_option(choice, **kwargs)
        selected = " selected" if choice.selected else ""
        label = escape(str(choice.label) or choice.value)
        return Markup(f'<option{selected} value="{escape(choice.value)}">{label}</option>')  # noqa: S704  both are escaped
