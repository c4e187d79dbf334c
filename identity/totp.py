"""Authenticator apps: begun, confirmed by a first code, each time step accepted once."""

import hmac
from datetime import datetime
from io import BytesIO
from typing import Any, cast
from uuid import UUID

import pyotp
import segno
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation import vault
from foundation.errors import Refused
from foundation.ids import new_id
from identity.models import Person, RecoveryCode, TotpFactor
from identity.rules import Author, plain_digits

STEP_SECONDS = 30
DIGITS = 6
ISSUER = "Duly"


def begin(session: Session, person: Person) -> str:
    """Return the secret to enrol: a new one, or the one that still waits to be confirmed.

    Raises Refused once a factor is confirmed, since a confirmed secret is never shown again.
    """
    factor = find_factor(session, person.id)
    if factor is not None and factor.confirmed_at is not None:
        raise Refused("An authenticator app is set up already.")
    if factor is not None:
        return _secret_of(factor)
    secret, factor_id = pyotp.random_base32(), new_id()
    sealed = vault.seal(secret.encode(), context=f"totp|{person.id}")
    session.add(TotpFactor(id=factor_id, person_id=person.id, secret_sealed=sealed, last_step=0))
    session.flush()
    return secret


def pending_secret(session: Session, person_id: UUID) -> str | None:
    """Return the secret that waits to be confirmed, or None."""
    factor = find_factor(session, person_id)
    if factor is None or factor.confirmed_at is not None:
        return None
    return _secret_of(factor)


def is_enrolled(session: Session, person_id: UUID) -> bool:
    """Return whether a person has a confirmed authenticator app."""
    factor = find_factor(session, person_id)
    return factor is not None and factor.confirmed_at is not None


def confirm(session: Session, code: str, *, by: Author, at: datetime) -> bool:
    """Accept the first code of a new app, which puts the factor into force."""
    factor = find_factor(session, by.person_id)
    if factor is None or factor.confirmed_at is not None:
        return False
    step = _step_of(factor, code, at)
    waiting = (TotpFactor.id == factor.id, TotpFactor.confirmed_at.is_(None))
    if step is None or not _advance(session, waiting, step, confirmed_at=at):
        return False
    subject = ("person", by.person_id)
    record(session, at=at, actor=by.actor, action=Action.TOTP_ENROL, subject=subject)
    return True


def check(session: Session, person_id: UUID, code: str, *, at: datetime) -> bool:
    """Accept a code of this or the last time step, each step once; count the try before."""
    factor = find_factor(session, person_id)
    if factor is None or factor.confirmed_at is None:
        return False
    step = _step_of(factor, code, at)
    if step is None:
        return False
    return _advance(session, (TotpFactor.id == factor.id, TotpFactor.last_step < step), step)


def forget_pending(session: Session, person_id: UUID) -> None:
    """Take away an app that waits to be confirmed: another second factor was chosen."""
    waiting = (TotpFactor.person_id == person_id, TotpFactor.confirmed_at.is_(None))
    session.execute(delete(TotpFactor).where(*waiting))


def remove_app(session: Session, person_id: UUID) -> None:
    """Take the app away; the recovery codes stay, for the factor that is left."""
    session.execute(delete(TotpFactor).where(TotpFactor.person_id == person_id))


def remove(session: Session, person_id: UUID) -> None:
    """Take the app and the recovery codes away, so that both are set up anew."""
    remove_app(session, person_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def address(secret: str, email: str) -> str:
    """Return the otpauth address an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, email: str) -> str:
    """Return the QR code as SVG text, for a route of its own: the policy forbids data addresses."""
    drawing = BytesIO()
    code = segno.make(address(secret, email), error="m")
    code.save(drawing, kind="svg", scale=5, dark="#000", light="#fff", xmldecl=False)
    return drawing.getvalue().decode()


def find_factor(session: Session, person_id: UUID) -> TotpFactor | None:
    """Return a person's factor, confirmed or not, or None."""
    return session.scalars(select(TotpFactor).where(TotpFactor.person_id == person_id)).first()


def _secret_of(factor: TotpFactor) -> str:
    return vault.unseal(factor.secret_sealed, context=f"totp|{factor.person_id}").decode()


def _step_of(factor: TotpFactor, code: str, at: datetime) -> int | None:
    """Return the time step a code belongs to: this one or the one before."""
    digits = plain_digits(code)
    if len(digits) != DIGITS:
        return None
    app, now = pyotp.TOTP(_secret_of(factor)), int(at.timestamp()) // STEP_SECONDS
    fitting = [s for s in (now, now - 1) if hmac.compare_digest(app.generate_otp(s), digits)]
    return fitting[0] if fitting else None


def _advance(session: Session, where: tuple[Any, ...], step: int, **values: datetime) -> bool:
    statement = update(TotpFactor).where(*where).values(last_step=step, **values)
    done = session.execute(statement.execution_options(synchronize_session="fetch"))
    return cast("CursorResult[Any]", done).rowcount == 1
