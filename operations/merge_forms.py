"""Forms of merging two vendors: which, and which value wins."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from foundation.forms import BaseForm, no_control_characters, stripped
from vendors.intake_forms import fits
from vendors.wording import LONGEST_NAME


class OtherForm(BaseForm):
    """Which vendor is the same company."""

    other = StringField(
        _l("The other vendor"),
        description=_l("Its reference, like V-0042, or its name."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write which vendor is the same company.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )


class ChoicesForm(BaseForm):
    """Whose value wins, fact by fact; which facts there are, is data."""

    versions = HiddenField()
    other_id = HiddenField()

    def choices(self) -> dict[str, str]:
        """Return whose value wins, by fact."""
        hidden = {"versions", "other_id"}
        return {one.name: one.data for one in self if one.name not in hidden}
