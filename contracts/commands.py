"""Changing contracts: adding, editing, attaching files, activating and ending them."""

from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.changes import Changes, pair, put
from contracts.clause_commands import derive
from contracts.clause_queries import clauses_now
from contracts.contract_facts import ContractFacts, checked
from contracts.leaving import terms_of
from contracts.models import Contract, ContractDocument, ContractService
from contracts.money import say_money
from contracts.notice_queries import notice_of
from contracts.noting import note_contract
from contracts.rules import ContractState, Gap, may_activate
from evidence.models import Evidence
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_reference
from organisation.models import LegalEntity
from organisation.queries import day_of
from vendors.models import Vendor
from vendors.queries import services_of

__all__ = [
    "ContractFacts",
    "activate",
    "add_contract",
    "attach_document",
    "derive",
    "edit",
    "end",
]

NOT_CLEARED = (
    "The vendor has not been cleared by a review. Finish the due diligence and decide first."
)
NOTICE_STANDS = (
    "Notice was given, and the contract's last day was counted from these dates. Take the notice "
    "back before you change them."
)
_MONEY = frozenset({"value_minor", "currency"})
_COLUMNS = tuple(field.name for field in fields(ContractFacts) if field.name != "service_ids")


def add_contract(
    session: Session, vendor: Vendor, facts: ContractFacts, *, by: Author, at: datetime
) -> Contract:
    """Enter a contract as a draft, with the clauses it must have. Raises Refused."""
    clean = checked(facts)
    _check_owned(session, vendor.id, clean)
    contract = Contract(
        id=new_id(),
        reference=next_reference(session, "C"),
        vendor_id=vendor.id,
        state=ContractState.DRAFT,
        created_at=at,
        **{name: getattr(clean, name) for name in _COLUMNS},
    )
    contract.notice_deadline_on = notice_of(contract, day_of(session, at))
    session.add(contract)
    session.flush()
    _cover(session, contract, clean)
    note_contract(
        session, Action.CONTRACT_ADD, contract, by=by.actor, at=at, ref=contract.reference
    )
    derive(session, contract, by=by, at=at)
    return contract


def edit(
    session: Session,
    contract: Contract,
    facts: ContractFacts,
    *,
    version: int,
    by: Author,
    at: datetime,
) -> None:
    """Store the facts of a contract, and its clauses anew where the services changed.

    Raises Conflict when somebody was faster, and Refused for an ended contract.
    """
    _check_version(contract, version)
    if contract.state is ContractState.ENDED:
        raise Refused("This contract has ended. Enter the new one as a new contract.")
    clean = checked(facts)
    if contract.state is ContractState.ACTIVE and clean.starts_on is None:
        raise Refused("An active contract needs its start date.", where="starts_on")
    if contract.leaves_on is not None and terms_of(clean) != terms_of(contract):
        raise Refused(NOTICE_STANDS, where="ends_on")
    _check_owned(session, contract.vendor_id, clean)
    cost = say_money(contract.value_minor, contract.currency)
    changes = put(contract, {name: getattr(clean, name) for name in _COLUMNS})
    contract.notice_deadline_on = notice_of(contract, day_of(session, at))
    session.flush()
    changes |= _cover(session, contract, clean)
    if changes:
        told = {"fields": sorted(changes), "changes": _with_cost(changes, cost, contract)}
        note_contract(session, Action.CONTRACT_EDIT, contract, by=by.actor, at=at, **told)
    derive(session, contract, by=by, at=at)


def attach_document(
    session: Session, contract: Contract, evidence: Evidence, *, by: Author, at: datetime
) -> ContractDocument:
    """Put a file of this vendor to the contract; one that is there already stays once."""
    if evidence.vendor_id != contract.vendor_id:
        raise LookupError("The file belongs to another vendor.")
    chosen = select(ContractDocument).where(
        ContractDocument.contract_id == contract.id, ContractDocument.evidence_id == evidence.id
    )
    known = session.scalars(chosen).first()
    if known is not None:
        return known
    document = ContractDocument(
        id=new_id(), contract_id=contract.id, evidence_id=evidence.id, attached_at=at
    )
    session.add(document)
    session.flush()
    file = {"evidence": str(evidence.id), "sha256": evidence.sha256.hex()}
    note_contract(session, Action.CONTRACT_ATTACH, contract, by=by.actor, at=at, **file)
    return document


