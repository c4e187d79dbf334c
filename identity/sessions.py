"""Sessions: rows that say which browser is signed in; ending a row ends it at once, everywhere."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, Update, bindparam, select, update
from sqlalchemy.orm import Session, contains_eager

from audit.actions import Action, Actor, ActorKind
from audit.commands import record
from foundation import request_facts, settings
from foundation.errors import Missing
from foundation.ids import new_id
from identity.models import Person, WebSession
from identity.rules import HALF_WAY_LIVES, DoorKind, Ending, SessionStage
from identity.tokens import LONGEST, hash_of, new_token

COOKIES = {DoorKind.STAFF: "duly_staff", DoorKind.VENDOR: "duly_portal"}
SEEN_EVERY = timedelta(minutes=1)
LONGEST_AGENT = 300


def start(
    session: Session,
    person_id: UUID,
    *,
    door: DoorKind,
    stage: SessionStage,
    at: datetime,
    proved_at: datetime | None = None,
) -> str:
    """Sign a browser in at one door and return its new token.

    `proved_at` is when the person showed who they are, where that was before they came here.
    """
    token, facts = new_token(), request_facts.current()
    started = WebSession(
        id=new_id(),
        token_hash=hash_of(token),
        person_id=person_id,
        door=door,
        stage=stage,
        created_at=at,
        last_seen_at=at,
        ends_at=at + _length(door, stage),
        authenticated_at=proved_at or at,
        ip=facts.ip,
        user_agent=facts.user_agent[:LONGEST_AGENT],
    )
    session.add(started)
    session.flush()
    if stage is SessionStage.FULL:
        _note(session, Action.SESSION_START, started, at)
    return token


def find(session: Session, token: str, door: DoorKind, at: datetime) -> WebSession | None:
    """Return the live session of a token with its person, at any stage, or None."""
    return session.scalars(live(), wanted(token, door, at)).first() if token else None


@cache
def live() -> Select[WebSession]:
    """Return the statement of the live session of a token with its person; see `wanted`.

    Made once, because every page begins with it; a door may ask for more with it.
    """
    return (
        select(WebSession)
        .join(WebSession.person)
        .options(contains_eager(WebSession.person))
        .where(
            WebSession.token_hash == bindparam("hash"),
            WebSession.door == bindparam("door"),
            WebSession.revoked_at.is_(None),
            WebSession.ends_at > bindparam("at"),
            WebSession.last_seen_at > bindparam("idle_since"),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    )


def wanted(token: str, door: DoorKind, at: datetime) -> dict[str, object]:
    """Return the values `live` is asked with. No token of ours is longer than what is hashed."""
    known = hash_of(token[: LONGEST + 1])
    return {"hash": known, "door": door, "at": at, "idle_since": at - _idle(door)}


def ending_of(session: Session, token: str, door: DoorKind, at: datetime) -> Ending | None:
    """Return how the session of a token ended; None while it lives, or where there was none."""
    if not token or len(token) > LONGEST:
        return None
    known = (WebSession.token_hash == hash_of(token), WebSession.door == door)
    found = session.scalars(select(WebSession).where(*known)).first()
    if found is None:
        return None
    if found.revoked_at is not None:
        return Ending.SHUT
    if found.ends_at <= at:
        return Ending.SLOW if found.stage is SessionStage.PASSWORD else Ending.AGED
    return Ending.IDLE if found.last_seen_at <= at - _idle(door) else None


def promote(session: Session, token: str, *, door: DoorKind, at: datetime) -> str:
    """Open the pages after the second factor and return the new token; the old one is dead.

    Raises Missing when the half-way session is gone or was promoted already.
    """
    fresh = new_token()
    waiting = WebSession.token_hash == hash_of(token)
    risen = _change(
        session,
        update(WebSession)
        .where(
            waiting,
            WebSession.door == door,
            WebSession.stage == SessionStage.PASSWORD,
            WebSession.revoked_at.is_(None),
            WebSession.ends_at > at,
        )
        .values(
            token_hash=hash_of(fresh),
            stage=SessionStage.FULL,
            last_seen_at=at,
            authenticated_at=at,
            ends_at=at + _length(door, SessionStage.FULL),
        ),
    )
    if risen != 1:
        raise Missing("Your sign-in took too long or was used already. Start again.")
    found = session.scalars(select(WebSession).where(WebSession.token_hash == hash_of(fresh))).one()
    _note(session, Action.SESSION_START, found, at)
    return fresh


def touch(session: Session, session_id: UUID, at: datetime) -> None:
    """Note that somebody was here; at most once a minute, and never past the absolute end."""
    stale = (WebSession.id == session_id, WebSession.last_seen_at < at - SEEN_EVERY)
    _change(session, update(WebSession).where(*stale).values(last_seen_at=at))


def end(session: Session, token: str, at: datetime) -> None:
    """Sign one browser out; a copied cookie dies with it."""
    mine = WebSession.token_hash == hash_of(token)
    found = session.scalars(select(WebSession).where(mine, WebSession.revoked_at.is_(None))).first()
    if found is not None:
        found.revoked_at = at
        session.flush()
        _note(session, Action.SESSION_END, found, at)


def end_one(session: Session, person_id: UUID, session_id: UUID, at: datetime) -> None:
    """Sign out another browser of the same person. Raises Missing when it is not theirs."""
    mine = (WebSession.id == session_id, WebSession.person_id == person_id)
    found = session.scalars(select(WebSession).where(*mine)).first()
    if found is None:
        raise Missing
    if found.revoked_at is None:
        found.revoked_at = at
        session.flush()
        _note(session, Action.SESSION_END, found, at)


def end_all(session: Session, person_id: UUID, at: datetime, *, but: UUID | None = None) -> int:
    """Sign a person out of every browser at every door, but one if asked; return how many."""
    live = [WebSession.person_id == person_id, WebSession.revoked_at.is_(None)]
    if but is not None:
        live.append(WebSession.id != but)
    return _change(session, update(WebSession).where(*live).values(revoked_at=at))


def live_sessions_of(session: Session, person_id: UUID, at: datetime) -> list[WebSession]:
    """Return where a person is signed in now, newest sighting first."""
    live = (
        WebSession.person_id == person_id,
        WebSession.stage == SessionStage.FULL,
        WebSession.revoked_at.is_(None),
        WebSession.ends_at > at,
    )
    found = session.scalars(
        select(WebSession).where(*live).order_by(WebSession.last_seen_at.desc())
    )
    return [one for one in found if one.last_seen_at > at - _idle(one.door)]


def _idle(door: DoorKind) -> timedelta:
    chosen = settings.current()
    is_staff = door is DoorKind.STAFF
    return timedelta(minutes=chosen.staff_idle_minutes if is_staff else chosen.vendor_idle_minutes)


def _length(door: DoorKind, stage: SessionStage) -> timedelta:
    chosen = settings.current()
    if stage is SessionStage.PASSWORD:
        return HALF_WAY_LIVES
    is_staff = door is DoorKind.STAFF
    return timedelta(hours=chosen.staff_session_hours if is_staff else chosen.vendor_session_hours)


def _note(session: Session, action: Action, subject: WebSession, at: datetime) -> None:
    actor_id = session.scalars(select(Person.actor_id).where(Person.id == subject.person_id)).one()
    kind = ActorKind.STAFF if subject.door is DoorKind.STAFF else ActorKind.VENDOR
    actor = Actor(kind, actor_id)
    record(session, at=at, actor=actor, action=action, subject=("web_session", subject.id))


def _change(session: Session, statement: Update) -> int:
    done = cast("CursorResult[Any]", session.execute(statement))
    return int(done.rowcount)
