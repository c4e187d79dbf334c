"""Forms of added fields and tags."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.field_rules import FieldKind
from vendors.intake_forms import fits
from vendors.wording import LONGEST_NAME, LONGEST_TAG, LONGEST_TEXT


class FieldForm(BaseForm):
    """A field every vendor has."""

    name = StringField(
        _l("Name of the field"),
        description=_l("For example: cost centre, or DPIA done."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write what the field is called.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )
    kind = SelectField(
        _l("What it holds"), choices=lambda: offered((one.value, label(one)) for one in FieldKind)
    )
    choices = TextAreaField(
        _l("Choices"),
        description=_l("One on each line; only for a choice of a list."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )


class RenameForm(BaseForm):
    """Another word for a tag."""

    tag = StringField(
        _l("New word"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the new word.")),
            fits(LONGEST_TAG),
            no_control_characters,
        ],
    )
