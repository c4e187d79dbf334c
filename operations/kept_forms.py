"""The form of the retention rules: months by kind of record."""

from typing import Any

from flask_babel import gettext as _
from wtforms.validators import Optional

from contracts.form_fields import WholeNumber
from operations.kept_rows import KINDS
from operations.settings_forms import SettingsForm
from organisation.retention import RULES, Kept


class RetentionForm(SettingsForm):
    """How many months each kind of record is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as WTForms takes them
        """Name each field after its kind."""
        super().__init__(*args, **kwargs)
        for kind in RULES:
            self[field_of(kind)].label.text = _("Months: %(what)s", what=KINDS[kind][0])

    def months(self) -> dict[str, int | None]:
        """Return the months as they were typed."""
        return {kind.value: self[field_of(kind)].data for kind in RULES}


def field_of(kind: Kept) -> str:
    """Return the name of a kind's field."""
    return f"months_{kind.value}"


for _kind in RULES:
    setattr(RetentionForm, field_of(_kind), WholeNumber(validators=[Optional()]))
