"""What was put off, on the first page: silent for whoever did so, and seen by everybody else."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from reminders.snooze_queries import PutOff, put_off_now
from reports.looking import Dated, Looker


def silenced(session: Session, dated: Iterable[Dated], who: Looker) -> list[Dated]:
    """Return the same things, each with who put it off; one's own are nothing to do now."""
    shown = list(dated)
    silent = put_off_now(session, who.today) if shown else {}
    return [_silenced(each, silent.get(each.item.about, ()), who) for each in shown]


def _silenced(each: Dated, silent: Iterable[PutOff], who: Looker) -> Dated:
    lasting = [one for one in silent if one.due_on == each.item.due_on]
    if not lasting or each.item.kind is None:
        return each
    mine = next((one for one in lasting if one.person_id == who.person_id), None)
    item = replace(each.item, put_off=mine or lasting[0])
    return replace(each, item=item, is_mine=each.is_mine and mine is None, is_silent=bool(mine))
