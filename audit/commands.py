"""Writing the ledger: buffered while the work goes on, chained once just before commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit import chain
from audit.actions import Action, Actor
from audit.models import Entry, Head, Words
from audit.words import Spoken, parted
from foundation import keyring, request_facts
from foundation.failpoints import failpoint

_BUFFER = "ledger"
_SEALED = "ledger_sealed"


def record(  # noqa: PLR0913  every part of an entry is named
    session: Session,
    *,
    at: datetime,
    actor: Actor,
    action: Action,
    subject: tuple[str, UUID],
    detail: dict[str, object] | None = None,
    on_behalf_of: UUID | None = None,
) -> None:
    """Note an effect; it is chained when the transaction commits, or never happened."""
    facts = request_facts.current()
    chained, spoken = parted(detail or {})
    body = chain.Body(
        at=at,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        on_behalf_id=on_behalf_of,
        request_id=facts.request_id,
        ip=facts.ip,
        action=action.value,
        subject_kind=subject[0],
        subject_id=subject[1],
        detail=chained,
    )
    session.info.setdefault(_BUFFER, []).append((body, spoken))
    failpoint("ledger.noted")


def seal(session: Session) -> None:
    """Chain what was buffered. The head is locked once, so opposite orders cannot deadlock."""
    bodies: list[tuple[chain.Body, Spoken | None]] = session.info.pop(_BUFFER, [])
    sealed: list[Entry] = []
    session.info[_SEALED] = sealed
    if not bodies:
        return
    session.flush()
    head = session.scalars(select(Head).where(Head.id == 1).with_for_update()).one()
    key = chain_key()
    for body, spoken in bodies:
        seq = head.seq + 1
        mac = chain.link(key, head.mac, seq, body)
        entry = entry_of(seq, body, mac)
        if spoken is not None:
            entry.words = Words(seq=seq, words=spoken.words, salt=spoken.salt)
        session.add(entry)
        sealed.append(entry)
        head.seq, head.mac = seq, mac
    session.flush()
    failpoint("ledger.sealed")


def chain_key() -> bytes:
    """Return the key of the chain: of the oldest in the ring, so a rotation breaks no link."""
    ring = keyring.current()
    return ring.derive("audit|v1", ring.first_id)


def sealed_now(session: Session) -> list[Entry]:
    """Return the entries this commit has sealed, for who tells others of them."""
    found: list[Entry] = session.info.get(_SEALED, [])
    return found


def forget_buffer(session: Session) -> None:
    """Drop what was buffered: the transaction was rolled back."""
    session.info.pop(_BUFFER, None)


def entry_of(seq: int, body: chain.Body, mac: bytes) -> Entry:
    """Return the row of a chained body."""
    return Entry(
        seq=seq,
        at=body.at,
        actor_kind=body.actor_kind,
        actor_id=body.actor_id,
        on_behalf_id=body.on_behalf_id,
        request_id=body.request_id,
        ip=body.ip,
        action=body.action,
        subject_kind=body.subject_kind,
        subject_id=body.subject_id,
        chained=body.detail,
        mac=mac,
    )
