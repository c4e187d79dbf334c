"""Erasing a person: what would go, what stays and why, and doing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from accounts.commands import disable_staff
from accounts.models import RoleGrant, Staff, UnitGrant
from accounts.queries import find_staff
from audit.actions import Action
from audit.commands import record
from audit.erasing import count_words_naming, forget_words_naming, pass_for_erasing
from audit.models import Entry
from evidence.holds import is_any_held
from foundation.errors import Refused
from identity import erasing as identity
from identity.models import Person
from identity.rules import ERASED_NAME, Author
from mail import erasing as mail
from operations import mentions
from operations.leaving_commands import count_of
from questionnaires.answer_models import Submission
from questionnaires.hand_over import has_open_work
from reminders.models import DigestDay, Snooze
from reports.models import Report
from reviews.attestation_models import Attestation
from vendors.import_models import ImportDraft
from vendors.inventory_models import SavedView
from vendors.models import Contact, VendorGrant
from vendors.search_index import refresh

OWN = (RoleGrant, UnitGrant, SavedView, ImportDraft, DigestDay, VendorGrant, Snooze)
"""What is a person's alone and nobody else's record."""
DOORS = frozenset(table.__tablename__ for table in (*OWN, *identity.DOORS)) | {"invitation"}


@dataclass(frozen=True, slots=True)
class Line:
    """How many of something, and why it stays; no reason where it goes."""

    what: str
    count: int | None
    """None where every text there is would have to be read for it, and nobody asked yet."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What erasing a person would do."""

    goes: tuple[Line, ...]
    stays: tuple[Line, ...]
    refusal: str
    """Why it cannot be done now, with the way out; empty when it can."""

    @property
    def is_counted(self) -> bool:
        """Whether texts in which the name stands were counted, too."""
        return all(line.count is not None for line in (*self.goes, *self.stays))


def plan_of(
    session: Session,
    person: Person,
    counts: Mapping[str, int],
    *,
    by: Author,
    at: datetime,
    with_texts: bool = False,
) -> Plan:
    """Return what erasing a person would do; nothing is changed.

    `counts` are all rows that name them, by table (`counts_of`). `with_texts` reads every text for
    their name, which takes seconds where there are many.
    """
    refusal = refusal_to_erase(session, person, by=by, at=at)
    found = _texts_naming(session, person) if with_texts else _Texts()
    return Plan(
        _goes(session, person, counts, found), _stays(session, person, counts, found), refusal
    )


def refusal_to_erase(session: Session, person: Person, *, by: Author, at: datetime) -> str:
    """Return why a person cannot be erased now; empty when they can."""
    if person.erased_at is not None:
        return str(_("This person was erased already."))
    if person.id == by.person_id:
        return str(_("This is you. Another administrator can do this."))
    if any(count_of(session, person.id, at).values()):
        return str(_("They have work in hand. Hand it over first: People, They leave."))
    acts_for = select(Contact.vendor_id).where(Contact.person_id == person.id)
    if is_any_held(session, acts_for):
        return str(
            _(
                "A vendor they act for is held for a legal matter. Its people are erased once the "
                "hold is lifted."
            )
        )
    if has_open_work(session, person.id):
        return str(_("They still answer for a vendor. Hand it over first: Contacts, They leave."))
    return ""


