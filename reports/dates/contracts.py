"""Last days to give notice, and days on which contracts end or renew themselves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import Session

from contracts.models import Contract
from contracts.notice_queries import next_renewal, notice_of
from reminders.standing import is_contract_running
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import is_within, of_vendors
from vendors.models import Vendor


def contracts(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield up to two days of every contract that has not ended, as they stand today."""
    earliest = func.coalesce(Contract.notice_deadline_on, Contract.leaves_on, Contract.ends_on)
    chosen = (
        of_vendors(wanted, Contract)
        .join(Contract, Contract.vendor_id == Vendor.id)
        .where(
            is_contract_running(),
            # Once notice is too late the next term's day is stored, while this one ends first.
            or_(earliest <= wanted.last, Contract.ends_on <= wanted.last),
        )
        .order_by(earliest, Contract.id)
    )
    if wanted.first is not None:
        # What is stored of a renewing one may belong to a term that is over.
        chosen = chosen.where(
            or_(
                Contract.auto_renews,
                func.coalesce(Contract.leaves_on, Contract.ends_on) >= wanted.first,
            )
        )
    if wanted.about is not None:
        chosen = chosen.where(Contract.id == wanted.about)
    for row in session.execute(chosen.limit(wanted.most)).mappings():
        parts: dict[str, Any] = dict(row)
        contract: Contract = parts.pop("Contract")
        for kind, on in _days_of(contract, wanted.today):
            if is_within(wanted, on):
                yield DateRow(
                    kind=kind,
                    on=on,
                    about=contract.id,
                    reference=contract.reference,
                    detail=contract.title,
                    made_at=contract.created_at,
                    times_moved=contract.times_moved,
                    moved_at=contract.moved_at,
                    **parts,
                )


def _days_of(contract: Contract, today: date) -> Iterable[tuple[DateKind, date | None]]:
    yield DateKind.NOTICE, notice_of(contract, today)
    renewal = next_renewal(contract, today)
    if renewal is not None:
        yield DateKind.RENEWAL, renewal.on
    else:
        yield DateKind.CONTRACT_END, contract.leaves_on or contract.ends_on
