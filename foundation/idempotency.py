"""Idempotency: a form or call sent twice does its work once and gets the same answer."""

import hashlib
import secrets
from datetime import datetime

from flask import Response, g, redirect, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.wrappers import Response as AnyResponse

from foundation import clock
from foundation.csrf import FIELD as CSRF_FIELD
from foundation.db import Model, database
from foundation.errors import Conflict

FIELD = "once"
HEADER = "Idempotency-Key"
LONGEST_KEY = 200


class IdempotencyKey(Model):
    """One piece of work already done, and where its answer led."""

    __tablename__ = "idempotency_key"

    key: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of who asked, the address and the key they chose."""
    body_hash: Mapped[str]
    location: Mapped[str]
    created_at: Mapped[datetime]


def once_field() -> Markup:
    """Return the hidden field of a form that creates something."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        FIELD, secrets.token_urlsafe(16)
    )


def requested() -> str | None:
    """Return the stored form of the request's key, if it carries one."""
    chosen = request.headers.get(HEADER) or request.form.get(FIELD)
    if not chosen or len(chosen) > LONGEST_KEY:
        return None
    return _sha256(f"{g.get('session_token', '')}|{request.method} {request.path}|{chosen}")


def replay(key: str) -> AnyResponse | None:
    """Return the answer given the first time; raises Conflict for another body."""
    with database().reading() as session:
        known = session.get(IdempotencyKey, key)
    if known is None:
        return None
    if known.body_hash != _body_hash():
        raise Conflict("This key was used before with other contents. Reload and try again.")
    return redirect(known.location, code=303)


def remember(session: Session, key: str, response: Response) -> None:
    """Keep where the answer led, in the transaction of the work itself."""
    if response.status_code != 303:
        return
    session.add(
        IdempotencyKey(
            key=key,
            body_hash=_body_hash(),
            location=response.headers["Location"],
            created_at=clock.now(),
        )
    )


def forget_before(session: Session, moment: datetime) -> int:
    """Remove keys older than a moment and return how many."""
    old = session.scalars(select(IdempotencyKey).where(IdempotencyKey.created_at < moment)).all()
    for known in old:
        session.delete(known)
    return len(old)


def _body_hash() -> str:
    skipped = {FIELD, CSRF_FIELD}
    pairs = sorted((k, v) for k, v in request.form.items(multi=True) if k not in skipped)
    return _sha256(repr(pairs))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
