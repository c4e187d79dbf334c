"""Fields of our own, with sentences of ours, and forms that show what the rules refused."""

from datetime import date

from flask_babel import gettext
from wtforms import DateField, IntegerField

from foundation.errors import Refused
from foundation.forms import BaseForm


class WholeNumber(IntegerField):
    """A whole number, with a sentence of ours where there is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; nothing typed is nothing known."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        try:
            self.data = int(typed)
        except ValueError:
            raise ValueError(gettext("Write a whole number, such as 90.")) from None


class Day(DateField):
    """A date, with a sentence of ours where there is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; nothing typed is nothing known."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        try:
            self.data = date.fromisoformat(typed)
        except ValueError:
            raise ValueError(gettext("Write the date as year-month-day: 2026-12-31.")) from None


class RefusableForm(BaseForm):
    """A form that can show a refusal of the rules at the field it is about."""

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal at its field, or above the form."""
        field = next((known for known in self if known.short_name == refusal.where), None)
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]
