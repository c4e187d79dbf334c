"""Forms around notice: noting that it was given, and taking that back."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from contracts.form_fields import Day, RefusableForm
from contracts.queries import DocumentRow
from foundation.choices import offered
from foundation.forms import no_control_characters, stripped
from vendors.intake_forms import fits
from vendors.wording import LONGEST_TEXT


class NoticeForm(RefusableForm):
    """That notice was given: when, with which letter, and until when the contract still runs."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    given_on = Day(
        _l("Notice was given on"),
        validators=[InputRequired(_l("Enter the day notice was given."))],
    )
    leaves_on = Day(
        _l("Last day of the contract"),
        description=_l("Left empty, it is counted from the contract's own dates."),
        validators=[Optional()],
    )
    note = TextAreaField(
        _l("Note"),
        description=_l("How it was given, and who confirmed it."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    letter_id = SelectField(
        _l("The letter"), description=_l("One of the files attached below."), default=""
    )

    def offer(self, documents: Iterable[DocumentRow]) -> "NoticeForm":
        """Offer the files of the contract as the letter."""
        files = [(str(file.evidence_id), file.title) for file in documents]
        self.letter_id.choices = offered([("", _("None of the files")), *files])
        return self

    @property
    def letter(self) -> UUID | None:
        """The file that was chosen."""
        return UUID(self.letter_id.data) if self.letter_id.data else None


class TakeBackNoticeForm(RefusableForm):
    """Taking a notice back."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = TextAreaField(
        _l("Why is it taken back?"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write why the notice is taken back.")),
            fits(LONGEST_TEXT),
            no_control_characters,
        ],
    )
