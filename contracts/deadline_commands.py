"""Changing deadlines: rolling those of renewing contracts on to the term that runs now."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from contracts.models import Contract
from contracts.notice_queries import notice_of
from contracts.rules import ContractState


def roll_deadlines(session: Session, *, today: date) -> int:
    """Store the deadlines of renewing contracts for the term that runs now; return how many."""
    chosen = select(Contract).where(
        Contract.state != ContractState.ENDED,
        Contract.auto_renews,
        Contract.notice_deadline_on < today,
    )
    rolled = list(session.scalars(chosen))
    for contract in rolled:
        # Past the version: nobody's open form is spoiled by a computed date.
        session.execute(
            update(Contract)
            .where(Contract.id == contract.id)
            .values(notice_deadline_on=notice_of(contract, today))
        )
    return len(rolled)
