"""Reading contracts: who may know, what is covered, which deadlines come."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from contracts import commands, queries
from contracts.clause_commands import check_clause
from contracts.rules import ClauseStatus, ContractState
from foundation import clock
from foundation.errors import Missing
from tests import people as cast
from tests.contracts.stories import checks_of, clear, facts_of, make_contract, settle
from tests.makers import CRITICAL, LOW, make_staff, make_vendor
from vendors import commands as vendors

S = ClauseStatus
TODAY = date(2026, 3, 2)


def test_a_hidden_vendor_hides_its_contracts(session):
    contract = make_contract(session, make_vendor(session, is_need_to_know=True))
    owner, other = make_staff(session), make_staff(session, cast.RABIA)
    assert queries.find_contract(session, owner.person_id, contract.id) is contract
    assert queries.find_contract(session, other.person_id, contract.id) is None
    with pytest.raises(Missing):
        queries.get_contract(session, other.person_id, contract.id)
    page = queries.list_contracts(session, other.person_id, today=TODAY)
    assert page.items == ()


def test_a_clause_of_another_contract_is_not_found(session):
    vendor = make_vendor(session)
    one, two = make_contract(session, vendor), make_contract(session, vendor)
    check = checks_of(session, one)["GEN-1"]
    assert queries.find_check(session, one.id, check.id) is check
    assert queries.find_check(session, two.id, check.id) is None


def test_the_next_deadline_comes_first_and_none_last(session):
    vendor = make_vendor(session)
    make_contract(session, vendor, title="Open", ends_on=None)
    make_contract(session, vendor, title="Late")
    make_contract(session, vendor, title="Soon", ends_on=date(2026, 6, 30))
    viewer = make_staff(session).person_id
    rows = queries.list_contracts(session, viewer, today=TODAY).items
    assert [row.title for row in rows] == ["Soon", "Late", "Open"]
    assert rows[0].notice_deadline_on == date(2026, 4, 1)
    assert rows[0].clauses_settled == 0
    assert rows[0].clauses_required == len(queries.clauses_of(session, rows[0].contract_id))


def test_pages_follow_each_other_without_gap_or_doubling(session, monkeypatch):
    monkeypatch.setattr("contracts.listing.SIZE", 2)
    monkeypatch.setattr("contracts.listing.page_of", lambda rows, key: _pages(rows, key, size=2))
    vendor = make_vendor(session)
    for number in range(5):
        make_contract(session, vendor, title=f"No {number}", ends_on=None)
    viewer, seen, cursor = make_staff(session).person_id, [], None
    for _ in range(3):
        page = queries.list_contracts(session, viewer, today=TODAY, cursor=cursor)
        seen += [row.title for row in page.items]
        cursor = page.next_cursor
    assert seen == [f"No {number}" for number in range(5)]
    assert cursor is None
    broken = queries.list_contracts(session, viewer, today=TODAY, cursor="WyJ4IiwieSJd")
    assert len(broken.items) == 2


def _pages(rows, key, *, size):
    from foundation.paging import page_of

    return page_of(rows, key, size=size)


def test_a_vendor_without_a_contract_covers_nothing(session):
    vendor = make_vendor(session)
    found = queries.coverage(session, vendor.id)
    assert found.required > 0
    assert (found.met, found.open, found.waived) == (0, 0, 0)
    assert found.missing == found.required
    assert found.uncovered == (vendor.name,)
    assert found.sentences == (f"No contract covers {vendor.name}. Enter the contract.",)
    assert set(found.statuses.values()) == {S.OPEN}


def test_coverage_counts_every_clause_once(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    checks = checks_of(session, contract)
    say: Any = {"by": by, "at": clock.now()}
    check_clause(session, checks["GEN-1"], status=S.PRESENT, **say)
    check_clause(session, checks["GEN-3"], status=S.MISSING, **say)
    check_clause(session, checks["ICT-8"], status=S.PRESENT, found_value="30 days", **say)
    found = queries.coverage(session, vendor.id)
    assert (found.met, found.missing, found.waived) == (1, 1, 0)
    assert found.open == found.required - 2
    assert found.statuses["ICT-8"] is S.PARTIAL
    assert len(found.sentences) == found.required - 1
    assert any("says 30 days, but" in sentence for sentence in found.sentences)


def test_an_active_contract_is_not_spoiled_by_the_draft_of_the_next(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    settle(session, contract, by)
    clear(session, vendor, by)
    assert queries.coverage(session, vendor.id).sentences == ()
    commands.activate(session, contract, by=by, at=clock.now())
    make_contract(session, vendor)
    found = queries.coverage(session, vendor.id)
    assert found.sentences == ()
    assert found.met == found.required
    rows = queries.contracts_of(session, vendor.id, today=TODAY)
    assert {row.state for row in rows} == {ContractState.ACTIVE, ContractState.DRAFT}
    commands.end(session, contract, by=by, at=clock.now())
    assert queries.coverage(session, vendor.id).sentences


def test_a_service_added_later_is_uncovered(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    settle(session, contract, by)
    added = vendors.add_service(session, vendor, "Card printing", by=by, at=clock.now())
    found = queries.coverage(session, vendor.id)
    assert found.uncovered == ("Card printing",)
    assert found.statuses["PCI-1"] is S.OPEN
    vendors.set_exposure(session, added, LOW, {}, by=by, at=clock.now())
    assert "PCI-1" not in queries.coverage(session, vendor.id).statuses


def test_exposure_that_grew_asks_for_more_than_the_list_says(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    service = queries_default(session, vendor)
    vendors.set_exposure(session, service, CRITICAL, {}, by=by, at=clock.now())
    rows = queries.clauses_of(session, contract.id)
    assert queries.is_stale(queries.needed_by(session, contract), rows)
    assert queries.coverage(session, vendor.id).statuses["PCI-1"] is S.OPEN
    commands.derive(session, contract, by=by, at=clock.now())
    rows = queries.clauses_of(session, contract.id)
    assert not queries.is_stale(queries.needed_by(session, contract), rows)


def queries_default(session, vendor):
    from vendors.queries import default_service

    return default_service(session, vendor.id)


def test_deadlines_in_a_span_are_found_and_those_of_renewals_roll(session):
    vendor = make_vendor(session)
    make_contract(session, vendor, title="Once", ends_on=date(2026, 6, 30))
    rolling = make_contract(
        session,
        vendor,
        title="Rolls",
        ends_on=date(2026, 5, 31),
        notice_days=30,
        auto_renews=True,
        renewal_months=1,
    )
    ended = make_contract(session, vendor, ends_on=date(2026, 6, 30))
    commands.end(session, ended, by=make_staff(session), at=clock.now())

    def titles(first, last, today):
        rows = queries.notice_deadlines(session, first, last, today=today)
        return [(row.title, row.deadline_on) for row in rows]

    assert rolling.notice_deadline_on == date(2026, 5, 1)
    assert titles(date(2026, 4, 1), date(2026, 5, 1), TODAY) == [
        ("Once", date(2026, 4, 1)),
        ("Rolls", date(2026, 5, 1)),
    ]
    in_june = titles(date(2026, 6, 1), date(2026, 6, 30), date(2026, 5, 20))
    assert in_june == []
    assert titles(date(2026, 5, 2), date(2026, 6, 30), date(2026, 5, 20)) == [
        ("Rolls", date(2026, 5, 31))
    ]


def test_coverage_reads_in_few_statements_whatever_the_number_of_contracts(session):
    by = make_staff(session)
    vendor = make_vendor(session)
    for name in ("One", "Two", "Three"):
        service = vendors.add_service(session, vendor, name, by=by, at=clock.now())
        make_contract(session, vendor, service_ids=(service.id,))
    session.flush()
    seen = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    queries.coverage(session, vendor.id, today=TODAY)
    assert len(seen) <= 6


def test_facts_of_another_shape_are_read_back(session):
    vendor = make_vendor(session)
    contract = make_contract(session, vendor)
    assert queries.services_covered(session, contract.id) == [vendor.name]
    covered = queries.service_ids_of(session, [contract.id])[contract.id]
    assert covered == set(facts_of(session, vendor).service_ids)
