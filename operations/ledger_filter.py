"""What somebody looks for in the ledger: a kind of act, a person, days; all in the address."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select
from wtforms import SearchField, SelectField
from wtforms.validators import Length

from audit.actions import SYSTEM, Action
from audit.models import Entry
from contracts.form_fields import Day
from foundation.choices import offered
from foundation.forms import BaseForm
from foundation.labels import label
from identity.models import Person

NAMES = ("act", "who", "since", "until")
OURSELVES = "duly"


def _acts() -> list[tuple[str, str]]:
    named = sorted(((act.value, label(act)) for act in Action), key=lambda one: one[1].casefold())
    return offered([("", _l("Every act")), *named])


class LedgerForm(BaseForm):
    """What to look for; a part that is wrong is said and left out."""

    act = SelectField(_l("What"), choices=_acts, default="")
    who = SearchField(
        _l("Who"), [Length(max=100)], description=_l("Part of a name, or the mail address.")
    )
    since = Day(_l("From"))
    until = Day(_l("To"))


def conditions(form: LedgerForm, zone: str) -> list[ColumnElement[bool]]:
    """Return what the entries must fulfil; days begin and end in the zone of the reader."""
    found: list[ColumnElement[bool]] = []
    if form.act.data and not form.act.errors:
        found.append(Entry.action == form.act.data)
    who = " ".join((form.who.data or "").split())
    if who and not form.who.errors:
        found.append(_by(who))
    if form.since.data:
        found.append(Entry.at >= _midnight(form.since.data, zone))
    if form.until.data and form.until.data < date.max:
        found.append(Entry.at < _midnight(form.until.data + timedelta(days=1), zone))
    return found


def _by(who: str) -> ColumnElement[bool]:
    named = Person.name.icontains(who, autoescape=True) | (Person.email == who.casefold())
    people = Entry.actor_id.in_(select(Person.actor_id).where(named))
    return or_(people, Entry.actor_id == SYSTEM.id) if who.casefold() == OURSELVES else people


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
