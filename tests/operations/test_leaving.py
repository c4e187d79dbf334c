"""Somebody leaves: their work goes to somebody who stays, or nobody leaves at all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import commands as accounts
from accounts.commands import grant_unit
from accounts.queries import unit_ids_of
from accounts.rules import Role
from audit.models import Entry
from foundation import clock
from identity import api_tokens
from identity.models import Person
from identity.rules import Scope
from organisation.models import BusinessUnit
from reviews.commands import open_review, take
from reviews.decision_commands import NewCondition, Proposal, propose
from reviews.decision_models import Condition
from reviews.finding_commands import NewFinding, raise_finding
from reviews.models import Finding, Review
from reviews.rules import Outcome, Severity
from tests.api import program_of
from tests.makers import make_vendor
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from tests.reviews import stories
from vendors.exemption_commands import grant
from vendors.models import Vendor
from vendors.rules import ExemptionKind
from vendors.sight_commands import give_sight


@pytest.fixture
def adil(people):
    return people.browser(ADIL)


@pytest.fixture
def busy_rabia(database, people):
    """Rabia owns a hidden vendor, judges its review and mends a finding."""
    rabia, at = people.author(RABIA), clock.now()
    with database.writing() as session:
        vendor = make_vendor(session, by=rabia, is_need_to_know=True)
        review = open_review(session, vendor, kind="initial", by=rabia.actor, at=at)
        take(session, review, by=rabia, at=at)
        new = NewFinding(title="Old keys", severity=Severity.LOW, owner_id=rabia.person_id)
        raise_finding(session, review, new, by=rabia, at=at)
    return f"/people/{rabia.person_id}"


def test_what_else_changes_hands_stands_in_the_ledger(adil, people, database, busy_rabia):
    rabia, pervez, at = people.author(RABIA), people.author(PERVEZ), clock.now()
    with database.writing() as session:
        other = make_vendor(session, name="Other", by=pervez, is_need_to_know=True)
        give_sight(session, other, rabia.person_id, by=pervez, at=at)
        waiver = grant(
            session,
            kind=ExemptionKind.WAIVER,
            vendor_id=other.id,
            subject=("clause", other.id),
            owner_id=rabia.person_id,
            approver_id=None,
            reason="Until March",
            ends_on=at.date() + timedelta(days=30),
            frozen_rating="",
            by=rabia,
            at=at,
        )
        ids = other.id, waiver.id
    adil.post(f"{busy_rabia}/leave", data={"to": str(people.id_of(LAILA))})
    with database.reading() as session:
        of_vendor = Entry.subject_id == ids[0]
        about = select(Entry).where(of_vendor).order_by(Entry.seq)
        told = {one.action: one.detail for one in session.scalars(about)}
    assert told["exemption.hand_over"]["exemption"] == str(ids[1])
    assert told["vendor.sight"] == {"person": str(rabia.person_id), "may_see": False}


def owners(database):
    with database.reading() as session:
        return (
            session.scalars(select(Vendor.owner_id)).one(),
            session.scalars(select(Review.reviewer_id)).one(),
            session.scalars(select(Finding.owner_id)).one(),
        )


def test_everything_goes_to_laila_and_rabia_is_out(adil, people, database, busy_rabia):
    rabia, program = people.browser(RABIA), program_of(people, RABIA)
    shown = adil.get(f"{busy_rabia}/leave").text
    assert "Open findings" in shown
    laila = people.id_of(LAILA)
    assert adil.post(f"{busy_rabia}/leave", data={"to": str(laila)}).status_code == 303
    assert owners(database) == (laila, laila, laila)
    assert rabia.get("/account").status_code == 303
    assert program.get("/vendors").status_code == 401
    assert people.browser(LAILA).get("/vendors").text.count("Acme Cloud") >= 1
    with database.reading() as session:
        newest = session.scalars(select(Entry.action).order_by(Entry.seq.desc()).limit(5)).all()
    assert {"vendor.hand_over", "review.hand_over", "finding.hand_over", "person.disable"} <= set(
        newest
    )


def test_a_review_goes_back_to_the_team_where_the_new_owner_does_not_judge(
    adil, people, database, busy_rabia
):
    pervez = people.id_of(PERVEZ)
    assert adil.post(f"{busy_rabia}/leave", data={"to": str(pervez)}).status_code == 303
    assert owners(database) == (pervez, None, pervez)


def test_work_on_a_hidden_vendor_goes_to_its_owner_and_not_to_a_stranger(adil, people, database):
    pervez, rabia = people.author(PERVEZ), people.author(RABIA)
    with database.writing() as session:
        vendor = make_vendor(session, by=pervez, is_need_to_know=True)
        give_sight(session, vendor, rabia.person_id, by=pervez, at=clock.now())
        review = open_review(session, vendor, kind="initial", by=pervez.actor, at=clock.now())
        take(session, review, by=rabia, at=clock.now())
        new = NewFinding(title="Old keys", severity=Severity.LOW, owner_id=rabia.person_id)
        raise_finding(session, review, new, by=rabia, at=clock.now())
    address = f"/people/{rabia.person_id}/leave"
    assert adil.post(address, data={"to": str(people.id_of(LAILA))}).status_code == 303
    assert owners(database) == (pervez.person_id, None, pervez.person_id)


def test_a_condition_goes_along_and_is_noted(adil, people, database):
    rabia, laila = people.author(RABIA), people.id_of(LAILA)
    with database.writing() as session:
        review, _ = stories.ready(session)
        condition = NewCondition("Test the restore.", clock.today(), rabia.person_id)
        with_one = Proposal(
            outcome=Outcome.APPROVED_WITH_CONDITIONS,
            round=1,
            note="Fine.",
            conditions=(condition,),
        )
        propose(session, review, with_one, by=rabia, at=clock.now())
    assert adil.post(f"/people/{rabia.person_id}/leave", data={"to": str(laila)}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Condition.owner_id)).one() == laila
        noted = select(Entry).where(Entry.action == "condition.hand_over")
        assert len(session.scalars(noted).all()) == 1


@pytest.mark.parametrize("to", ["", "rabia", "nobody"])
def test_nobody_leaves_with_work_in_hand(adil, people, database, busy_rabia, to):
    rabia = people.id_of(RABIA)
    target = {"rabia": str(rabia), "nobody": "00000000-0000-4000-8000-000000000000"}.get(to, "")
    answer = adil.post(f"{busy_rabia}/leave", data={"to": target})
    assert answer.status_code == 422
    assert owners(database) == (rabia, rabia, rabia)
    with database.reading() as session:
        assert session.get_one(Person, rabia).disabled_at is None


def test_nobody_sees_themselves_off_and_only_administrators_do_it(adil, people, busy_rabia):
    adils = f"/people/{people.id_of(ADIL)}/leave"
    assert "This is you" in adil.get(adils).text
    assert adil.post(adils, data={"to": str(people.id_of(LAILA))}).status_code == 422
    for who in (LAILA, AMNA, RABIA):
        assert people.browser(who).get(f"{busy_rabia}/leave").status_code == 403
        assert people.browser(who).post(f"{busy_rabia}/leave", data={"to": ""}).status_code == 403


def test_an_administrator_is_seen_off_while_another_stays_who_keeps_the_role(people, database):
    with database.writing() as session:
        adil = session.get_one(Person, people.id_of(ADIL))
        laila = session.get_one(Person, people.id_of(LAILA))
        by, at = people.author(ADIL), clock.now()
        accounts.grant_role(session, laila, Role.ADMINISTRATOR, by=by, at=at)
        accounts.disable_staff(session, laila, by=by, at=at)
        accounts.grant_role(
            session,
            session.get_one(Person, people.id_of(RABIA)),
            Role.ADMINISTRATOR,
            by=by,
            at=at,
        )
    rabia = people.browser(RABIA)
    assert rabia.post(f"/people/{adil.id}/leave", data={"to": ""}).status_code == 303
    assert (
        rabia.post(f"/people/{people.id_of(RABIA)}/roles", data={"roles": ["analyst"]}).status_code
        == 422
    )


def test_tokens_of_somebody_disabled_stay_dead(adil, people, database):
    path = f"/people/{people.id_of(PERVEZ)}"
    with database.writing() as session:
        token = api_tokens.create(
            session, people.id_of(PERVEZ), "nightly", Scope.READ, clock.now(), 30
        )
    adil.post(f"{path}/disable")
    adil.post(f"{path}/enable")
    with database.reading() as session:
        assert api_tokens.find(session, token, clock.now() + timedelta(minutes=1)) is None


def test_units_are_given_and_taken(adil, people, database):
    with database.writing() as session:
        cards, treasury = BusinessUnit(name="Cards"), BusinessUnit(name="Treasury")
        session.add_all([cards, treasury])
    path = f"/people/{people.id_of(PERVEZ)}"
    assert adil.post(f"{path}/units", data={"units": [str(cards.id)]}).status_code == 303
    assert adil.post(f"{path}/units", data={"units": [str(treasury.id)]}).status_code == 303
    assert adil.post(f"{path}/units", data={"units": ["everything"]}).status_code == 422
    with database.reading() as session:
        assert unit_ids_of(session, people.id_of(PERVEZ)) == {treasury.id}
        newest = session.scalars(select(Entry.action).order_by(Entry.seq.desc()).limit(3)).all()
    assert set(newest) == {"unit.join", "unit.leave"}


def test_an_archived_unit_is_not_left_because_the_page_does_not_offer_it(adil, people, database):
    with database.writing() as session:
        cards, old = BusinessUnit(name="Cards"), BusinessUnit(name="Old", archived_at=clock.now())
        session.add_all([cards, old])
        session.flush()
        grant_unit(session, session.get_one(Person, people.id_of(PERVEZ)), old.id)
    path = f"/people/{people.id_of(PERVEZ)}/units"
    assert adil.post(path, data={"units": [str(cards.id)]}).status_code == 303
    with database.reading() as session:
        assert unit_ids_of(session, people.id_of(PERVEZ)) == {cards.id, old.id}


def test_an_administrator_signs_somebody_out_everywhere(adil, people):
    rabia, path = people.browser(RABIA), f"/people/{people.id_of(RABIA)}"
    assert "2 March 2026" in adil.get(path).text
    assert adil.post(f"{path}/sign-out").status_code == 303
    assert rabia.get("/account").status_code == 303
    assert adil.post(f"/people/{people.id_of(ADIL)}/sign-out").status_code == 422
