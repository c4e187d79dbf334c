"""Forms of a vendor's life: moving on, and the checklist of leaving."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import fits
from vendors.offboarding import LineState
from vendors.wording import LONGEST_TEXT


class MoveForm(BaseForm):
    """Why a vendor goes into another state."""

    reason = TextAreaField(
        _l("Why"),
        description=_l("Needed when it takes back what was decided before."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )


class LineForm(BaseForm):
    """What was done about one line of the checklist."""

    state = RadioField(
        _l("What is true"), choices=lambda: offered((one.value, label(one)) for one in LineState)
    )
    note = TextAreaField(
        _l("Note"),
        description=_l("Who confirmed it, a ticket number, or why it does not apply."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    evidence_id = SelectField(_l("Certificate"), filters=[lambda value: value or ""])
