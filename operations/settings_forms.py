"""Forms of the organisation's settings."""

from itertools import product
from typing import Any

from babel import Locale
from babel.numbers import get_currency_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from contracts.form_fields import Day, RefusableForm, WholeNumber
from foundation.choices import offered
from foundation.forms import no_control_characters, stripped
from foundation.labels import label
from organisation.regimes import BY_CODE, PACKS
from organisation.rules import (
    LONGEST_NAME,
    PageSize,
    RegimeStatus,
    SecondLanguage,
    read_holidays,
)
from reviews.rules import FINDING_DAYS, Severity
from vendors.countries import country_choices

WEEKDAYS = (
    ("1", _l("Monday")),
    ("2", _l("Tuesday")),
    ("3", _l("Wednesday")),
    ("4", _l("Thursday")),
    ("5", _l("Friday")),
    ("6", _l("Saturday")),
    ("7", _l("Sunday")),
)
LONGEST_LIST = 60_000


class SettingsForm(RefusableForm):
    """The base: which version somebody had open."""

    number = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def based_on(self) -> int:
        """Return the number of the version that was shown."""
        return self.number.data or 0


class OrganisationForm(SettingsForm):
    """Who we are, and when we work."""

    name = StringField(
        _l("Name of the organisation"),
        [InputRequired(_l("Type the name.")), Length(max=LONGEST_NAME), no_control_characters],
        description=_l("Vendors read it on every page and in every letter."),
        filters=[stripped],
    )
    home_country = SelectField(
        _l("Home country"),
        description=_l("Its public holidays are proposed first."),
        choices=lambda: offered(country_choices()),
    )
    time_zone = StringField(
        _l("Time zone"),
        [InputRequired(_l("Type the time zone.")), Length(max=60)],
        description=_l("Where our days begin and end: due dates and reminders follow it."),
        filters=[stripped],
    )
    currency = StringField(
        _l("Currency"),
        [InputRequired(_l("Type the currency.")), Length(max=20)],
        description=_l("Three letters, such as PKR; new contracts start with it."),
        filters=[stripped],
    )
    weekend = SelectMultipleField(
        _l("Week-end"),
        choices=offered(WEEKDAYS),
        description=_l("Due dates that Duly suggests to vendors are working days."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed, by field of the settings."""
        return {
            "name": self.name.data or "",
            "home_country": self.home_country.data or "",
            "time_zone": self.time_zone.data or "",
            "currency": self.currency.data or "",
            "weekend": [int(day) for day in self.weekend.data or []],
        }


class HolidaysForm(SettingsForm):
    """The days on which nobody works."""

    holidays = TextAreaField(
        _l("Days on which we do not work"),
        [Length(max=LONGEST_LIST), no_control_characters],
        description=_l("One a line: the date, then its name. Take a line out to work on that day."),
    )
    n_proposed: int | None = None
    """How many public holidays were added to the text and are not stored yet."""

    def values(self) -> dict[str, Any]:
        """Return what was typed. Raises Refused for a line that is no day."""
        return {"holidays": [str(one) for one in read_holidays(self.holidays.data or "")]}


class ProposalForm(RefusableForm):
    """Which country's public holidays to propose, for which years."""

    country = SelectField(_l("Country"), choices=lambda: offered(country_choices()))
    years = StringField(
        _l("Years"),
        [InputRequired(_l("Type a year.")), Length(max=40)],
        description=_l("Such as 2026, or 2026-2028."),
        filters=[stripped],
    )


class RegimesForm(SettingsForm):
    """Which laws and schemes we are under, and what stands of each."""

    regimes = SelectMultipleField(
        _l("Regimes"),
        choices=offered((pack.code, pack.name) for pack in PACKS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def entered(self) -> dict[str, Any]:
        """Return status and day of each regime as they were typed."""
        return {
            code: (RegimeStatus(self[f"{code}_status"].data), self[f"{code}_day"].data)
            for code in BY_CODE
        }


for _pack in PACKS:
    setattr(
        RegimesForm,
        f"{_pack.code}_status",
        SelectField(
            _l("Status"),
            choices=lambda: offered((status.value, label(status)) for status in RegimeStatus),
        ),
    )
    setattr(RegimesForm, f"{_pack.code}_day", Day(_l("In force from"), [Optional()]))


class ReportsForm(SettingsForm):
    """How reports are printed."""

    page_size = SelectField(
        _l("Page size"),
        choices=lambda: offered((one.value, label(one)) for one in PageSize),
        description=_l("Of every paper of a report, and of the portfolio."),
    )
    second_language = SelectField(
        _l("Second summary"),
        choices=lambda: offered((one.value, label(one)) for one in SecondLanguage),
        description=_l("One page after the executive summary, with the same facts."),
    )

    def values(self) -> dict[str, Any]:
        """Return what was chosen, by field of the settings."""
        return {
            "page_size": self.page_size.data or "",
            "second_language": self.second_language.data or "",
        }


class DeadlinesForm(SettingsForm):
    """Days to mend a finding, by tier and severity."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  as WTForms takes them
        """Name each field after its tier and severity."""
        super().__init__(*args, **kwargs)
        for tier, severity in product(FINDING_DAYS, Severity):
            text = _("Tier %(tier)s, %(severity)s", tier=tier, severity=label(severity))
            self[f"days_{tier}_{severity.value}"].label.text = text

    def table(self) -> dict[int, list[int | None]]:
        """Return the days as they were typed; an empty field sets no date."""
        return {
            tier: [self[f"days_{tier}_{severity.value}"].data for severity in Severity]
            for tier in FINDING_DAYS
        }


for _tier, _severity in product(FINDING_DAYS, Severity):
    setattr(DeadlinesForm, f"days_{_tier}_{_severity.value}", WholeNumber(validators=[Optional()]))


def currency_names() -> list[tuple[str, str]]:
    """Return codes and names of the currencies in use, for a list to search."""
    known = Locale("en").currencies
    return [(code, str(get_currency_name(code, locale="en"))) for code in sorted(known)]


def day_names(numbers: list[str]) -> list[str]:
    """Return the names of weekdays, Monday is 1."""
    return [str(name) for number, name in WEEKDAYS if number in numbers]
