"""Reading last days to give notice, as they stand today."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from contracts.models import Contract, ContractNotice
from contracts.rules import ContractState, Renewal, notice_deadline, renewal_of
from evidence.models import Evidence
from foundation.columns import spelled_not
from identity.models import Person
from organisation.queries import today_of
from vendors.models import Vendor
from vendors.queries import visible_vendors


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A last day to give notice, for reminders and the calendar."""

    contract_id: UUID
    reference: str
    title: str
    vendor_id: UUID
    vendor_name: str
    tier: int | None
    is_tier_provisional: bool
    owner_id: UUID
    deadline_on: date
    ends_on: date | None
    auto_renews: bool


def notice_deadlines(
    session: Session,
    first: date,
    last: date,
    *,
    today: date | None = None,
    viewer_id: UUID | None = None,
) -> list[NoticeRow]:
    """Return the last days to give notice from `first` to `last`, as they stand today.

    With a viewer, only those of vendors this person may see.
    """
    on = today or today_of(session)
    chosen = (
        select(Contract, Vendor)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .where(
            spelled_not(Contract.state, ContractState.ENDED),
            Contract.leaves_on.is_(None),
            or_(
                Contract.notice_deadline_on.between(first, last),
                # What was stored may belong to a term that is over.
                and_(Contract.auto_renews, Contract.notice_deadline_on < on),
            ),
        )
    )
    if viewer_id is not None:
        chosen = chosen.where(visible_vendors(viewer_id))
    found = []
    for contract, vendor in session.execute(chosen):
        deadline = notice_of(contract, on)
        if deadline is not None and first <= deadline <= last:
            found.append(_notice(contract, vendor, deadline))
    return sorted(found, key=lambda row: (row.deadline_on, row.reference))


@dataclass(frozen=True, slots=True)
class GivenNotice:
    """A notice as the page of its contract shows it; one taken back says by whom and why."""

    given_on: date
    leaves_on: date
    note: str
    letter_id: UUID | None
    letter: str
    noted_by: str
    noted_at: datetime
    taken_back_at: datetime | None
    taken_back_by: str
    reason: str


def notices_given(session: Session, contract_id: UUID) -> list[GivenNotice]:
    """Return every notice noted of a contract, the one that stands first, then the newest."""
    noter, taker = aliased(Person), aliased(Person)
    chosen = (
        select(ContractNotice, Evidence.title, noter.name, taker.name)
        .join(noter, noter.id == ContractNotice.noted_by_id)
        .outerjoin(taker, taker.id == ContractNotice.taken_back_by_id)
        .outerjoin(Evidence, Evidence.id == ContractNotice.letter_id)
        .where(ContractNotice.contract_id == contract_id)
        .order_by(ContractNotice.taken_back_at.is_not(None), ContractNotice.noted_at.desc())
    )
    return [
        GivenNotice(
            given_on=notice.given_on,
            leaves_on=notice.leaves_on,
            note=notice.note,
            letter_id=notice.letter_id,
            letter=letter or "",
            noted_by=noted_by,
            noted_at=notice.noted_at,
            taken_back_at=notice.taken_back_at,
            taken_back_by=taken_back_by or "",
            reason=notice.reason,
        )
        for notice, letter, noted_by, taken_back_by in session.execute(chosen)
    ]


def find_standing(session: Session, contract_id: UUID) -> ContractNotice | None:
    """Return the notice of a contract that was not taken back, or None."""
    chosen = select(ContractNotice).where(
        ContractNotice.contract_id == contract_id, ContractNotice.taken_back_at.is_(None)
    )
    return session.scalars(chosen).first()


def notice_of(contract: Contract, today: date) -> date | None:
    """Return the last day to give notice as it stands today; None once it was given."""
    if _is_left(contract):
        return None
    return notice_deadline(
        contract.ends_on,
        contract.notice_days,
        auto_renews=contract.auto_renews,
        renewal_months=contract.renewal_months,
        today=today,
    )


def next_renewal(contract: Contract, today: date) -> Renewal | None:
    """Return the next renewal of a running contract that renews itself."""
    if _is_left(contract) or not contract.auto_renews:
        return None
    return renewal_of(contract.ends_on, contract.notice_days, contract.renewal_months, today=today)


def _is_left(contract: Contract) -> bool:
    return contract.state is ContractState.ENDED or contract.leaves_on is not None


def _notice(contract: Contract, vendor: Vendor, deadline: date) -> NoticeRow:
    return NoticeRow(
        contract_id=contract.id,
        reference=contract.reference,
        title=contract.title,
        vendor_id=contract.vendor_id,
        vendor_name=vendor.name,
        tier=vendor.tier,
        is_tier_provisional=vendor.is_tier_provisional,
        owner_id=vendor.owner_id,
        deadline_on=deadline,
        ends_on=contract.ends_on,
        auto_renews=contract.auto_renews,
    )
