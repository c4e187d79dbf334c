"""The form by which somebody's work changes hands."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from contracts.form_fields import RefusableForm


class LeavingForm(RefusableForm):
    """Who takes over."""

    to = SelectField(_l("Everything of this person goes to"))

    def target(self) -> UUID | None:
        """Return who was chosen."""
        return UUID(self.to.data) if self.to.data else None
