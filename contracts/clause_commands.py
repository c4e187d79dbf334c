"""Changing clauses: which a contract must have, what was found, and waivers."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from contracts.clause_queries import needed_by
from contracts.library import Requirement, find_clause
from contracts.models import ClauseCheck, Contract
from contracts.noting import note_contract
from contracts.reading import COUNTED, keep, kept, read_value, stored_value
from contracts.rules import ClauseStatus, ContractState, FoundValue, Parameter, compare, say
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.exemption_commands import grant, revoke
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import ExemptionKind
from vendors.wording import checked_text

ENDED = "This contract has ended. What was found in it stays as it was."
S = ClauseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Doing without a clause for a time: who answers for it, why, and until when."""

    owner_id: UUID
    reason: str
    ends_on: date
    compensating_control: str = ""


def derive(session: Session, contract: Contract, *, by: Author, at: datetime) -> tuple[str, ...]:
    """Bring the list of required clauses up to date and return the codes that changed.

    A clause no longer needed keeps its row and what was found.
    """
    needed = {requirement.clause.id: requirement for requirement in needed_by(session, contract)}
    checks = select(ClauseCheck).where(ClauseCheck.contract_id == contract.id)
    known = {check.clause_code: check for check in session.scalars(checks)}
    changed = [code for code, want in needed.items() if _demand(known.get(code), want)]
    for code in needed.keys() - known.keys():
        session.add(_new_check(contract, needed[code]))
    dropped = [c for c, check in known.items() if c not in needed and check.is_required]
    for code in dropped:
        known[code].is_required = False
    session.flush()
    if changed or dropped:
        detail = {"needed": sorted(changed), "no_longer": sorted(dropped)}
        note_contract(session, Action.CLAUSE_DERIVE, contract, by=by.actor, at=at, **detail)
    return (*changed, *dropped)


def check_clause(  # noqa: PLR0913  every part of what was found is named
    session: Session,
    check: ClauseCheck,
    *,
    status: ClauseStatus,
    found_value: str = "",
    page: str = "",
    note: str = "",
    version: int | None = None,
    by: Author,
    at: datetime,
) -> None:
    """Store what the contract says of a clause; ends a waiver.

    Raises Conflict when somebody was faster, and Refused for a value that cannot be read.
    """
    contract = _open_contract(session, check, version)
    if status is S.WAIVED:
        raise Refused("A waiver needs its reason and end date. Use the page for waivers.")
    parameter = kept(check.required_value)
    found = read_value(checked_text(found_value, what="The value", longest=500), parameter)
    kept_page = checked_text(page, what="The page", longest=100)
    kept_note = checked_text(note, what="The note")
    if status is S.NOT_APPLICABLE and not kept_note:
        raise Refused("Write into the note why the clause does not apply.", where="note")
    _end_waiver(session, check, by=by, at=at)
    check.status = status
    check.found_value = _words(found)
    check.page = kept_page
    check.note = kept_note
    check.checked_by_id, check.checked_at = (None, None) if status is S.OPEN else (by.person_id, at)
    _judge(check, parameter)
    session.flush()
    note_contract(session, Action.CLAUSE_CHECK, contract, by=by.actor, at=at, **_facts(check))


def waive(
    session: Session,
    check: ClauseCheck,
    waiver: Waiver,
    *,
    version: int | None = None,
    by: Author,
    at: datetime,
) -> Exemption:
    """Do without a required clause until a date, at most twelve months ahead.

    Raises Refused where the vendor's owner would decide alone.
    """
    contract = _open_contract(session, check, version)
    if not check.is_required:
        raise Refused("This clause is not required, so there is nothing to waive.")
    vendor = session.get_one(Vendor, contract.vendor_id)
    if vendor.owner_id == by.person_id:
        raise Refused(
            "You own this vendor, so somebody else must waive its clauses. Ask another risk lead."
        )
    exemption = grant(
        session,
        kind=ExemptionKind.WAIVER,
        vendor_id=vendor.id,
        subject=("clause", check.id),
        owner_id=waiver.owner_id,
        approver_id=by.person_id,
        reason=waiver.reason,
        compensating_control=waiver.compensating_control,
        ends_on=waiver.ends_on,
        frozen_rating=_at_stake(check, vendor),
        by=by,
        at=at,
    )
    _end_waiver(session, check, by=by, at=at)
    check.exemption_id = exemption.id
    check.status, check.checked_by_id, check.checked_at = S.WAIVED, by.person_id, at
    _judge(check, kept(check.required_value))
    session.flush()
    detail = {"clause": check.clause_code, "ends_on": str(waiver.ends_on)}
    note_contract(session, Action.CLAUSE_WAIVE, contract, by=by.actor, at=at, **detail)
    return exemption


def _demand(check: ClauseCheck | None, want: Requirement) -> bool:
    """Bring an existing row to what is needed now; say whether anything is new."""
    if check is None:
        return True
    demanded = keep(want.clause.parameter)
    is_same = check.is_required and check.required_value == demanded
    check.is_required, check.why_required = True, want.why
    if check.required_value != demanded:
        check.required_value = demanded
        _judge(check, want.clause.parameter)
    return not is_same


def _new_check(contract: Contract, want: Requirement) -> ClauseCheck:
    return ClauseCheck(
        id=new_id(),
        contract_id=contract.id,
        clause_code=want.clause.id,
        is_required=True,
        why_required=want.why,
        status=S.OPEN,
        required_value=keep(want.clause.parameter),
    )


def _judge(check: ClauseCheck, parameter: Parameter) -> None:
    """Let the computer compare; nothing is compared where the clause does not stand."""
    if check.status not in {S.PRESENT, S.PARTIAL, S.NEGOTIATING}:
        check.meets, check.deviation = None, ""
        return
    result = compare(stored_value(check.found_value, parameter), parameter)
    is_there = check.status is S.PRESENT
    says_more = parameter.kind in COUNTED or check.found_value
    check.meets = result.meets if is_there else None
    check.deviation = result.sentence if is_there or says_more else ""


def _open_contract(session: Session, check: ClauseCheck, version: int | None) -> Contract:
    contract = session.get_one(Contract, check.contract_id)
    if contract.state is ContractState.ENDED:
        raise Refused(ENDED)
    lock_row(check)
    if version is not None and version != check.version:
        raise Conflict(
            "Somebody else noted something about this clause while you were at it. "
            "Both are shown below: keep what is right and save again.",
            theirs=check,
        )
    return contract


def _end_waiver(session: Session, check: ClauseCheck, *, by: Author, at: datetime) -> None:
    if check.exemption_id is None:
        return
    waiver = session.get_one(Exemption, check.exemption_id)
    if waiver.revoked_at is None:
        revoke(session, waiver, by=by, at=at)
    if check.status is S.WAIVED:
        # No waived row without its waiver, at no moment: the database checks it too.
        check.status, check.checked_at, check.checked_by_id = S.OPEN, None, None
    check.exemption_id = None


def _words(found: FoundValue | None) -> str:
    return "" if found is None else say(found)


def _at_stake(check: ClauseCheck, vendor: Vendor) -> str:
    clause = find_clause(check.clause_code)
    title = clause.title if clause else check.clause_code
    tier = "Tier not known" if vendor.tier is None else f"Tier {vendor.tier}"
    return f"{tier}. {title}: {check.deviation or 'not in the contract as required'}"


def _facts(check: ClauseCheck) -> dict[str, object]:
    return {"clause": check.clause_code, "status": check.status.value, "meets": check.meets}
