"""The form for a file that staff put on record."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from evidence.commands import LONGEST_TITLE
from evidence.dates import check_dates
from evidence.rules import EvidenceKind
from foundation.choices import offered
from foundation.errors import Refused
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.rules import Visibility

ACCEPTED = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg,.txt,.csv"


def _kinds() -> list[Any]:
    return offered((kind.value, label(kind)) for kind in EvidenceKind)


def _visibilities() -> list[Any]:
    return offered((choice.value, label(choice)) for choice in Visibility)


class UploadForm(BaseForm):
    """A file, what it is and how long it counts."""

    file = FileField(
        _l("File"),
        description=_l("PDF, DOCX, XLSX, PNG, JPG, TXT or CSV, smaller than 25MB."),
        render_kw={"data-upload": "", "accept": ACCEPTED},
    )
    title = StringField(
        _l("Title"),
        description=_l("Left empty, the file's name is used."),
        filters=[stripped],
        validators=[Optional(), Length(max=LONGEST_TITLE), no_control_characters],
    )
    kind = SelectField(_l("Kind"), choices=_kinds, default=EvidenceKind.OTHER.value)
    issued_on = DateField(_l("Issued on"), validators=[Optional()])
    valid_until = DateField(
        _l("Valid until"),
        description=_l("Left empty, it follows from the kind and the day of issue."),
        validators=[Optional()],
    )
    visibility = RadioField(
        _l("Who sees it?"),
        choices=_visibilities,
        default=Visibility.INTERNAL.value,
        validators=[InputRequired(_l("Choose who sees the file."))],
    )

    def is_sound(self, today: date) -> bool:
        """Check the fields, and the dates against each other."""
        passed = self.validate()
        try:
            if not self.issued_on.errors and not self.valid_until.errors:
                check_dates(self.issued_on.data, self.valid_until.data, today=today)
        except Refused as refusal:
            self.refuse(refusal)
            return False
        return passed

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal at its field."""
        field = self._fields.get(refusal.where or "file", self.file)
        field.errors = [*_known(field.errors), str(refusal)]


def _known(errors: Iterable[Any]) -> list[Any]:
    return list(errors)
