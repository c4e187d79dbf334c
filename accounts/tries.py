"""Tries at the staff door: each is counted before anything is checked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import alarms
from accounts.models import Staff
from accounts.queries import must_use_work_account
from accounts.sign_in_commands import note_failure
from accounts.signin import is_known_browser
from foundation import clock, request_facts
from foundation.csrf import browser_secret
from foundation.db import database, side_write
from foundation.errors import Refused
from identity import limits, passwords
from identity.addresses import canonical
from identity.models import Person

WINDOW = timedelta(minutes=15)
A_DAY = timedelta(days=1)
TRIES_OF_ADDRESS = 60
"""From one network address: a whole office may stand behind it."""
TRIES_OF_EVERYBODY = 600
"""Of all unknown browsers together, however many places they stand in."""
TRIES_OF_BROWSER = 10
"""On one account from one place; a browser that has signed in before has its own ten, so an
outsider who uses them up locks nobody out."""
TRIES_A_DAY_FROM_ONE_PLACE = 50
TRIES_A_DAY = 100
"""On one account by all unknown browsers: NIST SP 800-63B, 3.2.2 names a hundred."""
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


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of tries, and whether it is shared by many people."""

    key: str
    capacity: int
    per: timedelta
    is_of_many: bool = False

    def take_from(self, session: Session) -> bool:
        """Count one try and return whether it was allowed."""
        return limits.take(session, self.key, capacity=self.capacity, per=self.per)


def knock(email: str, password: str) -> Knock:
    """Count a try and check a password; raises TooMany, or Refused with one sentence for all.

    No transaction is open while the password is hashed.
    """
    address = _address_or_text(email)
    _count_password_try(address)
    person_id, known = _password_of(address)
    if not passwords.verify(known, password) or person_id is None or known is None:
        _note(person_id, address, "password")
        raise Refused(WRONG_PASSWORD, where="password")
    renewed = passwords.hash(password) if passwords.is_outdated(known) else None
    return Knock(person_id, address, renewed)


def refuse_but_work_account(person_id: UUID) -> None:
    """Refuse somebody whose password was right and who has to come by work account."""
    with database().reading() as reading:
        is_shut = must_use_work_account(reading, person_id)
    if is_shut:
        with side_write() as apart:
            note_failure(apart, person_id, "work_account_only", at=clock.now())
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
    _count(Bucket(f"code|{person_id}", TRIES_OF_CODE, WINDOW), where="code")


def count_link_try() -> None:
    """Count a try at a link, by network address. Raises TooMany."""
    _count(_of_place("link"), where="password")


def count_passkey_try() -> None:
    """Count a try with a passkey, by network address. Raises TooMany."""
    _count(_of_place("passkey"), where="credential")


def count_sign_on_try() -> None:
    """Count a way to the provider of work accounts, or back, by network address. Raises TooMany."""
    _count(_of_place("sign-on", 2 * TRIES_OF_ADDRESS))


def note_failed_sign_on(person_id: UUID | None, why: str) -> None:
    """Keep a work account that was refused in the ledger, and what was wrong with it."""
    _note(person_id, "", f"work_account_{why}")


def note_wrong_passkey(person_id: UUID | None, why: str) -> None:
    """Keep a passkey that was refused in the ledger, and what was wrong with it."""
    _note(person_id, "", f"passkey_{why}")


def note_wrong_code(person_id: UUID, email: str) -> None:
    """Keep a wrong code in the ledger."""
    _note(person_id, email, "code")


def _of_place(what: str, capacity: int = TRIES_OF_ADDRESS) -> Bucket:
    return Bucket(f"{what}|{request_facts.place()}", capacity, WINDOW)


def _count(bucket: Bucket, where: str = "") -> None:
    """Count a try against one bucket, apart from the request. Raises TooMany."""
    with side_write() as apart:
        is_allowed = bucket.take_from(apart)
    if not is_allowed:
        raise TooMany(TOO_MANY, where=where)


def _count_password_try(address: str) -> None:
    with side_write() as apart:
        # The next bucket is only touched by whoever the one before let through.
        empty = next((each for each in _buckets(address) if not each.take_from(apart)), None)
        if empty is not None and empty.is_of_many:
            alarms.note_flood(apart, empty.key.partition("|")[0], at=clock.now(), per=WINDOW)
    if empty is not None:
        raise TooMany(TOO_MANY, where="password")


def _buckets(address: str) -> tuple[Bucket, ...]:
    place = request_facts.place()
    of_place = Bucket(f"ip|{place}", TRIES_OF_ADDRESS, WINDOW, is_of_many=True)
    if is_known_browser(address):
        mine = f"browser|{address}|{browser_secret()}"
        return of_place, Bucket(mine, TRIES_OF_BROWSER, WINDOW)
    return (
        of_place,
        Bucket("everybody", TRIES_OF_EVERYBODY, WINDOW, is_of_many=True),
        Bucket(f"both|{place}|{address}", TRIES_OF_BROWSER, WINDOW),
        Bucket(f"both-a-day|{place}|{address}", TRIES_A_DAY_FROM_ONE_PLACE, A_DAY),
        Bucket(f"account|{address}", TRIES_A_DAY, A_DAY),
    )


def _address_or_text(email: str) -> str:
    try:
        return canonical(email)
    except Refused:
        # No account has it, but it is counted and looked up like one: a database takes no noughts.
        return "".join(char for char in email.strip().lower() if char.isprintable())


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


def _note(person_id: UUID | None, address: str, step: str) -> None:
    at = clock.now()
    with side_write() as apart:
        note_failure(apart, person_id, step, at=at)
        alarms.note_wrong(apart, address, person_id, at=at)
