"""Reading contracts. Need-to-know comes from vendors; clauses from contracts.clause_queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.clause_queries import (
    clauses_now,
    clauses_of,
    coverage,
    is_stale,
    needed_by,
)
from contracts.coverage import ClauseRow, Coverage
from contracts.listing import ContractRow, contracts_of, list_contracts
from contracts.models import ClauseCheck, Contract, ContractDocument, ContractService
from contracts.money import say_money
from contracts.notice_queries import NoticeRow, notice_deadlines, notice_of
from contracts.service_queries import service_ids_of
from evidence.models import Evidence
from evidence.rules import ScanState
from foundation.errors import Missing
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.service_models import Service

__all__ = [
    "ClauseRow",
    "ContractRow",
    "Coverage",
    "DocumentRow",
    "NoticeRow",
    "checks_by_code",
    "clauses_now",
    "clauses_of",
    "contracts_of",
    "coverage",
    "documents_of",
    "find_check",
    "find_contract",
    "get_contract",
    "is_stale",
    "list_contracts",
    "needed_by",
    "notice_deadlines",
    "notice_of",
    "say_money",
    "service_ids_of",
    "services_covered",
]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A file of a contract."""

    evidence_id: UUID
    reference: str
    title: str
    original_name: str
    size: int
    scan_state: ScanState
    attached_at: datetime


def find_contract(session: Session, viewer_id: UUID, contract_id: UUID) -> Contract | None:
    """Return a contract with a vendor the person may see, or None."""
    chosen = (
        select(Contract)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .where(Contract.id == contract_id, visible_vendors(viewer_id))
    )
    return session.scalars(chosen).first()


def get_contract(session: Session, viewer_id: UUID, contract_id: UUID) -> Contract:
    """Return a contract with a vendor the person may see. Raises Missing."""
    found = find_contract(session, viewer_id, contract_id)
    if found is None:
        raise Missing
    return found


def find_check(session: Session, contract_id: UUID, check_id: UUID) -> ClauseCheck | None:
    """Return a clause of this contract, or None for one of another."""
    chosen = select(ClauseCheck).where(
        ClauseCheck.id == check_id, ClauseCheck.contract_id == contract_id
    )
    return session.scalars(chosen).first()


def checks_by_code(session: Session, contract_id: UUID) -> dict[str, ClauseCheck]:
    """Return every clause of a contract by its code."""
    chosen = select(ClauseCheck).where(ClauseCheck.contract_id == contract_id)
    return {check.clause_code: check for check in session.scalars(chosen)}


def services_covered(session: Session, contract_id: UUID) -> list[str]:
    """Return the names of the services a contract covers."""
    chosen = (
        select(Service.name)
        .join(ContractService, ContractService.service_id == Service.id)
        .where(ContractService.contract_id == contract_id)
    )
    return list(session.scalars(chosen.order_by(Service.is_default.desc(), Service.name)))


def documents_of(session: Session, contract_id: UUID) -> list[DocumentRow]:
    """Return the files of a contract, the newest first."""
    chosen = (
        select(
            Evidence.id,
            Evidence.reference,
            Evidence.title,
            Evidence.original_name,
            Evidence.size,
            Evidence.scan_state,
            ContractDocument.attached_at,
        )
        .join(ContractDocument, ContractDocument.evidence_id == Evidence.id)
        .where(ContractDocument.contract_id == contract_id)
        .order_by(ContractDocument.attached_at.desc(), Evidence.reference)
    )
    return [DocumentRow(*row) for row in session.execute(chosen)]
