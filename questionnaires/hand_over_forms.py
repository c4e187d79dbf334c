"""The form by which a contact's open assessments change hands."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from foundation.forms import BaseForm


class LeaveForm(BaseForm):
    """Who takes over, and why they go."""

    heir = SelectField(_l("Who takes over"), filters=[lambda value: value or ""])
    left_on = DateField(
        _l("The day they left the company"),
        description=_l("Leave it empty when they still work there and only stop acting for us."),
        validators=[Optional()],
    )
