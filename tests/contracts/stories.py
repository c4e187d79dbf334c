"""Contracts for stories, made by the commands of the product."""

from datetime import date
from uuid import uuid4

from sqlalchemy import select

from contracts.clause_commands import check_clause
from contracts.commands import ContractFacts, add_contract
from contracts.models import ClauseCheck
from contracts.rules import ClauseStatus
from foundation import clock
from tests.makers import make_staff, make_vendor
from vendors import commands as vendors
from vendors.queries import services_of


def facts_of(session, vendor, **changes):
    covered = tuple(service.id for service in services_of(session, vendor.id))
    stated = {
        "title": "Master services agreement",
        "service_ids": covered,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "notice_days": 90,
    }
    return ContractFacts(**{**stated, **changes})


def make_contract(session, vendor=None, **changes):
    by = make_staff(session)
    vendor = vendor or make_vendor(session)
    facts = facts_of(session, vendor, **changes)
    return add_contract(session, vendor, facts, by=by, at=clock.now())


def checks_of(session, contract):
    rows = session.scalars(select(ClauseCheck).where(ClauseCheck.contract_id == contract.id))
    return {check.clause_code: check for check in rows}


def settle(session, contract, by):
    """Find every clause in the contract, stating what it must."""
    for check in checks_of(session, contract).values():
        raw = check.required_value
        unit = {"percent": "%"}.get(raw["kind"], raw["kind"])
        value = f"{raw['amount']} {unit}" if raw["amount"] else raw["text"]
        check_clause(
            session, check, status=ClauseStatus.PRESENT, found_value=value, by=by, at=clock.now()
        )


def clear(session, vendor, by):
    today = clock.today()
    vendors.clear(
        session, vendor, review_id=uuid4(), on=today, next_review_on=None, by=by, at=clock.now()
    )
