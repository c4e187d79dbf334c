"""A vendor's contracts and how far they hold what they must, read together in two statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from contracts.clause_queries import covering, stored_clauses
from contracts.coverage import ClauseRow, Coverage
from contracts.listing import ContractRow, row_of
from contracts.rules import ClauseStatus, ContractState
from contracts.service_queries import contracts_with_services, facts_of
from organisation.queries import find_settings
from vendors.models import Vendor
from vendors.service_models import Service


@dataclass(frozen=True, slots=True)
class Papers:
    """What was signed with a vendor, the running ones first, and what that covers."""

    contracts: tuple[ContractRow, ...]
    coverage: Coverage


def papers_of(
    session: Session, vendor: Vendor, services: Sequence[Service], *, today: date
) -> Papers:
    """Return the contracts and the coverage of a vendor whose services are read already."""
    linked = contracts_with_services(session, vendor.id)
    stored = stored_clauses(session, [contract.id for contract, _ in linked]) if linked else {}
    settings = find_settings(session)
    cover = covering(
        facts_of(services),
        linked,
        stored,
        regimes=settings.regimes if settings else (),
        today=today,
    )
    rows = [
        _counted(row_of(contract, vendor.name, today), stored.get(contract.id, ()), today)
        for contract, _ in reversed(linked)
    ]
    rows.sort(key=lambda row: row.state is ContractState.ENDED)
    names = tuple(service.name for service in services if service.id in cover.left)
    return Papers(tuple(rows), Coverage(cover.rows, names))


def _counted(row: ContractRow, clauses: Iterable[ClauseRow], today: date) -> ContractRow:
    required = [clause for clause in clauses if clause.is_required]
    settled = sum(_is_settled(clause, today) for clause in required)
    return replace(row, clauses_required=len(required), clauses_settled=settled)


def _is_settled(clause: ClauseRow, today: date) -> bool:
    """Say of one row what contracts.listing asks of many in the database."""
    if clause.status is ClauseStatus.WAIVED:
        return clause.waived_until is not None and clause.waived_until >= today
    if clause.status is ClauseStatus.NOT_APPLICABLE:
        return clause.note != ""
    return clause.status is ClauseStatus.PRESENT and clause.meets is True
