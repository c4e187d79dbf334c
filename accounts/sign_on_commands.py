"""Work accounts of staff: who is let in by one, linked the first time, and unlinked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts import sign_in_commands
from accounts.commands import refuse_yourself
from accounts.notices import Change, tell
from accounts.queries import place_at_work
from foundation import settings
from foundation.errors import Refused
from identity import sessions, work_accounts
from identity.addresses import canonical
from identity.id_tokens import LEEWAY, Claims, Unsigned
from identity.models import Person
from identity.queries import author_of, find_by_email, get_person
from identity.rules import FRESH_FOR, Author, DoorKind, SessionStage
from identity.sign_on_models import WorkAccount

NOT_LET_IN = (
    "Your work account is not let in here. Ask an administrator: they can add you, let you in "
    "again, or unlink an older work account of yours."
)
NOT_VERIFIED = (
    "Your organisation does not say that it has checked the e-mail address of your work account, "
    "so it cannot be linked. Ask whoever looks after the work accounts."
)


class NotLetIn(Unsigned):
    """The provider knows somebody, and nobody here may come in by that."""

    def __init__(self, why: str, person_id: UUID | None, sentence: str = NOT_LET_IN) -> None:
        super().__init__(why, sentence)
        self.person_id = person_id


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody whose work account is theirs, and what they have shown."""

    person: Person
    proved_at: datetime | None
    """When they showed two factors to the provider; None where ours is still to come."""


def admit(session: Session, claims: Claims, *, browser: str, at: datetime) -> Admitted:
    """Return whose work account it is; the first time it is linked by its checked address.

    Nobody is added by it, and no role comes from it. Raises NotLetIn, Unsigned.
    """
    account = work_accounts.find(session, claims.issuer, claims.subject)
    if account is None:
        account = _link(session, claims, browser=browser, at=at)
    person = get_person(session, account.person_id)
    _refuse_outsider(session, person)
    work_accounts.use(session, account, by=author_of(session, person.id), at=at)
    return Admitted(person, _two_factors_at(claims, at))


def open_door(session: Session, admitted: Admitted, *, at: datetime) -> tuple[str, bool]:
    """Return a token and whether a second factor exists: half-way, but where two were shown."""
    person_id, proved_at = admitted.person.id, admitted.proved_at
    if proved_at is None:
        return sign_in_commands.open_half_way(session, person_id, at=at)
    token = sessions.start(
        session,
        person_id,
        door=DoorKind.STAFF,
        stage=SessionStage.FULL,
        at=at,
        proved_at=proved_at,
    )
    return token, True


def unlink(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Unlink somebody's work account, sign them out, and say so. Raises Refused for oneself."""
    refuse_yourself(person, by)
    work_accounts.unlink(session, person.id, by=by, at=at)
    sessions.end_all(session, person.id, at)
    tell(session, person, Change.WORK_ACCOUNT_UNLINKED, browser="", at=at)


def _link(session: Session, claims: Claims, *, browser: str, at: datetime) -> WorkAccount:
    """Link an account the provider has not named before to whoever has its address."""
    if not claims.is_email_verified:
        raise NotLetIn("unverified", None, NOT_VERIFIED)
    try:
        address = canonical(claims.email)
    except Refused:
        raise NotLetIn("address", None) from None
    if not claims.email.isascii():  # what only looks like an address of ours is another mailbox
        raise NotLetIn("address", None)
    domain = settings.current().oidc_domain
    if domain and address.rpartition("@")[2] != domain:
        raise NotLetIn("domain", None)
    person = find_by_email(session, address)
    if person is None:
        raise NotLetIn("unknown", None)
    by = author_of(session, person.id)
    try:
        account = work_accounts.link(session, person, claims, by=by, at=at)
    except Unsigned as refusal:
        raise NotLetIn(refusal.why, by.person_id) from None
    tell(session, person, Change.WORK_ACCOUNT_LINKED, named=address, browser=browser, at=at)
    return account


def _refuse_outsider(session: Session, person: Person) -> None:
    is_shut = person.disabled_at is not None or person.erased_at is not None
    if is_shut or place_at_work(session, person.id) is None:
        raise NotLetIn("person", person.id)


def _two_factors_at(claims: Claims, at: datetime) -> datetime | None:
    """Return when the provider saw two factors, where its word for that is set and is fresh."""
    words = {word.strip() for word in settings.current().oidc_second_factor.split(",")} - {""}
    shown = claims.authenticated_at
    if not words & claims.factors or shown is None:
        return None
    if not at - FRESH_FOR - LEEWAY <= shown <= at + LEEWAY:
        return None
    return min(shown, at)
