"""The form between reviews: has anything changed, in a few plain kinds."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, TextAreaField
from wtforms.validators import Length

from foundation.errors import Refused
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from portal.forms import short_text
from reviews.attestation_commands import LONGEST_SENTENCE
from reviews.attestation_rules import Change, Declaration

HINTS = {
    Change.INCIDENTS: _l("Somebody got at data, a system was broken into, or ours stood still."),
    Change.OWNERSHIP: _l("Sold, merged, another parent company, or another management."),
    Change.SUB_PROCESSORS: _l("A company you pass our work or data on to: new, gone, replaced."),
    Change.DATA_PLACES: _l("Another country, data centre or cloud region."),
    Change.CERTIFICATES: _l("Ended, withdrawn, narrower in scope, or with a qualified opinion."),
    Change.PEOPLE: _l("Whoever we turn to for security, incidents or this form."),
}
UNCHANGED = _l("Nothing of this has changed")


def what(kind: Change) -> str:
    """Return the name of the sentence that belongs to a kind."""
    return f"{kind.value}_what"


class OnlyWithATick:
    """Neither needed nor optional: it is asked for where its kind is ticked."""

    field_flags: ClassVar[dict[str, bool]] = {"conditional": True}

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Pass: the declaration itself asks for it."""


class AttestForm(BaseForm):
    """Kinds that changed, each with a sentence, or that nothing did; and who says so."""

    is_unchanged: Any = BooleanField(UNCHANGED)
    name: Any = short_text(_l("Your name"), _l("Write your name."))
    role: Any = short_text(_l("Your role"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check each field, and that no sentence was written for what is not ticked."""
        passed = super().validate(extra_validators)
        for kind in Change:
            if self[what(kind)].data and not self[kind.value].data:
                passed = False
                self[kind.value].errors = [_l("Tick this too, or empty the sentence under it.")]
        return passed

    @property
    def declaration(self) -> Declaration:
        """What was typed, as it is declared."""
        return Declaration(
            name=self.name.data or "",
            role=self.role.data or "",
            is_unchanged=self.is_unchanged.data,
            changes={k: self[what(k)].data or "" for k in Change if self[k.value].data},
        )

    def refuse(self, refusal: Refused) -> None:
        """Show what was refused at its field, or above the form."""
        name = what(Change(refusal.where)) if refusal.where in set(Change) else refusal.where
        if name and name in self:
            self[name].errors = [str(refusal)]
        else:
            self.form_errors.append(str(refusal))


def _add_kinds() -> None:
    for kind in Change:
        setattr(AttestForm, kind.value, BooleanField(label(kind)))
        sentence = TextAreaField(
            _l("What has changed, and since when?"),
            filters=[stripped],
            validators=[OnlyWithATick(), Length(max=LONGEST_SENTENCE), no_control_characters],
        )
        setattr(AttestForm, what(kind), sentence)


_add_kinds()
