"""The first page and the digest agree: what one tells, the other shows, with the same date."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from accounts.signin import StaffMember
from audit.actions import Actor, ActorKind
from foundation import clock
from identity.models import Person
from reminders import days_work, sweep
from reminders.ladders import Kind
from reports.home import home_of
from reports.tasks import KIND_OF
from tests.reminders import world

DUE = date(2026, 6, 15)


def home_items(session, reader, at):
    """Return what somebody's whole first page shows."""
    viewer = viewer_of(session, reader)
    found = []
    for group in ("needs", "waits", "comes"):
        found += home_of(session, viewer, at, whole=group).groups[group].items
    return found


def viewer_of(session, reader):
    person = session.get_one(Person, reader.person_id)
    return StaffMember(
        person_id=person.id,
        actor=Actor(ActorKind.STAFF, person.actor_id),
        name=person.name,
        email=person.email,
        roles=reader.roles,
        unit_ids=frozenset(),
        session_id=person.id,
        time_zone=person.time_zone,
        last_seen_at=clock.now(),
        authenticated_at=clock.now(),
    )


@pytest.mark.parametrize("days", [-90, -60, -45, -30, -14, -7, 0, 1, 3, 8])
def test_every_line_of_a_digest_stands_on_the_first_page(database, days):
    with database.writing() as session:
        world.make(session, DUE)
        other = world.make(session, DUE + timedelta(days=300), name="Borealis")
        world.activate(session, other.vendor, DUE)
    at = datetime.combine(DUE + timedelta(days=days), time(9), UTC)
    with clock.fixed(at):
        days_work.do(database, at)
        with database.reading() as session:
            digests = [each for each in sweep.plan(session, at).digests if each.lines]
            assert digests, "there is something to compare"
            for digest in digests:
                items = home_items(session, digest.reader, at)
                for line in digest.lines:
                    assert stands(line, items), (digest.reader.email, line)


def stands(line, items):
    due = line.due
    if due.kind is Kind.REVIEW:
        return any(item.vendor_id == due.vendor_id for item in items)
    return any(
        (KIND_OF.get(item.task), item.about, item.due_on) == (due.kind, due.subject_id, due.due_on)
        for item in items
    )
