"""The form of a note."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import fits
from vendors.rules import Visibility
from vendors.wording import LONGEST_TEXT


class NoteForm(BaseForm):
    """A note, and who reads it."""

    version = IntegerField(widget=HiddenInput(), default=1)
    text = TextAreaField(
        _l("Note"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the note.")),
            fits(LONGEST_TEXT),
            no_control_characters,
        ],
    )
    visibility = RadioField(
        _l("Who reads it"),
        choices=lambda: offered((one.value, label(one)) for one in Visibility),
        default=Visibility.INTERNAL.value,
    )
