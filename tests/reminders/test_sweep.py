"""The sweep over weeks: each letter once, to the right person, never two within 48 hours."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from foundation.ids import new_id
from identity import invitations
from identity.models import Invitation, Person
from mail.models import Letter
from operations import rounds
from questionnaires.answer_models import Clarification
from questionnaires.assessment_commands import extend, withdraw
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reminders import days_work, sweep
from reminders.commands import Stamp, claim, claim_day
from reminders.ladders import Kind
from reminders.models import Reminder
from reminders.queries import find_heartbeat
from reminders.readers import office_of
from reviews.models import Review
from tests import makers
from tests.conftest import NOW
from tests.people import LAILA, PERVEZ, VANIA
from vendors.contact_commands import remove_contact
from vendors.models import Contact, Vendor
from vendors.rules import VendorState

KINDS = ("nudge", "deadline", "digest")


@pytest.fixture
def sent(scene):
    """Acme was asked on 2 March and has fourteen days."""
    return scene(_sent)


def _sent(database):
    with database.writing() as session:
        by = makers.make_staff(session)
        vendor = makers.make_vendor(session, by=by)
        return makers.make_assessment(
            session,
            vendor=vendor,
            contact=makers.make_contact(session, vendor, by=by),
            version=makers.make_version(session, by=by),
            due_on=(NOW + timedelta(days=14)).date(),
            by=by,
        ).id


def letters(database) -> list[tuple[str, str]]:
    """Return kind and recipient of what the sweep wrote, in order."""
    with database.reading() as session:
        rows = session.scalars(
            select(Letter).where(Letter.kind.in_(KINDS)).order_by(Letter.created_at)
        )
        return [(row.kind, row.to_email) for row in rows]


def sweep_daily(database, first: int, last: int, *, start: datetime = NOW) -> None:
    for day in range(first, last + 1):
        moment = start + timedelta(days=day, hours=1)
        with clock.fixed(moment):
            sweep.run(database, moment)


def test_the_whole_ladder_goes_to_vendor_owner_and_lead(database, sent):
    del sent
    sweep_daily(database, 0, 30)
    assert letters(database) == [
        ("nudge", VANIA.email),
        ("nudge", VANIA.email),
        ("deadline", VANIA.email),
        ("deadline", VANIA.email),
        ("digest", PERVEZ.email),
        ("digest", LAILA.email),
    ]


def test_sweeping_again_writes_nothing_more(database, sent):
    del sent
    for _ in range(3):
        sweep_daily(database, 0, 6)
    assert letters(database) == [("nudge", VANIA.email)]


def test_two_workers_at_once_write_each_letter_once(database, sent):
    del sent
    moment = NOW + timedelta(days=5)
    threads = [threading.Thread(target=sweep.remind, args=(database, moment)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert letters(database) == [("nudge", VANIA.email)]


def test_a_step_and_a_day_are_claimed_once(database, active):
    due_on = NOW.date()
    stamp = Stamp(
        kind=Kind.REVIEW, subject_id=active, step="opens", due_on=due_on, vendor_id=active
    )
    claimed, days = [], []
    for _ in range(2):
        with database.writing() as session:
            claimed.append(claim(session, stamp, at=NOW))
            reader = next(iter(office_of(session).readers.values()))
            days.append(claim_day(session, replace(reader, seen_on=None), due_on))
    assert (claimed, days) == ([True, False], [True, False])
    with database.reading() as session:
        noted = select(func.count()).where(Entry.action == Action.REMINDER_SEND)
        assert session.scalar(noted) == 1


def test_a_month_of_silence_gives_one_letter_for_each_reader(database, sent):
    del sent
    moment = NOW + timedelta(days=45)
    sweep.remind(database, NOW)  # somebody was here, and then nobody for weeks
    for seconds in range(0, 60, 5):
        sweep.remind(database, moment + timedelta(seconds=seconds))
    assert sorted(who for _, who in letters(database)) == [LAILA.email, PERVEZ.email, VANIA.email]


def test_the_vendor_never_gets_two_letters_within_48_hours(database, sent):
    del sent
    for hours in range(0, 24 * 20, 6):
        sweep.remind(database, NOW + timedelta(hours=hours))
    with database.reading() as session:
        vania = session.scalars(select(Person.id).where(Person.email == VANIA.email)).one()
        moments = sorted(
            row.stamped_at for row in session.scalars(select(Reminder)) if row.recipient_id == vania
        )
    gaps = [later - earlier for earlier, later in zip([NOW, *moments], moments, strict=False)]
    assert len(moments) >= 3
    assert min(gaps) >= timedelta(hours=48)


def test_more_time_starts_the_ladder_anew(database, sent):
    sweep_daily(database, 0, 6)
    at = NOW + timedelta(days=7)
    with clock.fixed(at), database.writing() as session:
        extend(
            session,
            session.get_one(Assessment, sent),
            due_on=(NOW + timedelta(days=40)).date(),
            by=makers.make_staff(session),
            at=at,
        )
    sweep_daily(database, 8, 20)
    with database.reading() as session:
        assert len({row.due_on for row in session.scalars(select(Reminder))}) == 2


def test_a_withdrawn_assessment_and_a_removed_contact_get_nothing(database, sent):
    with database.writing() as session:
        by = makers.make_staff(session)
        assessment = session.get_one(Assessment, sent)
        remove_contact(session, session.get_one(Contact, assessment.contact_id), by=by, at=NOW)
    sweep_daily(database, 0, 20)
    assert [who for _, who in letters(database) if who == VANIA.email] == []
    with database.writing() as session:
        withdraw(
            session,
            session.get_one(Assessment, sent),
            by=makers.make_staff(session),
            at=NOW + timedelta(days=21),
        )
    before = letters(database)
    sweep_daily(database, 22, 40)
    assert letters(database) == before


def test_a_dead_link_is_replaced_by_one_that_works(database, sent):
    with database.writing() as session:
        invitations.revoke_for(session, sent, NOW)
    sweep_daily(database, 5, 5)
    moment = NOW + timedelta(days=5, hours=1)
    with database.reading() as session:
        newest = session.scalars(
            select(Invitation).where(Invitation.for_id == sent, Invitation.revoked_at.is_(None))
        ).one()
        assert invitations.find(session, invitations.token_of(newest), moment) is not None


@pytest.fixture
def active(scene):
    """Acme is in use, cleared, and due in 50 days; tier 2 opens 45 days before."""
    return scene(_active)


def _active(database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, by=makers.make_staff(session))
        vendor.cleared_by, vendor.cleared_on = new_id(), NOW.date()
        vendor.state, vendor.tier = VendorState.ACTIVE, 2
        vendor.next_review_on = (NOW + timedelta(days=50)).date()
        return vendor.id


def test_a_reassessment_opens_once_and_its_owner_is_told(database, active):
    sweep_daily(database, 0, 4)
    assert letters(database) == []
    sweep_daily(database, 5, 9)
    with database.reading() as session:
        reviews = session.scalars(select(Review).where(Review.vendor_id == active)).all()
    assert [review.kind for review in reviews] == ["reassessment"]
    assert letters(database) == [("digest", PERVEZ.email)]


def test_who_sent_the_questionnaire_early_is_not_told_to_send_it(database, active):
    with database.writing() as session:
        vendor = session.get_one(Vendor, active)
        due_on = (NOW + timedelta(days=90)).date()
        makers.make_assessment(session, vendor=vendor, due_on=due_on)
    sweep_daily(database, 5, 9)
    assert ("digest", PERVEZ.email) not in letters(database)


def test_a_vendor_that_is_not_in_use_is_left_alone(database, active):
    with database.writing() as session:
        session.get_one(Vendor, active).state = VendorState.OFFBOARDING
    sweep_daily(database, 0, 60)
    assert letters(database) == []


def test_the_organisations_zone_decides_the_day(database, active):
    # Karachi is five hours ahead: 20:00 UTC is already the next day there.
    eve = (NOW + timedelta(days=4)).replace(hour=18, minute=59)
    assert days_work.open_reassessments(database, eve) == 0
    assert days_work.open_reassessments(database, eve + timedelta(minutes=2)) == 1
    del active


def test_a_round_leaves_a_sign_of_life(database, sent):
    del sent
    done = rounds.run(database, NOW + timedelta(days=5))
    assert not done.is_idle
    assert rounds.run(database, NOW + timedelta(days=5, minutes=1)).swept.nudges == 0
    with database.reading() as session:
        assert find_heartbeat(session).at == NOW + timedelta(days=5, minutes=1)


def test_nobody_is_reminded_within_two_days_of_a_question_asked_back(database, sent):
    asked_at = NOW + timedelta(days=9)
    with database.writing() as session:
        assessment = session.get_one(Assessment, sent)
        assessment.state = AssessmentState.RETURNED
        assessment.submitted_at = NOW + timedelta(days=8)
        assessment.due_on = (NOW + timedelta(days=19)).date()
        session.add(
            Clarification(
                id=new_id(),
                assessment_id=sent,
                code="enc_in_transit",
                text="Everywhere?",
                asked_by_id=assessment.sent_by_id,
                asked_at=asked_at,
                sent_at=asked_at,
            )
        )
    sweep_daily(database, 9, 11)
    assert letters(database) == []
    sweep_daily(database, 12, 12)
    assert letters(database) == [("nudge", VANIA.email)]
