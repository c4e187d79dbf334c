"""What is kept: kinds of records, how many there are, why, and until when. Every number counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from audit.models import Entry, Words
from evidence.hold_models import LegalHold
from evidence.models import Evidence
from foundation.db import Model
from identity.models import ApiToken, FeedToken, Invitation, Person, WebSession
from mail.models import Letter
from operations.retention.due import count_due
from organisation.queries import find_settings
from organisation.retention import RULES, Kept, lengths
from reports.models import Report
from vendors.models import Contact, Vendor

KINDS: Mapping[Kept, tuple[LazyString, LazyString]] = {
    Kept.EVIDENCE: (
        _l("Evidence files"),
        _l(
            "They prove what was answered. Counted from the last day a file is good for; one "
            "without a last day from when its vendor is archived. Then its key is destroyed: the "
            "record stays, the file cannot be read by anybody. Files of a contract in force stay."
        ),
    ),
    Kept.VENDORS: (
        _l("Archived vendors"),
        _l(
            "With their questionnaires and answers, reviews and decisions, contracts, notes and "
            "files: they show that due diligence was done. Counted from when the vendor was "
            "archived. Then everything goes but its reference and the fingerprints of its reports."
        ),
    ),
    Kept.REPORTS: (
        _l("Issued reports"),
        _l(
            "They say what was known when it was decided, with the names as they were then. Never "
            "shorter than vendors and evidence. Then words and pages go; the fingerprint stays, so "
            "that a paper can be verified for ever."
        ),
    ),
    Kept.CONTACTS: (
        _l("People of vendors"),
        _l(
            "Counted from when they act for no vendor any more. Then name and address go; what "
            "they answered stays without a name."
        ),
    ),
    Kept.SESSIONS: (
        _l("Sign-ins and links"),
        _l("They show who was in the house lately. Counted from their end."),
    ),
    Kept.LETTERS: (
        _l("Sent mail"),
        _l("To see what was told to whom. Then address, name and subject go."),
    ),
    Kept.TOKENS: (
        _l("Ended tokens and calendar feeds"),
        _l("To see what a program could do. Counted from their end."),
    ),
    Kept.BACKUPS: (
        _l("Backups"),
        _l(
            "They lie outside of Duly, and what was erased here is still in those made before. "
            "Whoever keeps them deletes them after this time."
        ),
    ),
}
"""How each kind is called, and why it is kept so long."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of record: how many there are, for how long, and how many go tonight."""

    what: str
    why: str
    count: int | None
    """None for what lies outside of Duly."""
    months: int | None
    """None for what has no end."""
    due: int = 0


def rows(session: Session, at: datetime) -> list[Row]:
    """Return what is kept by rule, and what is kept for ever."""
    stored = find_settings(session)
    months = lengths(stored.retention_months if stored else {})
    ruled = [
        Row(
            what=str(KINDS[kind][0]),
            why=str(KINDS[kind][1]),
            count=_count(session, kind),
            months=months[kind],
            due=count_due(session, kind, months[kind], at),
        )
        for kind in RULES
    ]
    return [*ruled, *_for_ever(session)]


def is_in_force(session: Session) -> bool:
    """Say whether somebody has saved the rules: before that nothing goes by them."""
    stored = find_settings(session)
    return stored is not None and bool(stored.retention_months)


def holds(session: Session) -> int:
    """Return how many legal holds stand."""
    return _of(session, LegalHold, LegalHold.lifted_at.is_(None))


def erased(session: Session) -> list[tuple[str, int]]:
    """Return what was erased until now, by kind."""
    return [
        (str(_l("People")), _of(session, Person, Person.erased_at.is_not(None))),
        (str(_l("Vendors")), _of(session, Vendor, Vendor.erased_at.is_not(None))),
        (str(_l("Evidence files")), _of(session, Evidence, Evidence.erased_at.is_not(None))),
        (str(_l("Ledger entries without words")), _of(session, Words, Words.words.is_(None))),
    ]


def _for_ever(session: Session) -> list[Row]:
    return [
        Row(
            what=str(_l("Ledger")),
            why=str(
                _l(
                    "Who did what, and when, under pseudonyms: it would not hold if entries could "
                    "be taken out. Downloads and refused attempts are entries too. Words in it go "
                    "with the person or vendor they are about; the network address stays."
                )
            ),
            count=_of(session, Entry),
            months=None,
        ),
        Row(
            what=str(_l("Our people")),
            why=str(_l("Until they are erased by hand, after they have left.")),
            count=_of(session, Person, Person.erased_at.is_(None)) - _count_contacts(session),
            months=None,
        ),
    ]


def _count(session: Session, kind: Kept) -> int | None:
    counted = _TABLES.get(kind)
    return counted(session) if counted else None


def _count_contacts(session: Session) -> int:
    theirs = select(Contact.person_id)
    return _of(session, Person, Person.erased_at.is_(None), Person.id.in_(theirs))


def _of(session: Session, table: type[Model], *conditions: ColumnElement[Any]) -> int:
    counted = select(func.count()).select_from(table).where(*conditions)
    return session.scalar(counted) or 0


_TABLES: Mapping[Kept, Callable[[Session], int]] = {
    Kept.EVIDENCE: lambda session: _of(session, Evidence, Evidence.erased_at.is_(None)),
    Kept.VENDORS: lambda session: _of(
        session, Vendor, Vendor.archived_at.is_not(None), Vendor.erased_at.is_(None)
    ),
    Kept.REPORTS: lambda session: _of(session, Report, Report.file_sealed.is_not(None)),
    Kept.CONTACTS: _count_contacts,
    Kept.SESSIONS: lambda session: _of(session, WebSession) + _of(session, Invitation),
    Kept.LETTERS: lambda session: _of(session, Letter),
    Kept.TOKENS: lambda session: _of(session, ApiToken) + _of(session, FeedToken),
}
