"""Idempotency: a form or call sent twice does its work once and gets the same answer."""

import hashlib
import secrets
from datetime import datetime

from flask import Response, g, make_response, redirect, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from foundation import clock
from foundation.csrf import FIELD as CSRF_FIELD
from foundation.db import Model, database
from foundation.errors import Refused

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
    answer: Mapped[str | None]
    """The JSON that was answered; None where a browser was sent on."""
    status: Mapped[int | None]
    """What it was answered with: 201, or 202 for work that goes on."""
    etag: Mapped[str | None]
    created_at: Mapped[datetime]


def once_field() -> Markup:
    """Return the hidden field of a form that creates something."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        FIELD, secrets.token_urlsafe(16)
    )


def requested() -> str | None:
    """Return the stored form of the request's key, if it carries one. Raises Refused.

    A key counts for one asker: a door names them in `g.asker`, or it is the session.
    """
    chosen = request.headers.get(HEADER) or request.form.get(FIELD)
    if not chosen:
        return None
    if len(chosen) > LONGEST_KEY:
        raise Refused(f"The {HEADER} is longer than {LONGEST_KEY} characters.", where=HEADER)
    asker = g.get("asker") or g.get("session_token", "")
    return _sha256(f"{asker}|{request.method} {request.path}|{chosen}")


def replay(key: str) -> AnyResponse | None:
    """Return the answer given the first time; raises Refused for another body."""
    with database().reading() as session:
        known = session.get(IdempotencyKey, key)
    if known is None:
        return None
    if known.body_hash != _body_hash():
        raise Refused("This key was used before with other contents. Reload and try again.")
    return redirect(known.location, code=303) if known.answer is None else _again(known)


def remember(session: Session, key: str, response: Response) -> None:
    """Keep where the answer led, and a JSON answer itself, in the transaction of the work."""
    is_created = response.status_code in {201, 202} and response.mimetype == "application/json"
    if not is_created and response.status_code != 303:
        return
    session.add(
        IdempotencyKey(
            key=key,
            body_hash=_body_hash(),
            location=response.headers["Location"],
            answer=response.get_data(as_text=True) if is_created else None,
            status=response.status_code if is_created else None,
            etag=response.headers.get("ETag"),
            created_at=clock.now(),
        )
    )


def _again(known: IdempotencyKey) -> Response:
    reply = make_response(known.answer, known.status or 201)
    reply.content_type = "application/json"
    reply.headers["Location"] = known.location
    reply.headers["Idempotency-Replayed"] = "true"
    if known.etag is not None:
        reply.headers["ETag"] = known.etag
    return reply


def forget_before(session: Session, moment: datetime) -> int:
    """Remove keys older than a moment and return how many."""
    old = session.scalars(select(IdempotencyKey).where(IdempotencyKey.created_at < moment)).all()
    for known in old:
        session.delete(known)
    return len(old)


def _body_hash() -> str:
    skipped = {FIELD, CSRF_FIELD}
    pairs = sorted((k, v) for k, v in request.form.items(multi=True) if k not in skipped)
    files = [
        (name, upload.filename, _sha256_of(upload))
        for name, upload in sorted(request.files.items(multi=True), key=lambda each: each[0])
    ]
    sent = request.get_data() if request.is_json else b""
    return _sha256(repr((pairs, files, sent, request.query_string)))


def _sha256_of(upload: FileStorage) -> str:
    """Hash a file in parts, and leave it as if nobody had read it."""
    found = hashlib.sha256()
    upload.stream.seek(0)  # the work itself may have read it
    while part := upload.stream.read(1_000_000):
        found.update(part)
    upload.stream.seek(0)
    return found.hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
