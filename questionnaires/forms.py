"""Forms of questionnaires: importing, sending, more time."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    EmailField,
    Field,
    FileField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from questionnaires import library

NEW_CONTACT = "new"
LONGEST_MESSAGE = 2_000


def _shipped() -> list[Any]:
    known = [(each.code, each.title) for each in library.load_all()]
    return offered([("", gettext("None of these")), *known])


class ImportForm(BaseForm):
    """A file, or one of the questionnaires that come with the product."""

    file = FileField(
        _l("Questionnaire file"),
        description=_l("A VSAQ file (JSON) or our own format (YAML), at most 5 MB."),
    )
    shipped = SelectField(
        _l("Or one that comes with Duly"), choices=_shipped, validate_choice=False
    )


class SendForm(BaseForm):
    """What to ask, whom, and until when."""

    questionnaire = SelectField(
        _l("Questionnaire"),
        validators=[InputRequired(_l("Choose a questionnaire."))],
    )
    contact = SelectField(_l("Who answers"), validators=[InputRequired(_l("Choose who answers."))])
    new_email = EmailField(
        _l("E-mail address of the new contact"), filters=[stripped], validators=[Length(max=254)]
    )
    new_name = StringField(
        _l("Name of the new contact"), filters=[stripped], validators=[Length(max=200)]
    )
    due_on = DateField(
        _l("Due date"), validators=[InputRequired(_l("Give a date such as 2026-12-18."))]
    )
    message = TextAreaField(
        _l("Message to the vendor"),
        filters=[stripped],
        validators=[
            Length(max=LONGEST_MESSAGE, message=_l("Write at most %(max)d characters.")),
            no_control_characters,
        ],
    )

    def validate_new_name(self, field: Field) -> None:
        """Demand a name for a new contact."""
        if self.is_new_contact and not field.data:
            raise ValidationError(gettext("Write the name of the new contact."))

    def validate_new_email(self, field: Field) -> None:
        """Demand an address for a new contact."""
        if self.is_new_contact and "@" not in (field.data or ""):
            raise ValidationError(
                gettext("Write the e-mail address of the new contact, such as vania@acme.example.")
            )

    @property
    def is_new_contact(self) -> bool:
        """Whether somebody is named who is not on record yet."""
        return bool(self.contact.data == NEW_CONTACT)

    @property
    def day(self) -> date:
        """The due date, once the form was found good."""
        return cast("date", self.due_on.data)

    @property
    def contact_id(self) -> UUID:
        """The contact chosen from the list."""
        return UUID(self.contact.data)


class DueForm(BaseForm):
    """A new due date."""

    due_on = DateField(
        _l("New due date"), validators=[InputRequired(_l("Give a date such as 2026-12-18."))]
    )

    @property
    def day(self) -> date:
        """The due date, once the form was found good."""
        return cast("date", self.due_on.data)
