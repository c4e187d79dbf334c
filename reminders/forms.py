"""Forms of reminders: putting a thing off, and which mails one gets."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from reminders.choice_commands import CHOICES


class PutOffForm(BaseForm):
    """Until when, why, and whether beyond its date."""

    until_on: Any = DateField(
        _l("Say nothing until"), validators=[InputRequired(_l("Choose the day to hear of it."))]
    )
    reason: Any = TextAreaField(
        _l("Why can it wait?"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write why it can wait.")),
            Length(max=1000),
            no_control_characters,
        ],
    )
    is_past_due: Any = BooleanField(_l("I know that I hear nothing before its date has passed"))


class ChoicesForm(BaseForm):
    """Which mails one gets."""

    kinds: Any = SelectMultipleField(
        _l("Mails I want"),
        choices=lambda: offered((each.value, label(each)) for each in CHOICES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
