"""Forms of the intake: plain questions, from which exposure and tier follow."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from foundation.choices import offered
from foundation.errors import Refused
from foundation.forms import BaseForm, no_control_characters, stripped
from vendors.countries import country_choices, is_country
from vendors.duplicate_queries import Typed
from vendors.intake import INTAKE, NOT_KNOWN_YET, IntakeQuestion, exposure_from
from vendors.naming import name_key
from vendors.numbers import LONGEST as LONGEST_NUMBER
from vendors.numbers import checked_number, kind_of
from vendors.tiering import Exposure
from vendors.wording import LONGEST_NAME, LONGEST_TEXT, LONGEST_WEBSITE, checked_website


def names_somebody(form: BaseForm, field: Field) -> None:
    """Refuse a name with nothing to see in it."""
    del form
    if not name_key(field.data or ""):
        raise ValidationError(_l("Write the company's name as it stands on their letters."))


def web_address(form: BaseForm, field: Field) -> None:
    """Refuse what is no web address; nothing is fine."""
    del form
    try:
        checked_website(field.data or "")
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


def real_number(form: BaseForm, field: Field) -> None:
    """Refuse what is too long or too short for a number; nothing is fine."""
    del form
    try:
        if field.data:
            checked_number(kind_of(field.data), field.data)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal


def known_country(form: BaseForm, field: Field) -> None:
    """Refuse a code that is no country's."""
    del form
    if field.data and not is_country(field.data):
        raise ValidationError(_l("Choose a country of the list."))


def countries() -> list[Any]:
    """Return the countries to choose from, in the reader's language."""
    return offered([("", gettext("Not known")), *country_choices()])


def fits(longest: int) -> Length:
    """Refuse a longer text, saying how much fits."""
    return Length(max=longest, message=_l("At most %(max)d characters fit. Shorten it."))


class StandsAlone:
    """Refuses an answer such as "nothing" beside others; the page's script takes them off."""

    def __init__(self, question: IntakeQuestion) -> None:
        self.words = {value: text for value, text in question.options if value in question.alone}
        self.field_flags = {"alone": " ".join(question.alone)}

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Raise ValidationError for the first such answer that does not stand alone."""
        del form
        given = set(field.data or ())
        for value, text in self.words.items():
            if value in given and len(given) > 1:
                raise ValidationError(
                    gettext(
                        "“%(answer)s” stands alone. Take it off, or take off the others.",
                        answer=gettext(text),
                    )
                )


class QuestionsForm(BaseForm):
    """The plain questions; every one may stay open."""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check that every answer is one of those shown."""
        passed = super().validate(extra_validators)
        for question in INTAKE:
            try:
                exposure_from({question.key: self.answers()[question.key]})
            except ValueError as wrong:
                field = self[question.key]
                field.errors = [*field.errors, str(wrong)]
                passed = False
        return passed

    def answers(self) -> dict[str, str | list[str]]:
        """Return the answers as given, ready to be stored."""
        return {question.key: self[question.key].data or "" for question in INTAKE}

    def exposure(self) -> Exposure:
        """Return what the answers mean. Raises ValueError for an answer nobody showed."""
        return exposure_from(self.answers())


def _field_of(question: IntakeQuestion) -> Field:
    choices = offered((value, _l(text)) for value, text in question.options)
    common: dict[str, Any] = {
        "label": _l(question.text),
        "description": _l(question.hint),
        "choices": choices,
        "validate_choice": False,
    }
    if question.is_multiple:
        return SelectMultipleField(
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
            validators=[StandsAlone(question)],
            **common,
        )
    return RadioField(default=NOT_KNOWN_YET, **common)


for _question in INTAKE:
    setattr(QuestionsForm, _question.key, _field_of(_question))


class IntakeForm(QuestionsForm):
    """A new vendor: who they are, what they do for us, what our use touches."""

    name = StringField(
        _l("Company name"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the company's name.")),
            fits(LONGEST_NAME),
            no_control_characters,
            names_somebody,
        ],
    )
    website = StringField(
        _l("Website"), filters=[stripped], validators=[no_control_characters, web_address]
    )
    purpose = TextAreaField(
        _l("What do they do for us?"),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    number = StringField(
        _l("Registration or tax number"),
        description=_l("As it stands on their invoice. It finds a vendor we know already."),
        filters=[stripped],
        validators=[no_control_characters, real_number],
    )
    service_name = StringField(
        _l("What is the service called?"),
        description=_l("Leave it empty to use the company's name."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )
    country = SelectField(
        _l("Country they are registered in"),
        choices=countries,
        validate_choice=False,
        validators=[known_country],
    )
    is_need_to_know = BooleanField(_l("Only the owner and people named by us may see this vendor"))
    is_another = BooleanField(_l("It is another company"))

    @property
    def questions(self) -> list[Field]:
        """The plain questions; with name, website and purpose that makes twelve fields."""
        return [self[question.key] for question in INTAKE]

    @property
    def extras(self) -> list[Field]:
        """What is folded away: nobody needs it to begin."""
        return [self.number, self.service_name, self.country, self.is_need_to_know]

    @property
    def has_extras(self) -> bool:
        """Whether anything that is folded away was filled in, or is wrong."""
        return any(field.data or field.errors for field in self.extras)

    def typed(self) -> Typed:
        """Return what tells one company from another, as far as it was typed."""
        return Typed(
            (self.name.data or "")[:LONGEST_NAME],
            (self.website.data or "")[:LONGEST_WEBSITE],
            (self.number.data or "")[:LONGEST_NUMBER],
        )


class ExposureForm(QuestionsForm):
    """The answers for one service, made on top of a version."""

    service = HiddenField()
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    @property
    def questions(self) -> list[Field]:
        """All questions, in order."""
        return [self[question.key] for question in INTAKE]
