"""Reading clauses: what a contract needs now, what was found, and what a vendor's cover."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.circumstances import ServiceFacts, circumstances_of
from contracts.coverage import ClauseRow, Coverage
from contracts.library import Requirement, catalogue, find_clause, requirements
from contracts.models import ClauseCheck, Contract
from contracts.reading import kept, stored_value
from contracts.rules import ContractState, FoundClause, RequiredClause, gaps
from contracts.service_queries import (
    contracts_with_services,
    facts_of,
    service_facts,
    service_ids_of,
)
from identity.models import Person
from organisation.queries import day_of, find_settings, today_of
from vendors.inventory_models import Exemption
from vendors.queries import services_of


def clauses_of(
    session: Session, contract_id: UUID, *, today: date | None = None
) -> list[ClauseRow]:
    """Return a contract's clauses as they were demanded, those no longer needed last."""
    rows = stored_clauses(session, [contract_id]).get(contract_id, [])
    return _with_gaps(rows, today or today_of(session))


def needed_by(session: Session, contract: Contract) -> tuple[Requirement, ...]:
    """Return the clauses a contract needs as its services stand now."""
    facts = service_facts(session, contract.vendor_id)
    covered = service_ids_of(session, [contract.id]).get(contract.id, set())
    return _needed((facts[i] for i in facts if i in covered), _regimes(session))


def is_stale(needed: Iterable[Requirement], rows: Iterable[ClauseRow]) -> bool:
    """Say whether the list of a contract is no longer what its services need."""
    wanted = {requirement.clause.id: requirement.clause.parameter for requirement in needed}
    return wanted != {row.code: row.parameter for row in rows if row.is_required}


def clauses_now(session: Session, contract: Contract, *, today: date) -> list[ClauseRow]:
    """Return the clauses a contract needs now, with what was found of each."""
    stored = stored_clauses(session, [contract.id]).get(contract.id, [])
    return _with_gaps(_joined(needed_by(session, contract), stored), today)


def coverage(session: Session, vendor_id: UUID, *, today: date | None = None) -> Coverage:
    """Return how far the contracts of a vendor hold the clauses its services need now.

    A draft counts only for services that no active contract covers.
    """
    services = services_of(session, vendor_id)
    linked = contracts_with_services(session, vendor_id)
    stored = stored_clauses(session, [contract.id for contract, _ in linked])
    found = covering(
        facts_of(services),
        linked,
        stored,
        regimes=_regimes(session),
        today=today or today_of(session),
    )
    names = tuple(service.name for service in services if service.id in found.left)
    return Coverage(found.rows, names)


@dataclass(frozen=True, slots=True)
class Covered:
    """The clauses needed now with what was found, and the services that no contract covers."""

    rows: tuple[ClauseRow, ...]
    left: frozenset[UUID]


def covering(
    facts: Mapping[UUID, ServiceFacts],
    linked: Iterable[tuple[Contract, frozenset[UUID]]],
    stored: Mapping[UUID, Sequence[ClauseRow]],
    *,
    regimes: Sequence[str],
    today: date,
) -> Covered:
    """Lay contracts over services; a draft counts only where no active contract does."""
    rows: list[ClauseRow] = []
    left = set(facts)
    by_state = sorted(linked, key=lambda pair: pair[0].state is ContractState.DRAFT)
    open_to_drafts: frozenset[UUID] | None = None
    for contract, services in by_state:
        if contract.state is ContractState.ENDED:
            continue
        if contract.state is ContractState.DRAFT and open_to_drafts is None:
            open_to_drafts = frozenset(left)
        covered = services & (facts.keys() if open_to_drafts is None else open_to_drafts)
        needed = _needed((facts[i] for i in facts if i in covered), regimes)
        rows += _joined(needed, stored.get(contract.id, ()), contract) if covered else []
        left -= covered
    if left:
        rows += _joined(_needed((facts[i] for i in facts if i in left), regimes), [])
    return Covered(tuple(_with_gaps(rows, today)), frozenset(left))


