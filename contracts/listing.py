"""Reading lists of contracts: rows with their deadline and how many clauses are settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from contracts.models import ClauseCheck, Contract
from contracts.notice_queries import next_renewal, notice_of
from contracts.rules import ClauseStatus, ContractState, Renewal
from foundation.paging import SIZE, Page, decode, page_of
from organisation.queries import today_of
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.queries import visible_vendors
from vendors.rules import VendorState


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract as lists show it."""

    contract_id: UUID
    reference: str
    title: str
    state: ContractState
    vendor_id: UUID
    vendor_name: str
    starts_on: date | None
    ends_on: date | None
    auto_renews: bool
    renewal_months: int | None
    notice_days: int | None
    notice_deadline_on: date | None
    """Computed for today."""
    stored_deadline_on: date | None
    notice_given_on: date | None
    leaves_on: date | None
    """The last day of one that still runs, once notice was given."""
    renewal: Renewal | None
    value_minor: int | None
    currency: str
    clauses_required: int = 0
    clauses_settled: int = 0

    @property
    def runs_on(self) -> bool:
        """Whether it is in force and nobody has ended it by giving notice."""
        return self.state is ContractState.ACTIVE and self.leaves_on is None


def list_contracts(
    session: Session, viewer_id: UUID, *, today: date, cursor: str | None = None
) -> Page[ContractRow]:
    """Return contracts the person may see, the next deadline first, those without one last."""
    key = func.coalesce(Contract.notice_deadline_on, literal(date.max, Date))
    chosen = _rows().where(visible_vendors(viewer_id)).order_by(key, Contract.reference)
    after = _after(cursor)
    if after is not None:
        day, reference = after
        chosen = chosen.where(or_(key > day, and_(key == day, Contract.reference > reference)))
    found = [row_of(*row, today) for row in session.execute(chosen.limit(SIZE + 1))]
    page = page_of(found, _key)
    return Page(tuple(_counted(session, page.items, today)), page.next_cursor)


def contracts_of(
    session: Session, vendor_id: UUID, *, today: date | None = None
) -> list[ContractRow]:
    """Return the contracts with a vendor, the running ones first."""
    on = today or today_of(session)
    chosen = _rows().where(Contract.vendor_id == vendor_id)
    chosen = chosen.order_by(Contract.reference.desc())
    rows = [row_of(*row, on) for row in session.execute(chosen)]
    rows.sort(key=lambda row: row.state is ContractState.ENDED)
    return _counted(session, rows, on)


def contracts_by_id(
    session: Session, contract_ids: Iterable[UUID], *, today: date
) -> dict[UUID, ContractRow]:
    """Return these contracts by their ids; the caller has seen to who may know of them."""
    chosen = _rows().where(Contract.id.in_(list(contract_ids)))
    rows = [row_of(*row, today) for row in session.execute(chosen)]
    return {row.contract_id: row for row in _counted(session, rows, today)}


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    """A running contract or a draft with required clauses that are not settled."""

    contract_id: UUID
    reference: str
    title: str
    vendor_id: UUID
    vendor: str
    tier: int | None
    is_tier_provisional: bool
    required: int
    settled: int
    created_at: datetime


def list_unsettled(
    session: Session, viewer_id: UUID, *, owner_id: UUID, today: date, most: int
) -> list[UnsettledRow]:
    """Return the contracts of one owner's vendors with clauses to settle, the oldest first.

    Which these are is asked first: their clauses alone are counted, and not those of all contracts.
    """
    settled = func.sum(case((_settled(today), 1), else_=0))
    chosen = (
        select(
            Contract.id,
            Contract.reference,
            Contract.title,
            Vendor.id,
            Vendor.name,
            Vendor.tier,
            Vendor.is_tier_provisional,
            func.count(),
            settled,
            Contract.created_at,
        )
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .join(ClauseCheck, ClauseCheck.contract_id == Contract.id)
        .outerjoin(Exemption, Exemption.id == ClauseCheck.exemption_id)
        .where(Contract.id.in_(_unsettled(viewer_id, owner_id, today, most)))
        .where(ClauseCheck.is_required)
        .group_by(Contract.id, Vendor.id)
        .order_by(Contract.created_at, Contract.id)
    )
    return [UnsettledRow(*row) for row in session.execute(chosen)]


