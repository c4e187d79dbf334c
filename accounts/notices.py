"""Letters about one's own account: whoever did not do it themselves hears of it at once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from identity.models import Person
from mail.commands import queue
from mail.letters import compose
from organisation.queries import name_of_organisation


class Change(StrEnum):
    """What happened to an account."""

    PASSWORD = "password"  # noqa: S105  a word, not a secret
    CODES = "codes"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    FACTORS_RESET = "factors_reset"
    WORK_ACCOUNT_LINKED = "work_account_linked"
    WORK_ACCOUNT_UNLINKED = "work_account_unlinked"
    NEW_BROWSER = "new_browser"


def tell(
    session: Session, person: Person, change: Change, *, browser: str, at: datetime, named: str = ""
) -> None:
    """Write to somebody what happened to their account, when, and from which browser."""
    key = f"account-changed:{change}:{person.id}:{at.isoformat()}"
    told = {"what": change.value, "named": named, "browser": browser}
    write(session, person, "account_changed", key, at=at, **told)


def write(
    session: Session, person: Person, kind: str, key: str, *, at: datetime, **told: object
) -> None:
    """Write one letter of a kind to somebody, once for each key."""
    text = compose(kind, org=name_of_organisation(session), name=person.name, at=at, **told)
    recipient = (person.email, person.name)
    queue(session, dedupe_key=key, kind=kind, to=recipient, text=text, at=at)
