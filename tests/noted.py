"""What a transaction will write into the ledger, before it is committed."""

from dataclasses import replace

from sqlalchemy.orm import Session

from audit.chain import Body


def noted(session: Session) -> list[Body]:
    """Return the entries in their order, each with its words in their place."""
    return [
        replace(body, detail={**body.detail, **(spoken.words if spoken else {})})
        for body, spoken in session.info.get("ledger", [])
    ]