def _unsettled(viewer_id: UUID, owner_id: UUID, today: date, most: int) -> Select[UUID]:
    required = select(ClauseCheck.id).outerjoin(Exemption, Exemption.id == ClauseCheck.exemption_id)
    is_loose = required.where(
        ClauseCheck.contract_id == Contract.id,
        ClauseCheck.is_required,
        case((_settled(today), 1), else_=0) == 0,
    )
    return (
        select(Contract.id)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .where(
            Contract.state != ContractState.ENDED,
            Vendor.archived_at.is_(None),
            Vendor.state.not_in((VendorState.OFFBOARDING, VendorState.ENDED, VendorState.DECLINED)),
            Vendor.owner_id == owner_id,
            visible_vendors(viewer_id),
            is_loose.correlate(Contract).exists(),
        )
        .order_by(Contract.created_at, Contract.id)
        .limit(most)
    )


def _rows() -> Select[Contract, str]:
    return select(Contract, Vendor.name).join(Vendor, Vendor.id == Contract.vendor_id)


def row_of(contract: Contract, vendor_name: str, today: date) -> ContractRow:
    """Return a contract as lists show it; its clauses are not counted."""
    return ContractRow(
        contract_id=contract.id,
        reference=contract.reference,
        title=contract.title,
        state=contract.state,
        vendor_id=contract.vendor_id,
        vendor_name=vendor_name,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        auto_renews=contract.auto_renews,
        renewal_months=contract.renewal_months,
        notice_days=contract.notice_days,
        notice_deadline_on=notice_of(contract, today),
        stored_deadline_on=contract.notice_deadline_on,
        notice_given_on=contract.notice_given_on,
        leaves_on=None if contract.state is ContractState.ENDED else contract.leaves_on,
        renewal=next_renewal(contract, today),
        value_minor=contract.value_minor,
        currency=contract.currency,
    )


def _key(row: ContractRow) -> list[str]:
    return [(row.stored_deadline_on or date.max).isoformat(), row.reference]


def _after(cursor: str | None) -> tuple[date, str] | None:
    key = decode(cursor, length=2)
    if key is None:
        return None
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        return None


def _counted(session: Session, rows: Sequence[ContractRow], today: date) -> list[ContractRow]:
    """Add how many clauses are required and settled, in one question for all rows."""
    chosen = (
        select(ClauseCheck.contract_id, func.count(), func.sum(case((_settled(today), 1), else_=0)))
        .outerjoin(Exemption, Exemption.id == ClauseCheck.exemption_id)
        .where(
            ClauseCheck.contract_id.in_([row.contract_id for row in rows]),
            ClauseCheck.is_required,
        )
        .group_by(ClauseCheck.contract_id)
    )
    counts = {found[0]: (found[1], found[2]) for found in session.execute(chosen)}
    nothing = (0, 0)
    return [
        replace(
            row,
            clauses_required=counts.get(row.contract_id, nothing)[0],
            clauses_settled=counts.get(row.contract_id, nothing)[1],
        )
        for row in rows
    ]


def _settled(today: date) -> ColumnElement[bool]:
    return or_(
        and_(ClauseCheck.status == ClauseStatus.PRESENT, ClauseCheck.meets.is_(True)),
        and_(ClauseCheck.status == ClauseStatus.NOT_APPLICABLE, ClauseCheck.note != ""),
        and_(
            ClauseCheck.status == ClauseStatus.WAIVED,
            Exemption.revoked_at.is_(None),
            Exemption.ends_on >= today,
        ),
    )
