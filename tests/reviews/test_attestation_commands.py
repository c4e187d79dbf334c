"""What a vendor declares between reviews, and what the risk team makes of it."""

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation import clock
from foundation.errors import Conflict, Refused
from mail.models import Letter
from reviews.attestation_commands import declare, judge, overtake
from reviews.attestation_models import Attestation
from reviews.attestation_rules import (
    AttestationState,
    Change,
    Declaration,
    Judged,
    Judgement,
)
from reviews.commands import find_open
from tests import makers
from tests.people import RABIA, VANIA
from tests.reviews.attested import asked, stored
from vendors.models import Vendor

SOLD = {Change.OWNERSHIP: "Borealis bought us in May."}
NOTED = Judged(Judgement.NOTE, "The new owner is known to us.")
ANEW = Judged(Judgement.REASSESS, "A new owner means other people with access.")


@pytest.fixture
def acme(database):
    return asked(database, contact=VANIA)


def say(database, attestation_id, **words):
    with database.writing() as session:
        declare(
            session,
            session.get_one(Attestation, attestation_id),
            Declaration(**{"name": "Vania Petrova", **words}),
            today=clock.now().date(),
            by=makers.vendor_author(session),
            at=clock.now(),
        )


def make_of(database, attestation_id, judged, version=None):
    with database.writing() as session:
        one = session.get_one(Attestation, attestation_id)
        by = makers.make_staff(session, RABIA)
        judge(session, one, judged, version=version or one.version, by=by, at=clock.now())


def acts(database):
    with database.reading() as session:
        chosen = select(Entry.action).where(Entry.action.startswith("attestation."))
        return list(session.scalars(chosen.order_by(Entry.seq)))


def test_asking_mails_whoever_speaks_for_the_vendor(database, acme):
    with database.reading() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.kind == "attestation"))
    assert letter.to_email == VANIA.email
    assert letter.subject.endswith("Has anything changed since 2 March 2026?")
    assert stored(database, acme[1]).due_on.isoformat() == "2026-03-16"
    assert acts(database) == ["attestation.ask"]


def test_a_vendor_without_anybody_is_asked_and_nobody_is_mailed(database):
    _, attestation_id = asked(database)
    assert stored(database, attestation_id).state is AttestationState.ASKED
    with database.reading() as session:
        assert session.scalars(select(Letter).where(Letter.kind == "attestation")).all() == []


def test_nothing_changed_is_the_end_of_it(database, acme):
    say(database, acme[1], is_unchanged=True, role="Head of Security")
    one = stored(database, acme[1])
    assert (one.state, one.declared_name) == (AttestationState.UNCHANGED, "Vania Petrova")
    assert one.judge_by is None
    assert acts(database) == ["attestation.ask", "attestation.declare"]


def test_a_change_waits_for_the_risk_team_and_the_ledger_has_its_kind_only(database, acme):
    say(database, acme[1], changes=SOLD)
    one = stored(database, acme[1])
    assert one.state is AttestationState.REPORTED
    assert one.changes == {"ownership": "Borealis bought us in May."}
    with database.reading() as session:
        chosen = select(Entry).where(Entry.action == "attestation.declare")
        assert session.scalars(chosen).one().detail["changes"] == ["ownership"]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ({}, "is_unchanged"),
        ({"is_unchanged": True, "changes": SOLD}, "is_unchanged"),
        ({"changes": {Change.INCIDENTS: " \n "}}, "incidents"),
        ({"is_unchanged": True, "name": "   "}, "name"),
        ({"changes": {Change.PEOPLE: "Card 4111 1111 1111 1111"}}, "people"),
        ({"changes": {Change.PEOPLE: "x" * 1001}}, "people"),
        ({"is_unchanged": True, "name": "Va\x00nia"}, "The name"),
    ],
)
def test_a_word_that_is_incomplete_or_says_both_is_refused(database, acme, words, where):
    with pytest.raises(Refused) as refused:
        say(database, acme[1], **words)
    assert refused.value.where == where
    assert stored(database, acme[1]).state is AttestationState.ASKED


def test_of_two_who_declare_the_second_is_told(database, acme):
    say(database, acme[1], is_unchanged=True)
    with pytest.raises(Conflict):
        say(database, acme[1], changes=SOLD)
    assert stored(database, acme[1]).changes == {}


def test_after_a_decision_nothing_is_asked_any_more(database, acme):
    with database.writing() as session:
        vendor = session.get_one(Vendor, acme[0])
        by = makers.make_staff(session, RABIA)
        overtake(session, vendor, by=by.actor, at=clock.now())
    assert stored(database, acme[1]).state is AttestationState.OVERTAKEN
    with pytest.raises(Conflict):
        say(database, acme[1], is_unchanged=True)


def test_noting_a_change_needs_a_reason_and_opens_nothing(database, acme):
    say(database, acme[1], changes=SOLD)
    with pytest.raises(Refused):
        make_of(database, acme[1], Judged(Judgement.NOTE, "  "))
    make_of(database, acme[1], NOTED)
    assert stored(database, acme[1]).state is AttestationState.NOTED
    with database.reading() as session:
        assert find_open(session, acme[0]) is None


def test_a_reassessment_is_opened_once_and_the_change_says_where(database, acme):
    say(database, acme[1], changes=SOLD)
    make_of(database, acme[1], ANEW)
    with database.reading() as session:
        review = find_open(session, acme[0])
    one = stored(database, acme[1])
    assert (one.state, one.review_id) == (AttestationState.REASSESSED, review.id)
    assert review.kind == "off_cycle"
    with pytest.raises(Refused):
        make_of(database, acme[1], NOTED)


def test_of_two_who_judge_the_slower_is_told(database, acme):
    say(database, acme[1], changes=SOLD)
    seen = stored(database, acme[1]).version
    make_of(database, acme[1], NOTED, version=seen)
    with pytest.raises(Conflict):
        make_of(database, acme[1], ANEW, version=seen)


def test_nothing_is_judged_where_nothing_was_reported(database, acme):
    with pytest.raises(Refused):
        make_of(database, acme[1], NOTED)
