"""Forms around a contract: its facts, one clause, a waiver, a file, the day it ended."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from contracts.contract_facts import LONGEST_NOTICE, LONGEST_RENEWAL, ContractFacts
from contracts.form_fields import Day, RefusableForm, WholeNumber
from contracts.money import parse_currency, parse_money
from contracts.rules import ClauseStatus
from foundation.choices import offered
from foundation.forms import no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import fits
from vendors.wording import LONGEST_NAME, LONGEST_TEXT

ACCEPTED = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg,.txt,.csv"


class ContractForm(RefusableForm):
    """The facts of a contract; the notice deadline is computed, never typed."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    title = StringField(
        _l("Title"),
        description=_l("As it stands on the first page, such as Master services agreement."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the title of the contract.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )
    service_ids = SelectMultipleField(
        _l("Services it covers"),
        description=_l("They decide which clauses the contract must have."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l("Choose at least one service."))],
    )
    starts_on = Day(_l("Starts on"), validators=[Optional()])
    ends_on = Day(
        _l("Ends on"),
        description=_l("Left empty, it runs until somebody gives notice."),
        validators=[Optional()],
    )
    notice_days = WholeNumber(
        _l("Notice we must give, in days"),
        description=_l("How many days before the end we must speak."),
        validators=[
            Optional(),
            NumberRange(0, LONGEST_NOTICE, _l("Write 0 to %(max)s days.")),
        ],
    )
    provider_notice_days = WholeNumber(
        _l("Notice they must give, in days"),
        validators=[
            Optional(),
            NumberRange(0, LONGEST_NOTICE, _l("Write 0 to %(max)s days.")),
        ],
    )
    auto_renews = BooleanField(_l("It renews itself unless somebody gives notice"))
    renewal_months = WholeNumber(
        _l("It renews by, in months"),
        validators=[
            Optional(),
            NumberRange(1, LONGEST_RENEWAL, _l("Write 1 to %(max)s months.")),
        ],
    )
    yearly_cost = StringField(
        _l("Yearly cost"),
        description=_l("For example 1,250,000.50."),
        filters=[stripped],
        validators=[Optional(), fits(40)],
    )
    currency = StringField(
        _l("Currency"),
        description=_l("Three letters, such as PKR."),
        filters=[stripped],
        validators=[Optional(), fits(3)],
    )
    signing_entity_id = SelectField(_l("Which of our companies signs"))
    governing_law = StringField(
        _l("Governing law"),
        description=_l("For example the law of Pakistan."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )

    def facts(self) -> ContractFacts:
        """Return what was typed. Raises Refused for money that cannot be read."""
        typed = self.yearly_cost.data or ""
        currency = parse_currency(self.currency.data or "") if typed else ""
        return ContractFacts(
            title=self.title.data or "",
            service_ids=tuple(UUID(value) for value in self.service_ids.data or ()),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            notice_days=self.notice_days.data,
            provider_notice_days=self.provider_notice_days.data,
            auto_renews=self.auto_renews.data,
            renewal_months=self.renewal_months.data,
            value_minor=parse_money(typed, currency) if typed else None,
            currency=currency,
            signing_entity_id=_uuid(self.signing_entity_id.data),
            governing_law=self.governing_law.data or "",
        )


def _statuses() -> list[Any]:
    return offered((s.value, label(s)) for s in ClauseStatus if s is not ClauseStatus.WAIVED)


class ClauseForm(RefusableForm):
    """What the contract says of one clause."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    status = SelectField(
        _l("Does the contract have it?"),
        choices=_statuses,
        validators=[InputRequired(_l("Choose one."))],
    )
    found_value = StringField(
        _l("Value found"),
        filters=[stripped],
        validators=[fits(500), no_control_characters],
    )
    page = StringField(
        _l("Page or section"),
        filters=[stripped],
        validators=[fits(100), no_control_characters],
    )
    note = TextAreaField(
        _l("Note"), filters=[stripped], validators=[fits(LONGEST_TEXT), no_control_characters]
    )


class WaiverForm(RefusableForm):
    """Doing without a clause for a time."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    owner_id = SelectField(_l("Who answers for it"))
    reason = TextAreaField(
        _l("Why can we do without it?"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the reason: who reads this later must understand it.")),
            fits(LONGEST_TEXT),
            no_control_characters,
        ],
    )
    compensating_control = TextAreaField(
        _l("What protects us instead?"),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    ends_on = Day(
        _l("Until"),
        description=_l("Twelve months from today at most."),
        validators=[InputRequired(_l("Choose the day it ends."))],
    )


class DocumentForm(RefusableForm):
    """A file of the contract."""

    file = FileField(
        _l("File"),
        description=_l("PDF, DOCX, XLSX, PNG, JPG, TXT or CSV, smaller than 25MB."),
        render_kw={"data-upload": "", "accept": ACCEPTED},
    )
    document_title = StringField(
        _l("What it is"),
        description=_l("Such as Annex 2. Left empty, the file's name is used."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )


class EndForm(RefusableForm):
    """The day a contract ended."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    ended_on = Day(
        _l("Last day"), description=_l("Left empty, it is today."), validators=[Optional()]
    )


def clause_form(
    code: str,
    *,
    formdata: MultiDict[str, str] | None = None,
    data: Mapping[str, object] | None = None,
) -> ClauseForm:
    """Return the form of one clause; its names are its own on a page with many."""
    return ClauseForm(formdata, prefix=code, data=data)


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None