def _regimes(session: Session) -> Sequence[str]:
    settings = find_settings(session)
    return settings.regimes if settings else ()


def _needed(services: Iterable[ServiceFacts], regimes: Sequence[str]) -> tuple[Requirement, ...]:
    return requirements(circumstances_of(services, regimes))


def stored_clauses(session: Session, contract_ids: Sequence[UUID]) -> dict[UUID, list[ClauseRow]]:
    """Return what was found in contracts, those no longer needed last."""
    chosen = (
        select(ClauseCheck, Contract.reference, Exemption, Person.name)
        .join(Contract, Contract.id == ClauseCheck.contract_id)
        .outerjoin(Exemption, Exemption.id == ClauseCheck.exemption_id)
        .outerjoin(Person, Person.id == ClauseCheck.checked_by_id)
        .where(ClauseCheck.contract_id.in_(contract_ids))
    )
    found: dict[UUID, list[ClauseRow]] = {}
    for check, reference, waiver, name in session.execute(chosen):
        row = _row(session, check, reference, waiver, name or "")
        found.setdefault(check.contract_id, []).append(row)
    order = {entry.clause.id: place for place, entry in enumerate(catalogue().clauses)}
    for rows in found.values():
        rows.sort(key=lambda row: (not row.is_required, order.get(row.code, len(order))))
    return found


def _row(
    session: Session, check: ClauseCheck, reference: str, waiver: Exemption | None, name: str
) -> ClauseRow:
    clause = find_clause(check.clause_code)
    return ClauseRow(
        code=check.clause_code,
        title=clause.title if clause else check.clause_code,
        says=clause.says if clause else "",
        refs=clause.refs if clause else (),
        parameter=kept(check.required_value),
        why=check.why_required,
        check_id=check.id,
        contract_id=check.contract_id,
        contract_reference=reference,
        version=check.version,
        is_required=check.is_required,
        status=check.status,
        found_value=check.found_value,
        meets=check.meets,
        deviation=check.deviation,
        page=check.page,
        note=check.note,
        checked_by=name,
        checked_at=check.checked_at,
        waived_until=_waived_until(session, waiver),
        waiver_reason=waiver.reason if waiver else "",
        wants=clause.wants if clause else "",
    )


def _waived_until(session: Session, waiver: Exemption | None) -> date | None:
    """Return a waiver's last day; one that was revoked ended the day before."""
    if waiver is None or waiver.revoked_at is None:
        return waiver.ends_on if waiver else None
    return min(waiver.ends_on, day_of(session, waiver.revoked_at) - timedelta(days=1))


def _joined(
    needed: Iterable[Requirement], stored: Iterable[ClauseRow], contract: Contract | None = None
) -> list[ClauseRow]:
    """Put what was found beside what is needed now; what nobody looked at is open."""
    found = {row.code: row for row in stored}
    rows = []
    for requirement in needed:
        clause = requirement.clause
        row = found.get(clause.id) or ClauseRow(
            code=clause.id,
            title=clause.title,
            says=clause.says,
            refs=clause.refs,
            parameter=clause.parameter,
            wants=clause.wants,
            contract_id=contract.id if contract else None,
            contract_reference=contract.reference if contract else "",
        )
        rows.append(replace(row, parameter=clause.parameter, why=requirement.why, is_required=True))
    return rows


def _with_gaps(rows: Iterable[ClauseRow], today: date) -> list[ClauseRow]:
    """Add to each row why it is still open; a clause no longer needed never is."""
    return [replace(row, gap=_gap_of(row, today)) if row.is_required else row for row in rows]


def _gap_of(row: ClauseRow, today: date) -> str | None:
    required = RequiredClause(row.code, row.title, row.says, row.refs, "", None, row.parameter)
    found = FoundClause(
        status=row.status,
        value=stored_value(row.found_value, row.parameter),
        reason=row.note,
        waived_until=row.waived_until,
    )
    return next((gap.sentence for gap in gaps({row.code: found}, [required], today=today)), None)
