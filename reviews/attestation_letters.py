"""The letter with which a vendor is asked whether anything has changed, and its reminders."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from foundation.links import absolute
from identity import invitations
from identity.queries import get_person
from identity.rules import Purpose
from mail.commands import queue
from mail.letters import Text, compose
from organisation.queries import name_of_organisation
from questionnaires.rules import days_of_link
from reviews.attestation_models import Attestation
from reviews.attestation_queries import Speaker


def asking(
    session: Session,
    attestation: Attestation,
    vendor: str,
    speaker: Speaker,
    *,
    today: date,
    at: datetime,
) -> None:
    """Mail the question to whoever speaks for a vendor, with a link to it."""
    _, token = invitations.invite(
        session,
        get_person(session, speaker.person_id),
        purpose=Purpose.VENDOR_ENTRY,
        for_id=attestation.id,
        at=at,
        days=days_of_link(attestation.due_on, today),
    )
    days = (attestation.since_on, attestation.due_on)
    queue(
        session,
        dedupe_key=f"attestation:{attestation.id}:asked:{speaker.email}",
        kind="attestation",
        to=(speaker.email, speaker.name),
        text=text_of(session, vendor, speaker.name, days, link=link_of(token)),
        at=at,
        about_id=attestation.vendor_id,
    )


def text_of(
    session: Session,
    vendor: str,
    name: str,
    days: tuple[date, date],
    *,
    link: str,
    step: str = "asked",
) -> Text:
    """Return what the letter says; `days` are since when is asked, and until when."""
    return compose(
        "attestation",
        org=name_of_organisation(session),
        vendor=vendor,
        name=name,
        since_on=days[0],
        due_on=days[1],
        step=step,
        link=link,
    )


def link_of(token: str) -> str:
    """Return the address a vendor's person opens."""
    return absolute(invitations.path(Purpose.VENDOR_ENTRY, token))
