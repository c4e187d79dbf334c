"""Things with dates for every vendor, none of them due; and forty that are, made anew each day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from audit.actions import ActorKind
from contracts.models import Contract
from contracts.rules import ContractState
from evidence.models import Evidence
from evidence.rules import EvidenceKind, ScanState
from foundation.ids import new_id
from identity.invitations import invite
from identity.queries import get_person
from identity.rules import Purpose
from questionnaires.models import LOOK_AT_ONCE, Assessment
from questionnaires.rules import AssessmentState
from reviews.models import Finding, Review
from reviews.rules import FindingState, ReviewState, Severity
from vendors.models import Contact, Vendor
from vendors.rules import VendorState, Visibility

FIRST_DAY = date(2029, 3, 1)
FAR = date(2034, 1, 1)
IN_ONE = 10_000
OF_EACH = 10
"""Of each of four kinds: nudges, proof, findings, notices."""


def spread(session: Session, owner_id: UUID, assessment: Assessment) -> None:
    """Give every vendor a file, a contract, a finding and an assessment that are not due."""
    of_vendors = [UUID(str(each)) for each in session.scalars(select(Vendor.id))]
    cleared = {"state": VendorState.ACTIVE, "cleared_by": new_id(), "cleared_on": FIRST_DAY}
    session.execute(update(Vendor).values(**cleared, next_review_on=FAR))
    for start in range(0, len(of_vendors), IN_ONE):
        some = of_vendors[start : start + IN_ONE]
        reviews = [_review(each) for each in some]
        session.execute(insert(Review), reviews)
        session.execute(insert(Evidence), [_file(each, FAR) for each in some])
        session.execute(insert(Contract), [_contract(each, FAR) for each in some])
        session.execute(insert(Finding), [_finding(each, FAR, owner_id) for each in reviews])
        sent = (_assessment(each, assessment, FAR) for each in some)
        session.execute(insert(Assessment), [{**each, "remind_on": FAR} for each in sent])


def due_today(
    session: Session, day: date, owner_id: UUID, assessment: Assessment, of_each: int = OF_EACH
) -> None:
    """Make things that are due on a day: for each letter to a vendor three lines of digests."""
    wanted = select(Vendor.id).order_by(Vendor.name_key.desc(), Vendor.id).limit(of_each)
    some = list(session.scalars(wanted))
    review_ids = session.execute(
        select(Review.id, Review.vendor_id).where(Review.vendor_id.in_(some))
    )
    reviews = [{"id": row[0], "vendor_id": row[1]} for row in review_ids]
    session.execute(insert(Evidence), [_file(each, day) for each in some])
    session.execute(insert(Contract), [_contract(each, day + timedelta(days=7)) for each in some])
    late = day - timedelta(days=8)
    session.execute(insert(Finding), [_finding(each, late, owner_id) for each in reviews])
    # What yesterday's vendors did not answer would come due again.
    over = update(Assessment).where(Assessment.remind_on != FAR)
    session.execute(over.values(state=AssessmentState.WITHDRAWN))
    sent = [_assessment(each, assessment, day + timedelta(days=4)) for each in some]
    session.execute(insert(Assessment), sent)
    contact = session.get_one(Contact, assessment.contact_id)
    person = get_person(session, contact.person_id)
    for each in sent:
        invite(
            session,
            person,
            purpose=Purpose.VENDOR_ENTRY,
            for_id=each["id"],
            at=moment(day) - timedelta(days=10),
            days=60,
        )


def moment(day: date) -> datetime:
    """Return the middle of a day."""
    return datetime.combine(day, time(12), UTC)


def days() -> Iterator[date]:
    """Yield the days of the measurement, one after the other."""
    day = FIRST_DAY
    while True:
        yield day
        day += timedelta(days=1)


def _file(vendor_id: UUID, until: date) -> dict[str, Any]:
    return {
        "id": new_id(),
        "version": 1,
        "reference": f"E-{new_id()}",
        "vendor_id": vendor_id,
        "object_id": new_id(),
        "title": "A certificate",
        "kind": EvidenceKind.OTHER,
        "original_name": "certificate.pdf",
        "media_type": "application/pdf",
        "size": 1,
        "sha256": b"s",
        "kek_id": "k",
        "wrapped_dek": b"w",
        "row_mac": b"m",
        "scan_state": ScanState.CLEAN,
        "valid_until": until,
        "visibility": Visibility.VENDOR,
        "uploaded_by_kind": ActorKind.STAFF,
        "uploaded_at": moment(FIRST_DAY),
    }


def _contract(vendor_id: UUID, deadline: date) -> dict[str, Any]:
    return {
        "id": new_id(),
        "version": 1,
        "reference": f"C-{new_id()}",
        "vendor_id": vendor_id,
        "title": "A contract",
        "state": ContractState.ACTIVE,
        "ends_on": deadline,
        "notice_days": 0,
        "notice_deadline_on": deadline,
        "created_at": moment(FIRST_DAY),
    }


def _review(vendor_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "version": 1,
        "reference": f"R-{new_id()}",
        "vendor_id": vendor_id,
        "cycle": 9,
        "kind": "initial",
        "state": ReviewState.DECIDED,
        "opened_at": moment(FIRST_DAY),
        "decided_at": moment(FIRST_DAY),
    }


def _finding(review: dict[str, Any], due_on: date, owner_id: UUID) -> dict[str, Any]:
    return {
        "id": new_id(),
        "version": 1,
        "reference": f"F-{new_id()}",
        "vendor_id": review["vendor_id"],
        "review_id": review["id"],
        "title": "A weakness",
        "severity": Severity.LOW,
        "state": FindingState.OPEN,
        "owner_id": owner_id,
        "raised_by_id": owner_id,
        "raised_at": moment(FIRST_DAY),
        "due_on": due_on,
    }


def _assessment(vendor_id: UUID, like: Assessment, due_on: date) -> dict[str, Any]:
    return {
        "id": new_id(),
        "version": 1,
        "reference": f"A-{new_id()}",
        "vendor_id": vendor_id,
        "questionnaire_version_id": like.questionnaire_version_id,
        "contact_id": like.contact_id,
        "state": AssessmentState.SENT,
        "round": 1,
        "message": "",
        "sent_by_id": like.sent_by_id,
        "sent_at": moment(due_on - timedelta(days=14)),
        "due_on": due_on,
        "remind_on": LOOK_AT_ONCE,
    }
