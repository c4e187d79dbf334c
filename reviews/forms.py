"""Forms of reviews: places on the desk, findings, gates, acceptances, decisions."""

from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from foundation.choices import offered
from foundation.errors import Refused
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from reviews.attestation_rules import Judgement
from reviews.gates import Gate, GateStatus
from reviews.rules import Outcome, Severity

CONDITION_ROWS = 5
PEOPLE = list[Any]


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as wrong:
        raise Refused(gettext("This form is damaged. Reload the page and try again.")) from wrong


def _text(text: str, *, longest: int = 4000, required: str = "") -> TextAreaField:
    needed = [InputRequired(required)] if required else []
    return TextAreaField(
        text, filters=[stripped], validators=[*needed, Length(max=longest), no_control_characters]
    )


def _version() -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class PlaceForm(BaseForm):
    """Which answer, and which version of it was on the page."""

    assessment_id: Any = StringField(filters=[_id], validators=[InputRequired()])
    code: Any = StringField(validators=[InputRequired()])
    version: Any = _version()


class AcceptForm(PlaceForm):
    """Accepting one answer."""

    note: Any = _text(_l("Note"))


class AskForm(PlaceForm):
    """Asking back about one answer."""

    text: Any = _text(_l("What do you want to know?"))
    canned: Any = SelectField(choices=[], validate_choice=False)

    @property
    def words(self) -> str:
        """What was typed, or else the follow-up that was chosen."""
        return self.text.data or self.canned.data or ""


class FindingForm(PlaceForm):
    """Raising a finding from an answer."""

    title: Any = StringField(
        _l("What is wrong?"),
        filters=[stripped],
        validators=[InputRequired(_l("Give the finding a title.")), Length(max=300)],
    )
    severity: Any = SelectField(
        _l("Severity"), choices=lambda: offered((each.value, label(each)) for each in Severity)
    )
    description: Any = _text(_l("Description"))
    owner_id: Any = SelectField(_l("Owner"))
    due_on: Any = DateField(_l("Due on"), validators=[Optional()])
    is_contradicted: Any = BooleanField(_l("The proof contradicts the answer"))


class HandBackForm(BaseForm):
    """Sending what was asked back."""

    assessment_id: Any = StringField(filters=[_id], validators=[InputRequired()])
    due_on: Any = DateField(
        _l("Answer by"), validators=[InputRequired(_l("Choose the day they answer by."))]
    )


class TakeBackForm(BaseForm):
    """Withdrawing a question that was asked back."""

    assessment_id: Any = StringField(filters=[_id], validators=[InputRequired()])
    clarification_id: Any = StringField(filters=[_id], validators=[InputRequired()])


class GateForm(BaseForm):
    """A gate answered by hand."""

    gate: Any = SelectField(choices=offered((gate.value, gate.value) for gate in Gate))
    status: Any = SelectField(
        choices=lambda: offered(
            (each.value, label(each)) for each in GateStatus if each is not GateStatus.UNANSWERED
        ),
        validate_choice=False,
        validators=[
            AnyOf(
                [each.value for each in GateStatus if each is not GateStatus.UNANSWERED],
                _l("Choose whether the gate is passed, failed or does not apply."),
            )
        ],
    )
    note: Any = _text(_l("What did you look at?"), required=_l("Write what you looked at."))
    version: Any = _version()


class CloseForm(BaseForm):
    """Closing a finding."""

    version: Any = _version()
    note: Any = _text(
        _l("How do you know that it is mended?"),
        required=_l("Write how you know that it is mended."),
    )


class MetForm(BaseForm):
    """Saying that a condition was met."""

    version: Any = _version()
    note: Any = _text(
        _l("How do you know that it was met?"),
        required=_l("Write how you know that it was met."),
    )


class AcceptanceForm(BaseForm):
    """Accepting a risk for a time."""

    version: Any = _version()
    owner_id: Any = SelectField(_l("Who bears the risk"))
    reason: Any = _text(_l("Why is it acceptable?"), required=_l("Write why it is acceptable."))
    compensating_control: Any = _text(
        _l("What is done instead?"), required=_l("Write what is done instead.")
    )
    ends_on: Any = DateField(_l("Until"), validators=[InputRequired(_l("Choose the last day."))])


class GateAcceptanceForm(AcceptanceForm):
    """Accepting the risk of a failed gate."""

    gate: Any = SelectField(choices=offered((gate.value, gate.value) for gate in Gate))


class JudgeForm(BaseForm):
    """What is made of a reported change, and why."""

    version: Any = _version()
    judgement: Any = RadioField(
        _l("What follows from it?"),
        choices=lambda: offered((each.value, label(each)) for each in Judgement),
        validators=[InputRequired(_l("Choose what follows from it."))],
    )
    reason: Any = _text(_l("Why?"), required=_l("Write why, for whoever asks later."))


class ConditionForm(BaseForm):
    """One condition; an empty row is no condition."""

    text: Any = StringField(
        _l("Condition"),
        filters=[stripped],
        validators=[Length(max=1000), no_control_characters],
    )
    due_on: Any = DateField(_l("Due on"), validators=[Optional()])
    owner_id: Any = SelectField(_l("Owner"))

    def validate_due_on(self, field: Field) -> None:
        """Refuse a condition without a date."""
        if self.text.data and field.data is None and not field.errors:
            raise ValidationError(gettext("Give this condition a date."))


class DecideForm(BaseForm):
    """Proposing an outcome; `round` is the round the page was made for."""

    round: Any = _version()
    outcome: Any = RadioField(
        _l("Outcome"),
        choices=lambda: offered((each.value, label(each)) for each in Outcome),
        validators=[InputRequired(_l("Choose an outcome."))],
    )
    is_escalated: Any = BooleanField(_l("Escalate: a lead and an approver sign"))
    note: Any = _text(_l("Why"), required=_l("Write why: the reason is part of the record."))
    conditions: Any = FieldList(
        FormField(ConditionForm), min_entries=CONDITION_ROWS, max_entries=20
    )

    def offer(self, people: PEOPLE, owner_id: str) -> "DecideForm":
        """Offer the people who can own a condition."""
        for row in self.conditions:
            row.form.owner_id.choices = people
            row.form.owner_id.data = row.form.owner_id.data or owner_id
        return self


class SendBackForm(BaseForm):
    """Sending the proposal that was on the page back to the reviewer."""

    decision_id: Any = StringField(
        filters=[_id], widget=HiddenInput(), validators=[InputRequired()]
    )
    reason: Any = _text(
        _l("What has to be looked at again?"),
        required=_l("Write what has to be looked at again."),
    )


class SignForm(BaseForm):
    """Signing the proposal that was on the page."""

    decision_id: Any = StringField(filters=[_id], validators=[InputRequired()])
    role: Any = SelectField(_l("Sign as"), validate_choice=False)
    note: Any = _text(_l("Note"))


def refuse_invalid(form: BaseForm) -> None:
    """Raise Refused with what is wrong, where no page is shown again."""
    if not form.validate():
        sentences = tuple(str(each) for field in form for each in field.errors)
        raise Refused(sentences[0], reasons=sentences)
