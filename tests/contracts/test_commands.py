"""Entering, editing, activating and ending contracts."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from audit.actions import Action
from contracts import commands, queries
from contracts.clause_commands import check_clause
from contracts.contract_facts import checked
from contracts.deadline_commands import roll_deadlines
from contracts.rules import ClauseStatus, ContractState
from foundation import clock
from foundation.errors import Conflict, Refused
from tests.contracts.stories import checks_of, clear, facts_of, make_contract, settle
from tests.makers import CRITICAL, LOW, make_staff, make_vendor
from tests.noted import noted
from vendors import commands as vendors
from vendors.queries import default_service

S = ClauseStatus


def ledger(session):
    return [body.action for body in noted(session)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " \u200b "}, "title is missing"),
        ({"title": "x" * 201}, "201 characters"),
        ({"title": "4111 1111 1111 1111"}, "card number"),
        ({"title": "a\x00b"}, "control characters"),
        ({"governing_law": "4111-1111-1111-1111"}, "card number"),
        ({"starts_on": date(2027, 1, 1)}, "ends before it starts"),
        ({"ends_on": date(9999, 12, 31)}, "year"),
        ({"starts_on": date(1, 1, 1)}, "year"),
        ({"notice_days": -1}, "0 to 3650"),
        ({"notice_days": 10**12}, "0 to 3650"),
        ({"auto_renews": True}, "by how many months"),
        ({"auto_renews": True, "renewal_months": 12, "ends_on": None}, "first term ends"),
        ({"value_minor": 5, "currency": "ZZZ"}, "three-letter"),
        ({"value_minor": -5, "currency": "PKR"}, "zero or more"),
        ({"service_ids": ()}, "at least one service"),
        ({"service_ids": (uuid4(),)}, "services of this vendor"),
        ({"signing_entity_id": uuid4()}, "one of our companies"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(session, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        make_contract(session, **changes)


def test_a_new_contract_is_a_draft_with_its_deadline_and_its_clauses(session):
    contract = make_contract(session, value_minor=3_000_000_000, currency="pkr")
    session.expire(contract)
    assert contract.state is ContractState.DRAFT
    assert contract.reference.startswith("C-")
    assert contract.notice_deadline_on == date(2026, 10, 2)
    assert (contract.value_minor, contract.currency) == (3_000_000_000, "PKR")
    checks = checks_of(session, contract)
    assert {"GEN-1", "ICT-8"} <= set(checks)
    assert "PCI-1" not in checks
    assert checks["ICT-8"].required_value["amount"] == "90"
    assert {Action.CONTRACT_ADD, Action.CLAUSE_DERIVE} <= set(ledger(session))


def test_a_currency_without_an_amount_is_dropped(session):
    assert checked(facts_of(session, make_vendor(session), currency="PKR")).currency == ""


def test_a_tier_1_service_needs_the_strict_values(session):
    contract = make_contract(session, make_vendor(session, exposure=CRITICAL))
    checks = checks_of(session, contract)
    assert {"PCI-1", "DP-j", "CIF-6", "SEC-10"} <= set(checks)
    assert checks["ICT-8"].required_value["amount"] == "180"
    assert checks["PCI-1"].why_required.startswith("Needed because it touches card data")


def test_services_that_change_bring_other_clauses_and_keep_what_was_found(session):
    by = make_staff(session)
    vendor = make_vendor(session, exposure=CRITICAL)
    contract = make_contract(session, vendor)
    pci = checks_of(session, contract)["PCI-1"]
    check_clause(session, pci, status=S.PRESENT, note="Page 3", by=by, at=clock.now())
    small = vendors.add_service(session, vendor, "Newsletter", by=by, at=clock.now())
    vendors.set_exposure(session, small, LOW, {}, by=by, at=clock.now())
    facts = facts_of(session, vendor, service_ids=(small.id,))
    commands.edit(session, contract, facts, version=contract.version, by=by, at=clock.now())
    checks = checks_of(session, contract)
    assert not checks["PCI-1"].is_required
    assert checks["PCI-1"].note == "Page 3"
    assert checks["ICT-8"].required_value["amount"] == "90"
    facts = facts_of(session, vendor)
    commands.edit(session, contract, facts, version=contract.version, by=by, at=clock.now())
    assert checks_of(session, contract)["PCI-1"].is_required


def test_deriving_twice_changes_nothing(session):
    by = make_staff(session)
    contract = make_contract(session)
    before = len(ledger(session))
    assert commands.derive(session, contract, by=by, at=clock.now()) == ()
    assert len(ledger(session)) == before


def test_an_older_version_is_refused_and_shows_what_is_stored(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    stale = contract.version
    facts = facts_of(session, vendor, title="Frame agreement")
    commands.edit(session, contract, facts, version=stale, by=by, at=clock.now())
    with pytest.raises(Conflict) as conflict:
        commands.edit(session, contract, facts, version=stale, by=by, at=clock.now())
    assert conflict.value.theirs is contract


def test_activation_lists_everything_in_the_way(session):
    by = make_staff(session)
    contract = make_contract(session, starts_on=None)
    with pytest.raises(Refused) as refused:
        commands.activate(session, contract, by=by, at=clock.now())
    reasons = refused.value.reasons
    required = len(checks_of(session, contract))
    assert len(reasons) == required + 2
    assert any("due diligence" in reason for reason in reasons)
    assert any("no start date" in reason for reason in reasons)
    assert contract.state is ContractState.DRAFT


def test_a_clean_contract_with_a_cleared_vendor_becomes_active(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    settle(session, contract, by)
    with pytest.raises(Refused, match="cannot become active"):
        commands.activate(session, contract, by=by, at=clock.now())
    clear(session, vendor, by)
    commands.activate(session, contract, by=by, at=clock.now())
    assert contract.state is ContractState.ACTIVE
    assert Action.CONTRACT_ACTIVATE in ledger(session)
    with pytest.raises(Refused) as again:
        commands.activate(session, contract, by=by, at=clock.now())
    assert again.value.reasons == ("The contract is already active.",)


def test_exposure_that_grew_stops_the_activation(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    settle(session, contract, by)
    clear(session, vendor, by)
    service = default_service(session, vendor.id)
    vendors.set_exposure(session, service, CRITICAL, {}, by=by, at=clock.now())
    with pytest.raises(Refused) as refused:
        commands.activate(session, contract, by=by, at=clock.now())
    assert any("PCI-1" in reason for reason in refused.value.reasons)


def test_an_ended_contract_stays_as_it_was(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    tomorrow = clock.today() + timedelta(days=2)
    with pytest.raises(Refused, match="ahead"):
        commands.end(session, contract, on=tomorrow, by=by, at=clock.now())
    commands.end(session, contract, by=by, at=clock.now())
    assert contract.state is ContractState.ENDED
    assert contract.notice_deadline_on is None
    assert contract.ends_on == clock.today()
    with pytest.raises(Refused, match="already ended"):
        commands.end(session, contract, by=by, at=clock.now())
    facts = facts_of(session, vendor)
    with pytest.raises(Refused, match="has ended"):
        commands.edit(session, contract, facts, version=contract.version, by=by, at=clock.now())
    check = checks_of(session, contract)["GEN-1"]
    with pytest.raises(Refused, match="has ended"):
        check_clause(session, check, status=S.MISSING, by=by, at=clock.now())


def test_a_draft_for_the_future_can_be_dropped(session):
    contract = make_contract(session, starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1))
    commands.end(session, contract, by=make_staff(session), at=clock.now())
    assert contract.ends_on == contract.starts_on


def test_deadlines_of_renewing_contracts_roll_on(session):
    contract = make_contract(
        session, ends_on=date(2026, 4, 30), notice_days=30, auto_renews=True, renewal_months=12
    )
    version = contract.version
    assert contract.notice_deadline_on == date(2026, 3, 31)
    assert roll_deadlines(session, today=date(2026, 3, 31)) == 0
    assert roll_deadlines(session, today=date(2026, 4, 1)) == 1
    session.refresh(contract)
    assert contract.notice_deadline_on == date(2027, 3, 31)
    assert contract.version == version
    assert queries.notice_of(contract, date(2026, 4, 1)) == date(2027, 3, 31)