def erase(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """Take a person out of everything but what they did, which stays without a name.

    Raises Refused while they have work in hand, for oneself, for the last administrator, and while
    one of their vendors is held.
    """
    refusal = refusal_to_erase(session, person, by=by, at=at)
    if refusal:
        raise Refused(refusal)
    _leave(session, person, by=by, at=at)
    vendor_ids = set(
        session.scalars(select(Contact.vendor_id).where(Contact.person_id == person.id))
    )
    words = _words_of(person)
    letters = mail.forget_address(
        session, person.email, instead=words[person.email], name=ERASED_NAME
    )
    with pass_for_erasing(session):
        _unsign(session, person)
        values = mentions.take_out(session, words)
    entries = forget_words_naming(session, words)
    for table in OWN:
        session.execute(delete(table).where(table.person_id == person.id))
    identity.empty(session, person, at=at)
    refresh(session.connection(), vendor_ids)
    told: dict[str, object] = {
        "letters": letters.waiting + letters.over,
        "values": values,
        "entries": entries,
    }
    subject = ("person", person.id)
    record(session, at=at, actor=by.actor, action=Action.PERSON_ERASE, subject=subject, detail=told)


def _leave(session: Session, person: Person, *, by: Author, at: datetime) -> None:
    """End their places, of ours and of vendors."""
    if find_staff(session, person.id) is not None:
        disable_staff(session, person, by=by, at=at)
        mine = update(Staff).where(Staff.person_id == person.id)
        session.execute(mine.values(job_title="", left_at=func.coalesce(Staff.left_at, at)))
    for contact in session.scalars(select(Contact).where(Contact.person_id == person.id)):
        contact.removed_at = contact.removed_at or at
        contact.job_title, contact.duties, contact.is_primary = "", [], False
    session.flush()


def _unsign(session: Session, person: Person) -> None:
    """Take the name they signed declarations with; the declaration stays, with its moment."""
    signed = update(Submission).where(Submission.by_id == person.id)
    session.execute(signed.values(declared_name=ERASED_NAME, declared_role=""))
    attested = update(Attestation).where(Attestation.declared_by_id == person.id)
    session.execute(attested.values(declared_name=ERASED_NAME, declared_role=""))


def _words_of(person: Person) -> dict[str, str]:
    """Return what is taken out of other people's words, and what stands there instead."""
    return {person.email: identity.address_of(person.id), person.name: ERASED_NAME}


@dataclass(frozen=True, slots=True)
class _Texts:
    """How many texts name somebody; None where nobody counted."""

    replaced: int | None = None
    emptied: int | None = None
    said: int | None = None


def _texts_naming(session: Session, person: Person) -> _Texts:
    words = _words_of(person)
    return _Texts(
        mentions.count(session, words),
        count_words_naming(session, words),
        mentions.count_said(session, words),
    )


def _goes(
    session: Session, person: Person, counts: Mapping[str, int], found: _Texts
) -> tuple[Line, ...]:
    letters = mail.letters_to(session, person.email)
    doors = sum(count for name, count in counts.items() if name in DOORS)
    return (
        Line(str(_("Name and e-mail address")), 1),
        Line(
            str(_("Sign-ins, links, second factors, tokens, feeds, roles and saved views")), doors
        ),
        Line(str(_("Letters that wait and will not be sent")), letters.waiting),
        Line(str(_("Letters that lose their address, name and subject")), letters.over),
        Line(str(_("Texts in which the name or the address is replaced")), found.replaced),
        Line(str(_("Entries of the ledger whose words are emptied")), found.emptied),
    )


def _stays(
    session: Session, person: Person, counts: Mapping[str, int], found: _Texts
) -> tuple[Line, ...]:
    records = sum(count for name, count in counts.items() if name not in DOORS)
    of_vendors = select(Contact.vendor_id).where(Contact.person_id == person.id)
    named = or_(Report.vendor_id.in_(of_vendors), Report.requested_by_id == person.id)
    reports = select(func.count()).select_from(Report).where(named, Report.file_sha256.is_not(None))
    acts = select(func.count()).select_from(Entry).where(Entry.actor_id == person.actor_id)
    return (
        Line(
            str(_("Records of what they did")),
            records,
            str(_("What was answered, judged and decided has to stay; it names nobody any more.")),
        ),
        Line(
            str(_("Entries of the ledger")),
            session.scalar(acts) or 0,
            str(_("It may not be changed. It holds a pseudonym that leads to nobody then.")),
        ),
        Line(
            str(_("Issued reports that may name them")),
            session.scalar(reports) or 0,
            str(
                _(
                    "What was issued is proof and is never made again; it goes with the rule for "
                    "issued reports."
                )
            ),
        ),
        Line(
            str(_("Answers with the name in their text")),
            found.said,
            str(_("An answer stays word for word as it was declared true.")),
        ),
    )
