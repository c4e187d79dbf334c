"""Forms of sub-processors: a pasted list, and one of them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from vendors.intake_forms import fits
from vendors.sub_processor_commands import DEEPEST_RANK
from vendors.wording import LONGEST_NAME

LONGEST_PASTED = 200_000


def _ranks() -> list[Any]:
    far = [(str(n), _("%(rank)s: behind those", rank=n)) for n in range(3, DEEPEST_RANK + 1)]
    return offered([("2", _("2: works for the vendor itself")), *far])


class PasteForm(BaseForm):
    """A list of companies, as somebody copied it."""

    pasted = TextAreaField(
        _l("List or table"),
        description=_l(
            "One company on each line, or a table copied from a page or a sheet: name, purpose, "
            "country. A heading row is understood."
        ),
        filters=[stripped],
        validators=[
            InputRequired(_l("Paste a list, or write one name on each line.")),
            Length(max=LONGEST_PASTED, message=_l("This is too long. Paste it in parts.")),
        ],
    )
    rank = SelectField(_l("How far from us"), choices=_ranks, default="2")


class SubProcessorForm(BaseForm):
    """What is known of one company a vendor uses, made on top of a state."""

    state = HiddenField()
    name = StringField(
        _l("Name"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the company's name.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )
    rank = SelectField(_l("How far from us"), choices=_ranks, default="2")
    country = StringField(
        _l("Countries"),
        description=_l("Names or two-letter codes, separated by commas."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )
    purpose = StringField(
        _l("What it does for them"), filters=[stripped], validators=[no_control_characters]
    )
    provider = StringField(
        _l("The same company in our inventory"),
        description=_l("Its reference, like V-0042, or its name; empty when it is not there."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )
