"""Dates are gathered once, for home, the calendar and the feeds; each reader asks one statement."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.permissions import ROLE_GRANTS
from accounts.rules import Role
from contracts import commands as contract_commands
from contracts.deadline_commands import roll_deadlines
from contracts.models import Contract
from evidence.rules import EvidenceKind
from foundation import clock
from organisation.models import BusinessUnit
from questionnaires.assessment_commands import extend
from questionnaires.models import Assessment
from reports.dates.gathering import gather
from reports.dates.row import DateKind, Wanted, kinds_for, together
from tests import makers
from tests.contracts import stories as contracts
from tests.people import LAILA, PERVEZ, RABIA
from tests.reports.dated import NOTICE_DAYS, everything_due, proof
from vendors.models import Vendor

ON = date(2026, 4, 10)
TODAY = date(2026, 3, 2)
ALL = frozenset(DateKind)
SINGLE = ALL - {DateKind.RENEWAL, DateKind.CONTRACT_END}
"""The kinds the story has on the one day."""


def wanted(viewer, **changed):
    plain = Wanted(viewer_id=viewer.person_id, today=TODAY, last=ON)
    return replace(plain, **changed)


def kinds_of(session, asked, kinds=ALL):
    return [row.kind for row in gather(session, asked, kinds).rows]


def test_one_of_everything_each_once_the_contract_first(session, authors):
    vendor = everything_due(session, ON)
    rabia = authors[RABIA.email]
    found = gather(session, wanted(rabia), ALL)
    assert {row.kind for row in found.rows} == SINGLE
    assert len(found.rows) == len(SINGLE)
    assert found.rows[0].kind is DateKind.NOTICE
    assert {row.vendor for row in found.rows} == {vendor.name}
    assert {row.on for row in found.rows} == {ON}
    end = ON + timedelta(days=NOTICE_DAYS)
    [last] = gather(session, wanted(rabia, first=ON + timedelta(days=1), last=end), ALL).rows
    assert (last.kind, last.on) == (DateKind.CONTRACT_END, end)


def test_what_is_outside_of_the_span_is_not_there(session, authors):
    everything_due(session, ON)
    rabia = authors[RABIA.email]
    day = timedelta(days=1)
    assert kinds_of(session, wanted(rabia, last=ON - day)) == []
    after = wanted(rabia, first=ON + day, last=ON + timedelta(days=NOTICE_DAYS - 1))
    assert kinds_of(session, after) == []
    assert len(kinds_of(session, wanted(rabia, first=ON))) == len(SINGLE)


def test_hidden_and_archived_vendors_have_no_dates(session, authors):
    everything_due(session, ON, is_need_to_know=True)
    assert kinds_of(session, wanted(authors[RABIA.email])) == []
    assert len(kinds_of(session, wanted(authors[PERVEZ.email]))) == len(SINGLE)
    gone = everything_due(session, ON, name="Gone", asks=False)
    gone.archived_at = clock.now()
    session.flush()
    assert kinds_of(session, wanted(authors[RABIA.email])) == []


def test_own_is_ones_vendors_and_what_one_answers_for(session, authors):
    everything_due(session, ON, by=authors[RABIA.email], name="Hers")
    everything_due(session, ON, name="His", asks=False)
    laila, rabia = authors[LAILA.email], authors[RABIA.email]
    assert kinds_of(session, wanted(laila, own=True)) == []
    assert {r.vendor for r in gather(session, wanted(rabia, own=True), ALL).rows} == {"Hers"}
    vendor = session.scalars(select(Vendor).where(Vendor.name == "Hers")).one()
    vendor.owner_id = authors[PERVEZ.email].person_id
    session.flush()
    still = set(kinds_of(session, wanted(rabia, own=True)))
    assert still == {DateKind.ANSWERS, DateKind.FINDING, DateKind.CONDITION, DateKind.EXEMPTION}


def test_a_unit_has_the_dates_of_every_unit_below_it_and_a_tag_those_of_its_vendors(
    session, authors
):
    whole = BusinessUnit(name="Whole")
    session.add(whole)
    session.flush()
    part = BusinessUnit(name="Part", parent_id=whole.id)
    session.add(part)
    session.flush()
    vendor = everything_due(session, ON)
    everything_due(session, ON, name="Elsewhere", asks=False)
    vendor.unit_id = part.id
    session.flush()
    rabia = authors[RABIA.email]
    inside = gather(session, wanted(rabia, unit_id=whole.id), ALL).rows
    assert {row.vendor for row in inside} == {"Acme Cloud"}
    assert kinds_of(session, wanted(rabia, tag="no such")) == []


def test_one_thing_alone(session, authors):
    vendor = everything_due(session, ON)
    rabia = authors[RABIA.email]
    for row in gather(session, wanted(rabia), ALL).rows:
        [one] = gather(session, wanted(rabia, about=row.about), [row.kind]).rows
        assert one == row
    other = wanted(rabia, about=vendor.id)
    assert kinds_of(session, other, ALL - {DateKind.REVIEW}) == []


def test_it_says_when_there_was_more_than_is_read(session, authors):
    vendor = everything_due(session, ON, asks=False)
    rabia = authors[RABIA.email]
    assert not gather(session, wanted(rabia, most=2), [DateKind.EVIDENCE]).is_cut
    earlier = proof(vendor, ON - timedelta(days=1), "Another")
    earlier.kind = EvidenceKind.SOC2_TYPE2
    session.add(earlier)
    session.flush()
    cut = gather(session, wanted(rabia, most=1), [DateKind.EVIDENCE])
    assert cut.is_cut
    assert [row.detail for row in cut.rows] == ["Another"], "the earliest stays"


@pytest.mark.parametrize("role", Role)
def test_roles_see_kinds_by_their_permissions(role):
    kinds = kinds_for(lambda right: right in ROLE_GRANTS[role])
    assert kinds == (frozenset() if role is Role.ADMINISTRATOR else ALL)


def test_a_day_that_moves_is_counted_and_other_changes_are_not(session, authors, later):
    vendor = everything_due(session, ON)
    assessment = session.scalars(select(Assessment)).one()
    before = vendor.times_moved, assessment.times_moved
    vendor.purpose = "Something else"
    session.flush()
    assert vendor.times_moved == before[0]
    with later(days=1):
        vendor.next_review_on = ON + timedelta(days=5)
        by = makers.make_staff(session)
        extend(session, assessment, due_on=ON + timedelta(days=9), by=by, at=clock.now())
        session.flush()
        assert (vendor.times_moved, vendor.moved_at) == (before[0] + 1, clock.now())
        assert (assessment.times_moved, assessment.moved_at) == (before[1] + 1, clock.now())


def test_a_contract_that_renews_moves_with_its_term(session, authors, later):
    contract = contracts.make_contract(
        session, ends_on=date(2026, 4, 30), notice_days=30, auto_renews=True, renewal_months=12
    )
    rabia = authors[RABIA.email]
    year = wanted(rabia, last=date(2027, 12, 31))
    notice, renewal = gather(session, year, ALL).rows
    assert (notice.on, renewal.on) == (date(2026, 3, 31), date(2026, 4, 30))
    assert renewal.kind is DateKind.RENEWAL
    with later(days=30):
        today = clock.today()
        assert today == date(2026, 4, 1)
        moved = replace(year, today=today)
        renewal, notice = gather(session, moved, ALL).rows
        assert (notice.on, renewal.on) == (date(2027, 3, 31), date(2026, 4, 30))
        roll_deadlines(session, today=today)
        session.refresh(contract)
        assert contract.times_moved == 1
    facts = contracts.facts_of(session, session.get_one(Vendor, contract.vendor_id))
    contract_commands.edit(
        session, contract, facts, version=contract.version,
        by=makers.make_staff(session), at=clock.now(),
    )  # fmt: skip
    assert contract.times_moved == 2
    assert session.get_one(Contract, contract.id).moved_at == clock.now()


def test_files_that_end_together_are_one_row(session, authors):
    vendor = everything_due(session, ON, asks=False)
    for day in (ON, ON, ON + timedelta(days=1)):
        file = proof(vendor, day)
        file.kind = EvidenceKind.SOC2_TYPE2 if day == ON else EvidenceKind.PENTEST
        session.add(file)
    session.flush()
    far = wanted(authors[RABIA.email], last=ON + timedelta(days=1))
    found = gather(session, far, [DateKind.EVIDENCE, DateKind.NOTICE]).rows
    assert [(r.kind, r.more) for r in together(found)] == [
        (DateKind.NOTICE, 0),
        (DateKind.EVIDENCE, 2),
        (DateKind.EVIDENCE, 0),
    ]
