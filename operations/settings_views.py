"""Pages of the organisation's settings; each save is a new version."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from operations.settings_forms import (
    DeadlinesForm,
    HolidaysForm,
    OrganisationForm,
    ProposalForm,
    RegimesForm,
    ReportsForm,
    SettingsForm,
    currency_names,
    day_names,
)
from operations.settings_words import lines_of
from operations.views import bp
from organisation.calendars import public_holidays
from organisation.differences import differences
from organisation.queries import find_settings, today_of
from organisation.regimes import AS_OF, checked_facts, standings
from organisation.rules import read_holidays, read_years
from organisation.settings_commands import change_settings, list_zones, values_of
from reviews.finding_deadlines import table_of, with_table
from reviews.rules import FINDING_DAYS, Severity

Values = Mapping[str, Any]


@bp.get("/settings")
@requires(Permission.SETTINGS_READ)
def settings() -> str:
    """Show who we are and when we work."""
    now = _now()
    return _organisation(OrganisationForm(data={**now, "weekend": list(map(str, now["weekend"]))}))


@bp.post("/settings")
@requires(Permission.SETTINGS_EDIT)
def save_settings() -> ResponseReturnValue:
    """Store who we are and when we work."""
    form = OrganisationForm(request.form)
    return _save(form, form.values, _organisation, "operations.settings")


@bp.get("/settings/holidays")
@requires(Permission.SETTINGS_READ)
def holidays() -> str:
    """Show the days on which we do not work, with a country's public holidays when asked for."""
    now = _now()
    form = HolidaysForm(data={"number": now["number"], "holidays": "\n".join(now["holidays"])})
    asked = ProposalForm(request.args)
    if not request.args:
        asked = _usual_proposal(now)
    elif asked.validate():
        _propose(form, asked, now["holidays"])
    return page("operations/holidays.html", form=form, lines=[], asked=asked)


@bp.post("/settings/holidays")
@requires(Permission.SETTINGS_EDIT)
def save_holidays() -> ResponseReturnValue:
    """Store the days on which we do not work."""
    form = HolidaysForm(request.form)
    return _save(form, form.values, _holidays, "operations.holidays")


@bp.get("/settings/regimes")
@requires(Permission.SETTINGS_READ)
def regimes() -> str:
    """Show which laws and schemes we are under."""
    now = _now()
    form = RegimesForm(data={"number": now["number"], "regimes": now["regimes"]})
    for one in standings(now["regimes"], now["regime_facts"]):
        form[f"{one.pack.code}_status"].data = one.status.value
        form[f"{one.pack.code}_day"].data = one.in_force_on
    return _regimes(form)


@bp.post("/settings/regimes")
@requires(Permission.SETTINGS_EDIT)
def save_regimes() -> ResponseReturnValue:
    """Store which laws and schemes we are under, and what stands of each."""
    form = RegimesForm(request.form)

    def values() -> Values:
        return {"regimes": form.regimes.data or [], "regime_facts": checked_facts(form.entered())}

    return _save(form, values, _regimes, "operations.regimes")


@bp.get("/settings/deadlines")
@requires(Permission.SETTINGS_READ)
def deadlines() -> str:
    """Show how long a finding may stay open."""
    now = _now()
    form = DeadlinesForm(data={"number": now["number"]})
    for tier, days in table_of(now["thresholds"]).items():
        for severity, count in zip(Severity, days, strict=True):
            form[f"days_{tier}_{severity.value}"].data = count
    return _deadlines(form)


@bp.post("/settings/deadlines")
@requires(Permission.SETTINGS_EDIT)
def save_deadlines() -> ResponseReturnValue:
    """Store how long a finding may stay open."""
    form = DeadlinesForm(request.form)

    def values() -> Values:
        return {"thresholds": with_table(_now()["thresholds"], form.table())}

    return _save(form, values, _deadlines, "operations.deadlines")


@bp.get("/settings/reports")
@requires(Permission.SETTINGS_READ)
def report_settings() -> str:
    """Show how reports are printed."""
    return _reports(ReportsForm(data=_now()))


@bp.post("/settings/reports")
@requires(Permission.SETTINGS_EDIT)
def save_report_settings() -> ResponseReturnValue:
    """Store how reports are printed."""
    form = ReportsForm(request.form)
    return _save(form, form.values, _reports, "operations.report_settings")


def _save(
    form: SettingsForm,
    values: Callable[[], Values],
    show: Callable[..., str],
    endpoint: str,
) -> ResponseReturnValue:
    """Store what a form says, or show it again with what is wrong, or with what differs."""
    if not form.validate():
        return show(form), 422
    typed: Values = {}
    try:
        typed = values()
        changed = change_settings(
            session(), typed, based_on=form.based_on, by=me().actor, at=clock.now()
        )
    except Conflict as conflict:
        now = _now()
        form.refuse(conflict)
        form.number.raw_data, form.number.data = None, now["number"]
        return show(form, lines_of(differences(now, typed))), 409
    except Refused as refusal:
        form.refuse(refusal)
        return show(form), 422
    done = _("Saved. The version before is kept.") if changed else _("Nothing was changed.")
    flash(done, "ok" if changed else "info")
    return redirect_to(endpoint)


def _propose(form: HolidaysForm, asked: ProposalForm, known: list[str]) -> None:
    """Add a country's public holidays below the known ones; nothing is stored."""
    try:
        found = public_holidays(asked.country.data, read_years(asked.years.data or ""))
    except Refused as refusal:
        asked.refuse(refusal)
        return
    taken = {line[:10] for line in known}
    new = [one for one in found if one.day.isoformat() not in taken]
    lines = read_holidays("\n".join([*known, *map(str, new)]))
    form.holidays.data = "\n".join(map(str, lines))
    form.n_proposed = len(new)


def _usual_proposal(now: Mapping[str, Any]) -> ProposalForm:
    """Offer our country, and the years from this one to the last in the list."""
    first = today_of(session()).year
    last = max([first, *(int(line[:4]) for line in now["holidays"])])
    years = str(first) if first == last else f"{first}-{last}"
    return ProposalForm(data={"country": now["home_country"], "years": years})


def _organisation(form: OrganisationForm, lines: object = ()) -> str:
    return page(
        "operations/settings.html",
        form=form,
        lines=lines,
        zones=list_zones(),
        currencies=currency_names(),
        weekdays=day_names(form.weekend.data or []),
    )


def _holidays(form: HolidaysForm, lines: object = ()) -> str:
    now = _now()
    asked = _usual_proposal(now)
    return page("operations/holidays.html", form=form, lines=lines, asked=asked)


def _regimes(form: RegimesForm, lines: object = ()) -> str:
    now = _now()
    rows = standings(now["regimes"], now["regime_facts"])
    return page("operations/regimes.html", form=form, lines=lines, rows=rows, as_of=AS_OF)


def _deadlines(form: DeadlinesForm, lines: object = ()) -> str:
    return page(
        "operations/deadlines.html",
        form=form,
        lines=lines,
        tiers=list(FINDING_DAYS),
        severities=list(Severity),
    )


def _reports(form: ReportsForm, lines: object = ()) -> str:
    return page("operations/report_settings.html", form=form, lines=lines)


def _now() -> dict[str, Any]:
    found = find_settings(session())
    return {"number": found.number if found else 0, **values_of(found)}
