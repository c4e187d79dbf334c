"""Letters to colleagues whose turn it is: answers to review, a proposal to sign or sent back."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.queries import StaffRow, list_staff
from accounts.rules import Role
from foundation.links import absolute
from identity.models import Person
from mail.commands import queue
from mail.letters import compose
from mail.rules import Stoppable
from mail.stopping import stopped_by
from organisation.queries import name_of_organisation
from questionnaires.models import Assessment
from reviews import signing
from reviews.decision_models import Decision, SentBack
from reviews.models import Review
from vendors.models import Vendor
from vendors.queries import find_vendor

_PATHS = {
    "sent_back": "/reviews/{}/decide",
    "to_review": "/reviews/{}",
    "to_sign": "/reviews/{}/decide",
}
_REVIEWERS = frozenset({Role.ANALYST, Role.LEAD})


def answers_are_in(
    session: Session, review: Review, assessment: Assessment, *, at: datetime
) -> None:
    """Write to the reviewer, or to every analyst and lead where nobody took the review.

    Whoever sent the questionnaire has a letter of their own from `submit` already.
    """
    staff = list_staff(session)
    taker = [each for each in staff if each.person_id == review.reviewer_id]
    readers = taker or [each for each in staff if each.roles & _REVIEWERS]
    wanted = [each for each in readers if each.person_id != assessment.sent_by_id]
    # Nobody stops what is theirs alone; the call to the whole team may be stopped.
    stops = {} if taker else stopped_by(session, [each.email for each in wanted])
    _write(
        session,
        review,
        [each for each in wanted if Stoppable.TO_REVIEW not in stops.get(each.email, ())],
        may_stop=not taker,
        kind=Stoppable.TO_REVIEW.value,
        key=f"to_review:{assessment.id}:{assessment.round}",
        at=at,
    )


def waits_for_signature(
    session: Session, review: Review, decision: Decision, *, at: datetime
) -> None:
    """Write to everybody whose signature would bring a proposal forward."""
    able = signing.who_help(session, decision, list_staff(session))
    _write(session, review, able, kind="to_sign", key=f"to_sign:{decision.id}", at=at)


def was_sent_back(
    session: Session,
    review: Review,
    sent: SentBack,
    readers: Collection[UUID | None],
    *,
    at: datetime,
) -> None:
    """Write to the reviewer, the proposer and whoever had signed what a signer sent back."""
    staff = [each for each in list_staff(session) if each.person_id in readers]
    sender = session.get_one(Person, sent.person_id).name
    _write(
        session,
        review,
        staff,
        kind="sent_back",
        key=f"sent_back:{sent.decision_id}",
        at=at,
        sender=sender,
        reason=sent.reason,
    )


def _write(  # noqa: PLR0913  every part of a letter is named
    session: Session,
    review: Review,
    readers: Iterable[StaffRow],
    *,
    kind: str,
    key: str,
    at: datetime,
    may_stop: bool = False,
    **told: str,
) -> None:
    vendor = session.get_one(Vendor, review.vendor_id)
    for each in readers:
        if find_vendor(session, each.person_id, vendor.id) is None:
            continue
        text = compose(
            kind,
            org=name_of_organisation(session),
            name=each.name,
            vendor=vendor.name,
            reference=review.reference,
            link=absolute(_PATHS[kind].format(review.id)),
            **told,
        )
        recipient = (each.email, each.name)
        queue(
            session,
            dedupe_key=f"{key}:{each.email}",
            kind=kind,
            to=recipient,
            text=text,
            at=at,
            may_stop=may_stop,
        )
