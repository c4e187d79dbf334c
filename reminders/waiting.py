"""Waiting: what lies with vendors now, whom we write to about it, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from identity.models import Person
from mail.rules import Stoppable
from mail.stopping import stopped_by
from questionnaires.answer_models import Clarification
from questionnaires.models import Assessment
from reminders import standing
from reminders.ladders import Kind
from reminders.rules import Window
from reviews.attestation_models import Attestation
from reviews.attestation_queries import speakers_of
from vendors.models import Contact, Vendor

NUDGE, DEADLINE = Stoppable.NUDGE.value, "deadline"
"""The kinds of the letters: before the last day, and from it on."""
Stops = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Answers, or a word whether anything has changed, that a vendor owes."""

    kind: Kind = Kind.ANSWERS
    subject_id: UUID
    reference: str
    window: Window
    vendor_id: UUID
    vendor: str
    person_id: UUID
    name: str
    email: str
    look_on: date | None
    since_on: date | None = None
    """Since when anything may have changed, where that is what was asked."""


def all_waiting(session: Session, zone: str, looked_by: date | None = None) -> list[Waiting]:
    """Return everything that vendors hold, or of it what is to be looked at by a day."""
    return [
        *answers_waiting(session, zone, looked_by),
        *words_waiting(session, zone, looked_by),
    ]


def answers_waiting(session: Session, zone: str, looked_by: date | None) -> list[Waiting]:
    """Return assessments that vendors hold, by due date.

    A window begins with the sending, or anew with the last question asked back.
    """
    asked_back = (
        select(func.max(Clarification.sent_at))
        .where(Clarification.assessment_id == Assessment.id)
        .scalar_subquery()
    )
    chosen = (
        select(Assessment.id, Assessment.reference, Assessment.sent_at, Assessment.due_on)
        .add_columns(Assessment.remind_on, Vendor.id, Vendor.name)
        .add_columns(Person.id, Person.name, Person.email, asked_back)
        .join(Vendor, Vendor.id == Assessment.vendor_id)
        .join(Contact, Contact.id == Assessment.contact_id)
        .join(Person, Person.id == Contact.person_id)
        .where(standing.is_awaited(), Contact.removed_at.is_(None))
        .where(Person.disabled_at.is_(None), *_looked(Assessment.remind_on, looked_by))
    )
    # Sorted here: an order in the statement would be read off another index, all of it.
    rows = sorted((tuple(row) for row in session.execute(chosen)), key=itemgetter(3, 0))
    stops = stopped_by(session, {row[9] for row in rows}) if rows else {}
    return [_answers(row, zone, stops) for row in rows]


def words_waiting(session: Session, zone: str, looked_by: date | None) -> list[Waiting]:
    """Return change attestations that vendors owe, by due date; whoever speaks for them now."""
    chosen = (
        select(Attestation, Vendor)
        .join(Vendor, Vendor.id == Attestation.vendor_id)
        .where(standing.is_word_awaited(), Vendor.archived_at.is_(None))
        .where(*_looked(Attestation.remind_on, looked_by))
    )
    rows = sorted(session.execute(chosen), key=lambda row: (row[0].due_on, row[0].id))
    speakers = speakers_of(session, [vendor.id for _, vendor in rows])
    stops = stopped_by(session, {each.email for each in speakers.values()}) if speakers else {}
    return [
        Waiting(
            kind=Kind.WORD,
            subject_id=one.id,
            reference=vendor.reference,
            window=_window(one.asked_at, one.due_on, zone, stops, speaker.email),
            vendor_id=vendor.id,
            vendor=vendor.name,
            person_id=speaker.person_id,
            name=speaker.name,
            email=speaker.email,
            look_on=one.remind_on,
            since_on=one.since_on,
        )
        for one, vendor in rows
        if (speaker := speakers.get(vendor.id)) is not None
    ]


def _looked(column: Any, looked_by: date | None) -> list[ColumnElement[bool]]:  # noqa: ANN401  a column
    return [] if looked_by is None else [column <= looked_by]


def _window(sent_at: datetime, due_on: date, zone: str, stops: Stops, email: str) -> Window:
    is_quiet = NUDGE in stops.get(email, frozenset())
    return Window(sent_at.astimezone(ZoneInfo(zone)), due_on, is_quiet=is_quiet)


def _answers(row: tuple[Any, ...], zone: str, stops: Stops) -> Waiting:
    subject_id, reference, sent_at, due_on, look_on, vendor_id, vendor, *person, asked_at = row
    person_id, name, email = person
    return Waiting(
        subject_id=subject_id,
        reference=reference,
        window=_window(asked_at or sent_at, due_on, zone, stops, email),
        vendor_id=vendor_id,
        vendor=vendor,
        person_id=person_id,
        name=name,
        email=email,
        look_on=look_on,
    )
