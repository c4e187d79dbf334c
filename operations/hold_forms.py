"""The form of a legal hold: why."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.form_fields import RefusableForm
from evidence.holds import LONGEST_REASON
from foundation.forms import no_control_characters, stripped


class HoldForm(RefusableForm):
    """Why something is held, or why it is no longer."""

    reason = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Write why.")), Length(max=LONGEST_REASON), no_control_characters],
        filters=[stripped],
    )
