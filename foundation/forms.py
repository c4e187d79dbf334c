"""Forms: shape and parsing of input; every text refuses card numbers."""

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import category

from flask_babel import gettext
from markupsafe import Markup
from wtforms import Field, Form, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.meta import DefaultMeta
from wtforms.widgets import Select

from foundation.cards import find_card_number
from foundation.choices import DrawnSelect

LONGEST_TEXT = 100_000


class BaseForm(Form):
    """The base of every form. The gate has checked where it came from."""

    class Meta(DefaultMeta):
        """How the fields of our forms are drawn."""

        def render_field(self, field: Any, render_kw: Any) -> Markup:  # noqa: ANN401  WTForms'
            """Draw a field; a list of choices by our own hand."""
            if type(field.widget) is Select:
                field.widget = DrawnSelect(multiple=field.widget.multiple)
            return super().render_field(field, render_kw)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check every field; a card number in a text field is refused.

        A hidden field holds what the page wrote: states and ids, whose digits may look like one.
        """
        passed = super().validate(extra_validators)
        for field in self:
            if _is_typed(field) and not _is_refused_for_its_length(field):
                passed = self._refuse_card_number(field) and passed
        return passed

    def _refuse_card_number(self, field: Field) -> bool:
        if not isinstance(field.data, str) or find_card_number(field.data) is None:
            return True
        field.errors = [
            *field.errors,
            gettext("This looks like a card number. Remove it: Duly never stores card numbers."),
        ]
        return False


def _is_refused_for_its_length(field: Field) -> bool:
    """Say whether nobody need look for a number in it: it is refused, and longer than any text."""
    return bool(field.errors) and isinstance(field.data, str) and len(field.data) > LONGEST_TEXT


def _is_typed(field: Field) -> bool:
    return isinstance(field, StringField | TextAreaField) and not isinstance(field, HiddenField)


def stripped(text: str | None) -> str | None:
    """Filter: trim the text; nothing stays nothing."""
    return text.strip() if text else text


def no_control_characters(form: Form, field: Field) -> None:
    """Refuse characters that are no text, such as NUL, and show the text without them."""
    del form
    text = field.data or ""
    kept = "".join(c for c in text if c in "\n\r\t" or category(c) not in {"Cc", "Cs"})
    if kept != text:
        field.data = kept  # a page that prints them is no page
        raise ValidationError(
            gettext(
                "The text held invisible control characters. They are taken out: "
                "check it and send it again."
            )
        )
