"""What days bring by themselves: deadlines of the term that runs now, and the end after notice."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit.actions import SYSTEM
from contracts.commands import close
from contracts.models import Contract
from contracts.notice_queries import notice_of
from contracts.rules import ContractState
from foundation import clock
from foundation.columns import spelled_not


def roll_deadlines(session: Session, *, today: date) -> int:
    """Store the deadlines of renewing contracts for the term that runs now; return how many."""
    chosen = select(Contract).where(
        spelled_not(Contract.state, ContractState.ENDED),
        Contract.auto_renews,
        Contract.leaves_on.is_(None),
        Contract.notice_deadline_on < today,
    )
    rolled = list(session.scalars(chosen))
    for contract in rolled:
        # Past the version: nobody's open form is spoiled by a computed date.
        session.execute(
            update(Contract)
            .where(Contract.id == contract.id)
            .values(
                notice_deadline_on=notice_of(contract, today),
                times_moved=Contract.times_moved + 1,
                moved_at=clock.now(),
            )
        )
    return len(rolled)


def end_after_notice(session: Session, *, today: date, at: datetime) -> int:
    """End the contracts whose last day after notice has passed; return how many."""
    chosen = select(Contract).where(
        Contract.state != ContractState.ENDED, Contract.leaves_on < today
    )
    left = list(session.scalars(chosen))
    for contract in left:
        close(session, contract, on=contract.leaves_on or today, by=SYSTEM, at=at)
    return len(left)
