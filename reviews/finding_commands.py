"""Findings: raising them, closing them, and accepting their risk for a time."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import put
from audit.commands import record
from foundation.db import lock_row
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_reference
from organisation.queries import day_of, working_day_from
from reviews.commands import lock
from reviews.finding_deadlines import table_in_force
from reviews.gate_commands import Acceptance, member_of_staff, refuse_acceptance
from reviews.models import Finding, Review
from reviews.rules import FindingState, ReviewState, Severity, VerdictOutcome, finding_due_on
from reviews.verdict_commands import Judgement, Place, judge
from vendors.exemption_commands import grant
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import ExemptionKind
from vendors.wording import checked_text

LONGEST_TITLE = 300
_MENDABLE = frozenset({FindingState.OPEN, FindingState.FIXED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What is wrong, how bad, and who sees to it; `due_on` None follows severity and tier."""

    title: str
    severity: Severity
    owner_id: UUID
    description: str = ""
    due_on: date | None = None


def raise_finding(
    session: Session, review: Review, new: NewFinding, *, by: Author, at: datetime
) -> Finding:
    """Raise a finding that comes from no single answer."""
    return _raise(session, review, new, None, by=by, at=at)


def raise_from_answer(  # noqa: PLR0913  an answer, what is wrong with it, and the reviewer's word
    session: Session,
    review: Review,
    place: Place,
    new: NewFinding,
    *,
    is_contradicted: bool,
    by: Author,
    at: datetime,
) -> Finding:
    """Raise a finding from an answer; a contradicted answer counts nothing from now on."""
    judgement = Judgement(VerdictOutcome.FINDING, new.title, is_contradicted)
    judge(session, review, place, judgement, by=by, at=at)
    return _raise(session, review, new, place, by=by, at=at)


def close(
    session: Session, finding: Finding, *, note: str, version: int, by: Author, at: datetime
) -> None:
    """Close a finding that was mended, saying how that is known."""
    kept = checked_text(note, what="The note")
    if not kept:
        raise Refused("Write how you know that it is mended.", where="note")
    _refuse_stale(finding, version)
    if finding.state is FindingState.CLOSED:
        raise Refused("This finding is closed already.")
    changes = put(finding, {"state": FindingState.CLOSED})
    finding.closed_at = at
    finding.closing_note = kept
    session.flush()
    told: dict[str, object] = {"note": kept, "changes": changes}
    _note(session, Action.FINDING_CLOSE, finding, told, by=by, at=at)


def accept_risk(
    session: Session,
    finding: Finding,
    chosen: Acceptance,
    *,
    version: int,
    by: Author,
    at: datetime,
) -> Exemption:
    """Accept the risk of a finding until a date; afterwards it stands open again."""
    _refuse_stale(finding, version)
    if finding.state not in {*_MENDABLE, FindingState.ACCEPTED}:
        raise Refused("This finding is closed, so there is no risk to accept.")
    vendor = session.get_one(Vendor, finding.vendor_id)
    refuse_acceptance(chosen, vendor.tier, day_of(session, at))
    exemption = grant(
        session,
        kind=ExemptionKind.ACCEPTANCE,
        vendor_id=vendor.id,
        subject=("finding", finding.id),
        owner_id=member_of_staff(session, chosen.owner_id),
        approver_id=by.person_id,
        reason=chosen.reason,
        compensating_control=chosen.compensating_control,
        ends_on=chosen.ends_on,
        frozen_rating=f"{finding.severity.value.capitalize()} finding {finding.reference}",
        by=by,
        at=at,
    )
    changes = put(finding, {"state": FindingState.ACCEPTED})
    finding.exemption_id = exemption.id
    session.flush()
    detail: dict[str, object] = {"until": chosen.ends_on.isoformat()}
    if changes:
        detail["changes"] = changes
    _note(session, Action.FINDING_ACCEPT, finding, detail, by=by, at=at)
    return exemption


def _raise(
    session: Session,
    review: Review,
    new: NewFinding,
    place: Place | None,
    *,
    by: Author,
    at: datetime,
) -> Finding:
    lock(session, review)
    if review.state is ReviewState.DECIDED:
        raise Refused("This review is decided. Raise the finding in the next one.")
    title = checked_text(" ".join(new.title.split()), what="The title", longest=LONGEST_TITLE)
    if not title:
        raise Refused("Give the finding a title: one sentence saying what is wrong.", where="title")
    if new.due_on is not None and new.due_on < day_of(session, at):
        raise Refused("The date has passed already. Choose today or a later day.", where="due_on")
    vendor = session.get_one(Vendor, review.vendor_id)
    finding = Finding(
        id=new_id(),
        reference=next_reference(session, "F"),
        vendor_id=vendor.id,
        review_id=review.id,
        assessment_id=place.assessment_id if place else None,
        code=place.code if place else None,
        title=title,
        description=checked_text(new.description, what="The description"),
        severity=new.severity,
        state=FindingState.OPEN,
        owner_id=member_of_staff(session, new.owner_id),
        raised_by_id=by.person_id,
        raised_at=at,
        due_on=new.due_on or _due_on(session, new.severity, vendor.tier or 1, at),
    )
    session.add(finding)
    session.flush()
    detail: dict[str, object] = {"reference": finding.reference, "severity": new.severity.value}
    if finding.due_on is not None:
        detail["due_on"] = finding.due_on.isoformat()
    _note(session, Action.FINDING_RAISE, finding, detail, by=by, at=at)
    return finding


def _due_on(session: Session, severity: Severity, tier: int, at: datetime) -> date | None:
    """Propose a day on which we work, as the days to answer are proposed."""
    due_on = finding_due_on(severity, tier, day_of(session, at), table=table_in_force(session))
    return None if due_on is None else working_day_from(session, due_on)


def _refuse_stale(finding: Finding, version: int) -> None:
    lock_row(finding)
    if finding.version != version:
        raise Conflict(
            f"{finding.reference} was changed by somebody else while you had it open. "
            "Reload the page and read it again."
        )


def _note(
    session: Session,
    action: Action,
    finding: Finding,
    detail: dict[str, object],
    *,
    by: Author,
    at: datetime,
) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("finding", finding.id),
        detail=detail,
    )
