"""Reading clauses: what a contract needs now, what was found, and what a vendor's cover."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.circumstances import ServiceFacts, circumstances_of, sees_of
from contracts.coverage import ClauseRow, Coverage
from contracts.library import Requirement, catalogue, find_clause, requirements
from contracts.models import ClauseCheck, Contract, ContractService
from contracts.reading import kept, stored_value
from contracts.rules import ContractState, FoundClause, RequiredClause, gaps
from foundation import clock
from identity.models import Person
from organisation.queries import find_settings, time_zone_of_organisation
from vendors.inventory_models import Exemption
from vendors.queries import exposure_of_service, services_of
from vendors.service_models import Service


def our_today(session: Session) -> date:
    """Return today's date where the organisation is."""
    return clock.today(time_zone_of_organisation(session))


def clauses_of(
    session: Session, contract_id: UUID, *, today: date | None = None
) -> list[ClauseRow]:
    """Return a contract's clauses as they were demanded, those no longer needed last."""
    rows = _stored(session, [contract_id]).get(contract_id, [])
    return _with_gaps(rows, today or our_today(session))


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
    stored = _stored(session, [contract.id]).get(contract.id, [])
    return _with_gaps(_joined(needed_by(session, contract), stored), today)


def coverage(session: Session, vendor_id: UUID, *, today: date | None = None) -> Coverage:
    """Return how far the contracts of a vendor hold the clauses its services need now.

    A draft counts only for services that no active contract covers.
    """
    facts = service_facts(session, vendor_id)
    contracts = _live_contracts(session, vendor_id)
    stored = _stored(session, [contract.id for contract in contracts])
    linked = service_ids_of(session, [contract.id for contract in contracts])
    regimes = _regimes(session)
    rows: list[ClauseRow] = []
    left = set(facts)
    for state in (ContractState.ACTIVE, ContractState.DRAFT):
        open_before = frozenset(left) if state is ContractState.DRAFT else frozenset(facts)
        for contract in (c for c in contracts if c.state is state):
            covered = linked.get(contract.id, set()) & open_before
            needed = _needed((facts[i] for i in facts if i in covered), regimes)
            rows += _joined(needed, stored.get(contract.id, []), contract) if covered else []
            left -= covered
    if left:
        rows += _joined(_needed((facts[i] for i in facts if i in left), regimes), [])
    shown = _with_gaps(rows, today or our_today(session))
    return Coverage(tuple(shown), _names(session, vendor_id, left))


def service_facts(session: Session, vendor_id: UUID) -> dict[UUID, ServiceFacts]:
    """Return what contracts need to know of a vendor's services, by service."""
    return {
        service.id: ServiceFacts(
            tier=service.tier,
            exposure=exposure_of_service(service),
            is_ict=service.is_ict,
            pci_scope=service.pci_scope,
            sees=sees_of(service.intake),
        )
        for service in services_of(session, vendor_id)
    }


def service_ids_of(session: Session, contract_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the services each contract covers."""
    chosen = select(ContractService.contract_id, ContractService.service_id).where(
        ContractService.contract_id.in_(list(contract_ids))
    )
    found: dict[UUID, set[UUID]] = {}
    for contract_id, service_id in session.execute(chosen):
        found.setdefault(contract_id, set()).add(service_id)
    return found


def _live_contracts(session: Session, vendor_id: UUID) -> list[Contract]:
    chosen = select(Contract).where(
        Contract.vendor_id == vendor_id, Contract.state != ContractState.ENDED
    )
    return list(session.scalars(chosen.order_by(Contract.reference)))


def _names(session: Session, vendor_id: UUID, wanted: set[UUID]) -> tuple[str, ...]:
    if not wanted:
        return ()
    chosen = select(Service.name).where(Service.vendor_id == vendor_id, Service.id.in_(wanted))
    return tuple(session.scalars(chosen.order_by(Service.is_default.desc(), Service.name)))


def _regimes(session: Session) -> Sequence[str]:
    settings = find_settings(session)
    return settings.regimes if settings else ()


def _needed(services: Iterable[ServiceFacts], regimes: Sequence[str]) -> tuple[Requirement, ...]:
    return requirements(circumstances_of(services, regimes))


def _stored(session: Session, contract_ids: Sequence[UUID]) -> dict[UUID, list[ClauseRow]]:
    chosen = (
        select(ClauseCheck, Contract.reference, Exemption, Person.name)
        .join(Contract, Contract.id == ClauseCheck.contract_id)
        .outerjoin(Exemption, Exemption.id == ClauseCheck.exemption_id)
        .outerjoin(Person, Person.id == ClauseCheck.checked_by_id)
        .where(ClauseCheck.contract_id.in_(contract_ids))
    )
    found: dict[UUID, list[ClauseRow]] = {}
    for check, reference, waiver, name in session.execute(chosen):
        row = _row(check, reference, waiver, name or "")
        found.setdefault(check.contract_id, []).append(row)
    order = {entry.clause.id: place for place, entry in enumerate(catalogue().clauses)}
    for rows in found.values():
        rows.sort(key=lambda row: (not row.is_required, order.get(row.code, len(order))))
    return found


def _row(check: ClauseCheck, reference: str, waiver: Exemption | None, name: str) -> ClauseRow:
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
        waived_until=_waived_until(waiver),
        waiver_reason=waiver.reason if waiver else "",
    )


def _waived_until(waiver: Exemption | None) -> date | None:
    """Return a waiver's last day; one that was revoked ended the day before."""
    if waiver is None or waiver.revoked_at is None:
        return waiver.ends_on if waiver else None
    return min(waiver.ends_on, waiver.revoked_at.date() - timedelta(days=1))


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
