"""A decision, a finding and an acceptance bear our day, at whatever hour and wherever read."""

import pytest

from foundation import clock
from foundation.dates import add_months
from foundation.errors import Refused
from identity.models import Person
from reviews import decision_commands as decisions
from reviews import finding_commands
from reviews.decision_commands import NewCondition, Proposal
from reviews.finding_commands import NewFinding
from reviews.finding_queries import Sought, list_findings
from reviews.gate_commands import Acceptance
from reviews.queries import last_decided
from reviews.rules import Outcome, Severity
from tests import makers
from tests import people as cast
from tests.nights import EVENING, MORNING, NIGHTS
from tests.reviews import stories
from vendors.models import Vendor

each_night = pytest.mark.parametrize("night", NIGHTS)


def approve(session, review, by, outcome=Outcome.APPROVED, conditions=()):
    proposal = Proposal(outcome=outcome, round=1, note="Looked at it.", conditions=conditions)
    return decisions.propose(session, review, proposal, by=by, at=clock.now())


def find(session, review, by, **more):
    given = {"title": "No restore test", "severity": Severity.HIGH, "owner_id": by.person_id}
    new = NewFinding(**given, **more)
    return finding_commands.raise_finding(session, review, new, by=by, at=clock.now())


@each_night
def test_a_decision_bears_the_day_it_was_taken_with_us(session, night):
    review, _ = stories.ready(session)
    pervez = makers.make_staff(session, cast.PERVEZ)
    with night.begin(session):
        decision = approve(session, review, pervez)
        vendor = session.get_one(Vendor, review.vendor_id)
        assert vendor.cleared_on == night.day
        assert last_decided(session, [vendor.id]) == {vendor.id: ("Approved", night.day)}
        latest = add_months(night.day, 36)
        assert decision.next_review_on <= latest, "tier 4 looks again after three years"
        assert (latest - decision.next_review_on).days < 7


@each_night
def test_a_condition_is_due_today_at_the_earliest(session, night):
    review, _ = stories.ready(session)
    pervez = makers.make_staff(session, cast.PERVEZ)
    with night.begin(session):
        late = (NewCondition("Encrypt the backups.", night.before, pervez.person_id),)
        with pytest.raises(Refused):
            approve(session, review, pervez, Outcome.APPROVED_WITH_CONDITIONS, late)
        due = (NewCondition("Encrypt the backups.", night.day, pervez.person_id),)
        assert approve(session, review, pervez, Outcome.APPROVED_WITH_CONDITIONS, due).is_final


@each_night
def test_a_finding_is_due_today_at_the_earliest(session, night):
    review, _ = stories.submitted(session)
    laila = makers.make_staff(session, cast.LAILA)
    with night.begin(session):
        with pytest.raises(Refused, match="passed already"):
            find(session, review, laila, due_on=night.before)
        assert find(session, review, laila, due_on=night.day).due_on == night.day
        proposed = find(session, review, laila).due_on
        assert 90 <= (proposed - night.day).days <= 93, "90 days, and then a day on which we work"


@each_night
def test_a_risk_is_accepted_from_tomorrow_to_as_many_months_as_the_tier_allows(session, night):
    review, _ = stories.submitted(session)
    laila = makers.make_staff(session, cast.LAILA)
    with night.begin(session):
        found = find(session, review, laila)

        def accept(ends_on):
            chosen = Acceptance(laila.person_id, "It is replaced.", ends_on, "Our own copy.")
            return finding_commands.accept_risk(
                session, found, chosen, version=found.version, by=laila, at=clock.now()
            )

        for wrong in (night.day, add_months(night.after, 12)):
            with pytest.raises(Refused):
                accept(wrong)
        assert accept(add_months(night.day, 12)).ends_on == add_months(night.day, 12)


@each_night
def test_a_finding_is_late_from_the_morning_after_its_day(session, night):
    review, _ = stories.submitted(session)
    laila = makers.make_staff(session, cast.LAILA)
    find(session, review, laila, due_on=EVENING.day)
    with night.begin(session):
        sought = Sought(today=night.day, at=clock.now(), only_late=True)
        rows = list_findings(session, laila.person_id, sought)
    assert [row.is_overdue(night.day) for row in rows] == ([True] if night is MORNING else [])


def test_two_people_in_two_zones_are_told_the_same_about_one_finding(people, database):
    """Due on 4 March. At half past one on the 5th with us it is late, in New York as in Karachi."""
    with database.writing() as session:
        review, _ = stories.submitted(session)
        find(session, review, makers.make_staff(session, cast.LAILA), due_on=MORNING.before)
        session.get_one(Person, people.id_of(cast.LAILA)).time_zone = "America/New_York"
        session.get_one(Person, people.id_of(cast.RABIA)).time_zone = "Asia/Karachi"
    with clock.fixed(MORNING.at):
        for reader in (cast.LAILA, cast.RABIA):
            browser = people.browser(reader)
            for address in ("/findings", "/findings?show=late"):
                assert "Overdue" in browser.get(address).text, (reader.name, address)


def test_a_new_zone_moves_no_day_that_was_stored(session):
    review, _ = stories.ready(session)
    with MORNING.begin(session):
        approve(session, review, makers.make_staff(session, cast.PERVEZ))
    vendor = session.get_one(Vendor, review.vendor_id)
    stored = (vendor.cleared_on, vendor.next_review_on)
    with EVENING.begin(session):
        assert (vendor.cleared_on, vendor.next_review_on) == stored
        assert stored[0] == MORNING.day
        assert last_decided(session, [vendor.id])[vendor.id][1] == EVENING.day, "counted anew"
