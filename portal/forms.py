"""Forms of the outside door, apart from the answers themselves."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from evidence.rules import EvidenceKind
from evidence.sniff import EXTENSIONS, MOST_MEGABYTES, TAKEN
from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label

LONGEST_NAME = 120
STAYS = "stay"
LEAVES = "leave"


def short_text(label: Any, missing: Any = None) -> StringField:  # noqa: ANN401  texts told later
    """Return a field of one line, such as a name; `missing` is what it says when it is empty."""
    asked = [] if missing is None else [InputRequired(missing)]
    checks = [*asked, Length(max=LONGEST_NAME), no_control_characters]
    return StringField(label, filters=[stripped], validators=checks)


class CodeForm(BaseForm):
    """A code, mailed or shown by an authenticator app."""

    code = StringField(
        _l("Code"),
        filters=[stripped],
        validators=[InputRequired(_l("Type the code.")), Length(max=64)],
    )


class SubmitForm(BaseForm):
    """The declaration under the answers."""

    name = short_text(_l("Your name"), _l("Write your name."))
    role = short_text(_l("Your role"), _l("Write your role, such as Head of Security."))
    is_true = BooleanField(
        _l("I declare that these answers are true and complete to the best of my knowledge"),
        validators=[InputRequired(_l("Tick the declaration, or correct the answers first."))],
    )


class PassOnForm(BaseForm):
    """Who answers instead, and whether the one who passes it on stays."""

    person_name = short_text(_l("Their name"), _l("Write your colleague's name."))
    email = StringField(
        _l("Their e-mail address at work"),
        filters=[stripped],
        validators=[InputRequired(_l("Write your colleague's address.")), Length(max=254)],
    )
    is_other_domain = BooleanField(_l("Yes, this address is right"))
    stay = RadioField(
        _l("And you?"),
        choices=offered(
            [
                (STAYS, _l("I keep my access and can look in and help")),
                (LEAVES, _l("I give up my access; this has nothing to do with me")),
            ]
        ),
        default=STAYS,
    )

    def validate_person_name(self, field: Field) -> None:
        """Refuse what would carry a link or an address into a mail under our name."""
        if any(mark in (field.data or "") for mark in ("://", "www.", "@", "/")):
            raise ValidationError(_("Write the name only, without addresses."))


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


@dataclass(frozen=True, slots=True)
class Intake:
    """What is said where a file is chosen."""

    kinds: list[tuple[str, str]]
    hint: str
    extensions: str
    """For the browser's own file chooser; what is taken is judged when it arrives."""


def intake() -> Intake:
    """Return which files are taken, in words and for the browser."""
    hint = _("%(types)s, up to %(size)d MB each", types=TAKEN, size=MOST_MEGABYTES)
    extensions = ",".join(f".{each}" for each in EXTENSIONS)
    return Intake(kind_choices(), hint, extensions)


def kind_choices() -> list[tuple[str, str]]:
    """Return every kind of evidence with its words, the catch-all last."""
    return [(kind.value, label(kind)) for kind in EvidenceKind]
