"""Forms of the outside door, apart from the answers themselves."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from evidence.rules import EvidenceKind
from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label

LONGEST_NAME = 120


class CodeForm(BaseForm):
    """A code, mailed or shown by an authenticator app."""

    code = StringField(
        _l("Code"),
        filters=[stripped],
        validators=[InputRequired(_l("Type the code.")), Length(max=64)],
    )


class SubmitForm(BaseForm):
    """The declaration under the answers."""

    name = StringField(
        _l("Your name"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write your name.")),
            Length(max=LONGEST_NAME),
            no_control_characters,
        ],
    )
    role = StringField(
        _l("Your role"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write your role, such as Head of Security.")),
            Length(max=LONGEST_NAME),
            no_control_characters,
        ],
    )
    is_true = BooleanField(
        _l("I declare that these answers are true and complete to the best of my knowledge"),
        validators=[InputRequired(_l("Tick the declaration, or correct the answers first."))],
    )


class EvidenceForm(BaseForm):
    """A file for the library."""

    vendor_id = HiddenField()
    file = FileField(_l("File"))
    title = StringField(
        _l("Title"), filters=[stripped], validators=[Length(max=200), no_control_characters]
    )
    kind = SelectField(
        _l("What it is"),
        choices=offered((kind.value, kind.value) for kind in EvidenceKind),
        default=EvidenceKind.OTHER.value,
    )
    issued_on = DateField(
        _l("Issued on"),
        validators=[MayBeEmpty()],
    )

    def show_words(self) -> None:
        """Put the words of the kinds in place of their values, and mark what is needed."""
        self.file.flags.required = True
        self.kind.flags.required = True
        self.kind.choices = offered(kind_choices())


def kind_choices() -> list[tuple[str, str]]:
    """Return every kind of evidence with its words, the catch-all last."""
    return [(kind.value, label(kind)) for kind in EvidenceKind]
