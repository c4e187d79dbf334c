"""Tries at the staff door: each is counted before anything is checked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import request
from sqlalchemy import select

from accounts.models import Staff
from accounts.queries import must_use_work_account
from accounts.sign_in_commands import note_failure
from accounts.signin import is_known_browser
from foundation import clock
from foundation.csrf import browser_secret
from foundation.db import database, side_write
from foundation.errors import Refused
from identity import limits, passwords
from identity.addresses import canonical
from identity.models import Person

WINDOW = timedelta(minutes=15)
TRIES_OF_ADDRESS = 60
"""From one network address: a whole office may stand behind it."""
TRIES_OF_ACCOUNT = 10
"""Shared by all unknown browsers; a browser that has signed in before has its own ten, so an
outsider who uses them up locks nobody out."""
TRIES_OF_CODE = 5

TOO_MANY = "Too many tries. Wait a quarter of an hour, then try again. Nothing is locked for good."
WRONG_PASSWORD = "The address or the password is not right. Check both and try again."  # noqa: S105
WRONG_OLD = "This is not your password of now. Type the one you signed in with."
BY_WORK_ACCOUNT = "You sign in with your work account here. Open the page Sign in and begin there."
WRONG_CODE = "This code is not right, or it was used already. Wait for the next one and type that."


class TooMany(Refused):
    """The bucket of tries is empty."""


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody whose password was right."""

    person_id: UUID
    email: str
    renewed_hash: str | None
    """The password hashed with today's parameters, when the stored hash is older."""


def knock(email: str, password: str) -> Knock:
    """Count a try and check a password; raises TooMany, or Refused with one sentence for all.

    No transaction is open while the password is hashed.
    """
    address = _address_or_text(email)
    _count_password_try(address)
    person_id, known = _password_of(address)
    if not passwords.verify(known, password) or person_id is None or known is None:
        _note(person_id, "password")
        raise Refused(WRONG_PASSWORD, where="password")
    renewed = passwords.hash(password) if passwords.is_outdated(known) else None
    return Knock(person_id, address, renewed)


def refuse_but_work_account(person_id: UUID) -> None:
    """Refuse somebody whose password was right and who has to come by work account."""
    with database().reading() as reading:
        is_shut = must_use_work_account(reading, person_id)
    if is_shut:
        _note(person_id, "work_account_only")
        raise Refused(BY_WORK_ACCOUNT, where="password")


def check_again(email: str, password: str) -> None:
    """Count a try and check the password of somebody who is signed in. Raises as `knock` does."""
    try:
        knock(email, password)
    except TooMany as refusal:
        raise TooMany(str(refusal), where="old") from None
    except Refused:
        raise Refused(WRONG_OLD, where="old") from None


def count_code_try(person_id: UUID) -> None:
    """Count a try at the second factor; a right password does not refill this. Raises TooMany."""
    with side_write() as apart:
        is_allowed = limits.take(apart, f"code|{person_id}", capacity=TRIES_OF_CODE, per=WINDOW)
    if not is_allowed:
        raise TooMany(TOO_MANY, where="code")


def count_link_try() -> None:
    """Count a try at a link, by network address. Raises TooMany."""
    with side_write() as apart:
        key = f"link|{request.remote_addr}"
        is_allowed = limits.take(apart, key, capacity=TRIES_OF_ADDRESS, per=WINDOW)
    if not is_allowed:
        raise TooMany(TOO_MANY, where="password")


def count_passkey_try() -> None:
    """Count a try with a passkey, by network address. Raises TooMany."""
    with side_write() as apart:
        key = f"passkey|{request.remote_addr}"
        is_allowed = limits.take(apart, key, capacity=TRIES_OF_ADDRESS, per=WINDOW)
    if not is_allowed:
        raise TooMany(TOO_MANY, where="credential")


def count_sign_on_try() -> None:
    """Count a way to the provider of work accounts, or back, by network address. Raises TooMany."""
    with side_write() as apart:
        key = f"sign-on|{request.remote_addr}"
        is_allowed = limits.take(apart, key, capacity=2 * TRIES_OF_ADDRESS, per=WINDOW)
    if not is_allowed:
        raise TooMany(TOO_MANY)


def note_failed_sign_on(person_id: UUID | None, why: str) -> None:
    """Keep a work account that was refused in the ledger, and what was wrong with it."""
    _note(person_id, f"work_account_{why}")


def note_wrong_passkey(person_id: UUID | None, why: str) -> None:
    """Keep a passkey that was refused in the ledger, and what was wrong with it."""
    _note(person_id, f"passkey_{why}")


def note_wrong_code(person_id: UUID) -> None:
    """Keep a wrong code in the ledger."""
    _note(person_id, "code")


def _count_password_try(address: str) -> None:
    account = f"account|{address}"
    if is_known_browser(address):
        account = f"browser|{address}|{browser_secret()}"
    buckets = ((f"ip|{request.remote_addr}", TRIES_OF_ADDRESS), (account, TRIES_OF_ACCOUNT))
    with side_write() as apart:
        allowed = [limits.take(apart, key, capacity=n, per=WINDOW) for key, n in buckets]
    if not all(allowed):
        raise TooMany(TOO_MANY, where="password")


def _address_or_text(email: str) -> str:
    try:
        return canonical(email)
    except Refused:
        return email.strip().lower()


def _password_of(address: str) -> tuple[UUID | None, str | None]:
    """Return who may knock and their hash; disabled people and leavers are nobody."""
    at_work = (
        select(Person.id, Person.password_hash)
        .join(Staff, Staff.person_id == Person.id)
        .where(Person.email == address, Person.disabled_at.is_(None), Staff.left_at.is_(None))
    )
    with database().reading() as reading:
        found = reading.execute(at_work).first()
    return (found[0], found[1]) if found else (None, None)


def _note(person_id: UUID | None, step: str) -> None:
    with side_write() as apart:
        note_failure(apart, person_id, step, at=clock.now())