def activate(
    session: Session, contract: Contract, *, by: Author, at: datetime, version: int | None = None
) -> None:
    """Bring a contract into force. Raises Refused with every reason why not."""
    _check_version(contract, contract.version if version is None else version)
    today = day_of(session, at)
    open_clauses = [
        Gap(row.code, row.title, row.gap)
        for row in clauses_now(session, contract, today=today)
        if row.gap
    ]
    allowed = may_activate(contract.state, open_clauses, starts_on=contract.starts_on)
    vendor = session.get_one(Vendor, contract.vendor_id)
    cleared = () if vendor.cleared_by is not None else (NOT_CLEARED,)
    reasons = (*cleared, *allowed.reasons)
    if reasons:
        raise Refused(
            f"{contract.reference} cannot become active yet. Mend this first:", reasons=reasons
        )
    contract.state = ContractState.ACTIVE
    session.flush()
    derive(session, contract, by=by, at=at)
    note_contract(session, Action.CONTRACT_ACTIVATE, contract, by=by.actor, at=at)


def end(
    session: Session,
    contract: Contract,
    *,
    on: date | None = None,
    version: int | None = None,
    by: Author,
    at: datetime,
) -> None:
    """End a contract on a day that is not ahead; without one, today."""
    _check_version(contract, contract.version if version is None else version)
    today = day_of(session, at)
    last = on or today
    if contract.state is ContractState.ENDED:
        raise Refused("This contract has already ended.")
    if last > today:
        raise Refused("The day the contract ended must not be ahead of us.", where="ended_on")
    if contract.starts_on is not None and last < contract.starts_on:
        if contract.state is ContractState.ACTIVE:
            raise Refused("A contract cannot end before it starts.", where="ended_on")
        last = contract.starts_on  # a draft that never came into force
    close(session, contract, on=min(_agreed_end(contract) or last, last), by=by.actor, at=at)


def close(session: Session, contract: Contract, *, on: date, by: Actor, at: datetime) -> None:
    """Store that a contract is over, its last day being this one."""
    contract.state = ContractState.ENDED
    contract.ends_on = on
    contract.notice_deadline_on = None
    session.flush()
    ended_on = on.isoformat()
    note_contract(session, Action.CONTRACT_END, contract, by=by, at=at, ended_on=ended_on)


def _check_version(contract: Contract, version: int) -> None:
    lock_row(contract)
    if version != contract.version:
        raise Conflict(
            f"{contract.reference} was changed by somebody else while you were at it. "
            "Both are shown below: keep what is right and save again.",
            theirs=contract,
        )


def _agreed_end(contract: Contract) -> date | None:
    """Return the last day a contract has by its own terms; one that renews itself has none."""
    if contract.leaves_on is not None or contract.auto_renews:
        return contract.leaves_on
    return contract.ends_on


def _check_owned(session: Session, vendor_id: UUID, facts: ContractFacts) -> None:
    """Refuse services of another vendor and companies that are not ours."""
    known = {service.id for service in services_of(session, vendor_id)}
    if not facts.service_ids:
        raise Refused("Choose at least one service the contract covers.", where="service_ids")
    if set(facts.service_ids) - known:
        raise Refused("Choose services of this vendor.", where="service_ids")
    entity_id = facts.signing_entity_id
    if entity_id is not None and session.get(LegalEntity, entity_id) is None:
        raise Refused("Choose one of our companies.", where="signing_entity_id")


def _with_cost(changes: Changes, before: str, contract: Contract) -> Changes:
    """Return changes with the yearly cost as one amount, for minor units say nothing alone."""
    told = {name: both for name, both in changes.items() if name not in _MONEY}
    if len(told) < len(changes):
        told["yearly_cost"] = pair(before, say_money(contract.value_minor, contract.currency))
    return told


def _cover(session: Session, contract: Contract, facts: ContractFacts) -> Changes:
    """Store which services a contract covers; return what is new."""
    chosen = select(ContractService.service_id).where(ContractService.contract_id == contract.id)
    before, after = set(session.scalars(chosen)), set(facts.service_ids)
    for service_id in sorted(after - before):
        session.add(ContractService(contract_id=contract.id, service_id=service_id))
    gone = delete(ContractService).where(
        ContractService.contract_id == contract.id,
        ContractService.service_id.in_(before - after),
    )
    if before - after:
        session.execute(gone)
    session.flush()
    return {"services": pair(before, after)} if before != after else {}
