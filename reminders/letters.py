"""The letters of reminders: a vendor's nudge, and the digest of a member of staff."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from foundation import links
from identity import invitations
from identity.queries import get_person
from identity.rules import Purpose
from mail import commands as mail
from mail.letters import Text, compose
from organisation.queries import day_of, name_of_organisation
from questionnaires.rules import days_of_link
from reminders.digests import DIGEST, Digest
from reminders.ladders import DUTIES
from reminders.nudges import Look
from reminders.rules import PLEASANT, Step
from reminders.waiting import DEADLINE, NUDGE
from reminders.wording import said
from reviews.attestation_letters import text_of as asking_text

CHOICES = "/account/mail"
_NAMES = UUID("c0a58a0e-2a6d-5a37-8a8a-0f6c1c0f6d3b")


def nudge(session: Session, look: Look, at: datetime) -> None:
    """Write the letter of one step to the vendor's person."""
    one, step = look.waiting, look.step
    may_stop = step in PLEASANT
    link = links.absolute(invitations.path(Purpose.VENDOR_ENTRY, _token(session, look, at)))
    mail.post(
        session,
        dedupe_key=f"{one.kind}:{one.subject_id}:{step}-{one.window.due_on}:{one.email}",
        kind=NUDGE if may_stop else DEADLINE,
        to=(one.email, one.name),
        text=_nudge_text(session, look, link),
        at=at,
        about_id=one.vendor_id,
        may_stop=may_stop,
    )


def _nudge_text(session: Session, look: Look, link: str) -> Text:
    one, step = look.waiting, look.step
    if one.since_on is not None:
        days = (one.since_on, one.window.due_on)
        return asking_text(session, one.vendor, one.name, days, link=link, step=str(step))
    return compose(
        "nudge",
        org=name_of_organisation(session),
        name=one.name,
        reference=one.reference,
        due_on=one.window.due_on,
        is_overdue=step is Step.OVERDUE,
        is_last_day=step is Step.LAST_DAY,
        link=link,
    )


def digest(session: Session, one: Digest, at: datetime) -> None:
    """Write one mail with everything that somebody is told on one day."""
    told = "|".join(f"{line.due.subject_id} {line.due.due_on} {line.steps}" for line in one.lines)
    mail.post(
        session,
        # The same day may come twice where a clock was wrong; the same news does not.
        dedupe_key=f"digest:{one.reader.person_id}:{one.day}:{uuid5(_NAMES, told)}",
        kind=DIGEST,
        to=(one.reader.email, one.reader.name),
        text=digest_text(session, one),
        at=at,
        may_stop=any(line.due.kind not in DUTIES for line in one.lines),
    )


def digest_text(session: Session, one: Digest) -> Text:
    """Return what a digest says."""
    return compose(
        "digest",
        org=name_of_organisation(session),
        name=one.reader.name,
        lines=said(one.lines, one.day),
        home=links.absolute("/"),
        choices=links.absolute(CHOICES),
    )


def _token(session: Session, look: Look, at: datetime) -> str:
    one = look.waiting
    purpose, about = Purpose.VENDOR_ENTRY, one.subject_id
    known = invitations.find_live_of(session, one.person_id, purpose, at, for_id=about)
    if known is not None:
        return invitations.token_of(known)
    person = get_person(session, one.person_id)
    days = days_of_link(one.window.due_on, day_of(session, at))
    _, token = invitations.invite(session, person, purpose=purpose, for_id=about, at=at, days=days)
    return token
