"""Stopping one kind of letter: who wants none, and the link that says so with one click."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation import vault
from foundation.keyring import KeyringError
from mail.models import Stop

PATH = "/p/mail/{}"
LONGEST_TOKEN = 1000
_PLACE = "mail-stop"


def stop(session: Session, email: str, kind: str, *, at: datetime) -> bool:
    """Note that an address wants no more letters of a kind; False when that was known."""
    if session.get(Stop, (email, kind)) is not None:
        return False
    session.add(Stop(email=email, kind=kind, stopped_at=at))
    session.flush()
    return True


def start_again(session: Session, email: str, kind: str) -> bool:
    """Forget that an address stopped a kind; False when it had not."""
    gone = delete(Stop).where(Stop.email == email, Stop.kind == kind).returning(Stop.kind)
    return session.execute(gone).first() is not None


def stopped_by(session: Session, emails: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return which kinds each of these addresses has stopped. One statement."""
    found: dict[str, set[str]] = defaultdict(set)
    for email, kind in session.execute(
        select(Stop.email, Stop.kind).where(Stop.email.in_(set(emails)))
    ):
        found[email].add(kind)
    return {email: frozenset(kinds) for email, kinds in found.items()}


def path_to_stop(email: str, kind: str) -> str:
    """Return the address that stops a kind for an address. It opens nothing else, and lasts."""
    sealed = vault.seal(f"{kind}|{email}".encode(), context=_PLACE)
    return PATH.format(base64.urlsafe_b64encode(sealed).decode().rstrip("="))


def read_token(token: str) -> tuple[str, str] | None:
    """Return address and kind of such a link, or None for anything else."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        kind, _, email = vault.unseal(sealed, context=_PLACE).decode().partition("|")
    except (binascii.Error, ValueError, vault.SealBroken, KeyringError):
        return None
    return email, kind
