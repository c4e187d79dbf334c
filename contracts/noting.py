"""What every change of a contract writes into the ledger."""

from datetime import datetime

from sqlalchemy.orm import Session

from audit.actions import Action, Actor
from audit.commands import record
from contracts.models import Contract


def note_contract(
    session: Session,
    action: Action,
    contract: Contract,
    *,
    by: Actor,
    at: datetime,
    **detail: object,
) -> None:
    """Note what happened to a contract, with the vendor it is with."""
    record(
        session,
        at=at,
        actor=by,
        action=action,
        subject=("contract", contract.id),
        detail={"vendor": str(contract.vendor_id), **detail},
    )
