"""Noting what a contract says, and doing without a clause for a time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.actions import Action
from contracts import queries
from contracts.clause_commands import Waiver, check_clause, waive
from contracts.rules import ClauseStatus
from foundation import clock
from foundation.errors import Conflict, Refused
from tests import people as cast
from tests.contracts.stories import checks_of, make_contract
from tests.makers import CRITICAL, make_staff, make_vendor
from tests.noted import noted
from vendors.inventory_models import Exemption

S = ClauseStatus


@pytest.fixture
def contract(session):
    return make_contract(session, make_vendor(session, exposure=CRITICAL))


@pytest.fixture
def breach(session, contract):
    """The clause on breach notice: at most 24 hours."""
    return checks_of(session, contract)["DP-j"]


def note(session, check, **said):
    check_clause(session, check, by=make_staff(session), at=clock.now(), **said)


def row_of(session, contract, code, today=None):
    rows = queries.clauses_of(session, contract.id, today=today)
    return next(row for row in rows if row.code == code)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"status": S.PRESENT, "found_value": "soon"}, "write a number"),
        ({"status": S.PRESENT, "found_value": "4111111111111111"}, "card number"),
        ({"status": S.PRESENT, "page": "4111 1111 1111 1111"}, "card number"),
        ({"status": S.PRESENT, "note": "4111 1111 1111 1111"}, "card number"),
        ({"status": S.PRESENT, "note": "\x00"}, "control characters"),
        ({"status": S.PRESENT, "page": "x" * 101}, "101 characters"),
        ({"status": S.NOT_APPLICABLE, "note": "  "}, "why the clause does not apply"),
        ({"status": S.WAIVED}, "page for waivers"),
    ],
)
def test_what_cannot_be_noted_is_refused_and_nothing_changes(session, breach, said, sentence):
    with pytest.raises(Refused, match=sentence):
        note(session, breach, **said)
    assert breach.status is S.OPEN
    assert breach.checked_at is None


@pytest.mark.parametrize(
    ("value", "meets", "sentence"),
    [
        ("72", False, "The contract says 72 hours, but it must be at most 24 hours."),
        ("24h", True, "The contract says 24 hours, as it must: at most 24 hours."),
        ("1 day", True, "The contract says 1 day, as it must: at most 24 hours."),
        ("", None, "It is not noted how much the contract says; it must be at most 24 hours."),
    ],
)
def test_the_computer_compares_the_value(session, contract, breach, value, meets, sentence):
    note(session, breach, status=S.PRESENT, found_value=value, page="12")
    assert (breach.meets, breach.deviation) == (meets, sentence)
    row = row_of(session, contract, "DP-j")
    assert row.gap == (None if meets else sentence)
    assert row.counts_as is (S.PRESENT if meets else S.PARTIAL)
    assert row.checked_by == cast.PERVEZ.name


def test_a_note_taken_back_leaves_the_clause_unchecked(session, breach):
    note(session, breach, status=S.MISSING)
    note(session, breach, status=S.OPEN)
    assert (breach.checked_at, breach.checked_by_id, breach.meets) == (None, None, None)


def test_somebody_faster_is_noticed(session, breach):
    before = breach.version
    note(session, breach, status=S.MISSING, version=before)
    with pytest.raises(Conflict) as conflict:
        note(session, breach, status=S.PRESENT, version=before)
    assert conflict.value.theirs is breach
    assert breach.status is S.MISSING


def waiver(session, **changes):
    stated = {
        "owner_id": make_staff(session).person_id,
        "reason": "They renegotiate in June",
        "ends_on": clock.today() + timedelta(days=90),
    }
    return Waiver(**{**stated, **changes})


def grant(session, check, by=cast.LAILA, **changes):
    author = make_staff(session, by)
    return waive(session, check, waiver(session, **changes), by=author, at=clock.now())


def test_a_waiver_settles_a_clause_until_its_last_day(session, contract, breach):
    note(session, breach, status=S.PRESENT, found_value="72 hours")
    exemption = grant(session, breach)
    assert exemption.subject_id == breach.id
    assert "says 72 hours, but" not in breach.deviation
    assert exemption.frozen_rating.startswith("Tier 1. ")
    assert "says 72 hours, but" in exemption.frozen_rating
    assert row_of(session, contract, "DP-j").gap is None
    last = exemption.ends_on
    assert row_of(session, contract, "DP-j", last).gap is None
    over = row_of(session, contract, "DP-j", last + timedelta(days=1))
    assert over.gap == "Its waiver has ended."
    assert over.counts_as is S.MISSING
    assert Action.CLAUSE_WAIVE in [body.action for body in noted(session)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "Write the reason"),
        ({"reason": "4111 1111 1111 1111"}, "card number"),
        ({"days": 0}, "after today"),
        ({"days": -1}, "after today"),
        ({"days": 400}, "twelve months"),
    ],
)
def test_a_waiver_without_reason_or_end_is_refused(session, breach, changes, sentence):
    days = changes.pop("days", None)
    if days is not None:
        changes["ends_on"] = clock.today() + timedelta(days=days)
    with pytest.raises(Refused, match=sentence):
        grant(session, breach, **changes)
    assert breach.status is S.OPEN


def test_the_owner_of_the_vendor_waives_nothing_alone(session, breach):
    with pytest.raises(Refused, match="somebody else"):
        grant(session, breach, by=cast.PERVEZ)


def test_a_clause_no_longer_needed_cannot_be_waived(session, breach):
    breach.is_required = False
    with pytest.raises(Refused, match="not required"):
        grant(session, breach)


def test_a_new_waiver_or_a_new_look_ends_the_old_one(session, breach):
    first = grant(session, breach)
    second = grant(session, breach)
    assert first.revoked_at is not None
    assert breach.exemption_id == second.id
    note(session, breach, status=S.PRESENT, found_value="24")
    assert second.revoked_at is not None
    assert breach.exemption_id is None
    assert breach.status is S.PRESENT
    assert session.scalars(select(Exemption)).all()
