"""Work accounts of persons: found by what the provider calls them, linked once, unlinked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Missing
from foundation.ids import new_id
from identity.id_tokens import Claims, Unsigned
from identity.models import Person
from identity.rules import Author
from identity.sign_on_models import WorkAccount


def find(session: Session, issuer: str, subject: str) -> WorkAccount | None:
    """Return the work account a provider calls by a name, or None."""
    named = (WorkAccount.issuer == issuer, WorkAccount.subject == subject)
    return session.scalars(select(WorkAccount).where(*named)).first()


def find_of(session: Session, person_id: UUID) -> WorkAccount | None:
    """Return the work account of a person, the newest of several providers, or None."""
    mine = select(WorkAccount).where(WorkAccount.person_id == person_id)
    return session.scalars(mine.order_by(WorkAccount.linked_at.desc())).first()


def link(
    session: Session, person: Person, claims: Claims, *, by: Author, at: datetime
) -> WorkAccount:
    """Link somebody's first work account. Raises Unsigned when they, or it, are linked already."""
    account = WorkAccount(
        id=new_id(),
        person_id=person.id,
        issuer=claims.issuer,
        subject=claims.subject,
        email=person.email,
        linked_at=at,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError:
        raise Unsigned("other_account") from None
    _note(session, Action.WORK_ACCOUNT_LINK, person.id, by=by, at=at)
    return account


def use(session: Session, account: WorkAccount, *, by: Author, at: datetime) -> None:
    """Note that somebody came in by their work account."""
    account.last_used_at = at
    _note(session, Action.WORK_ACCOUNT_USE, account.person_id, by=by, at=at)
    session.flush()


def unlink(session: Session, person_id: UUID, *, by: Author, at: datetime) -> None:
    """Take the link away. Raises Missing when there is none."""
    mine = delete(WorkAccount).where(WorkAccount.person_id == person_id)
    if not session.execute(mine.returning(WorkAccount.id)).all():
        raise Missing
    _note(session, Action.WORK_ACCOUNT_UNLINK, person_id, by=by, at=at)


def _note(session: Session, action: Action, person_id: UUID, *, by: Author, at: datetime) -> None:
    record(session, at=at, actor=by.actor, action=action, subject=("person", person_id))
