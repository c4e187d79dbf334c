"""Findings and decisions as JSON: every key that leaves stands here by name."""

from collections.abc import Iterable
from typing import Any

from accounts.rules import Role
from foundation.api_shapes import (
    day,
    ident,
    integer,
    many,
    maybe,
    moment,
    number,
    one_of,
    record,
    text,
    yes_or_no,
)
from reviews.residual import Band
from reviews.rows import DecisionRow, FindingRow, SignOffRow
from reviews.rules import FindingState, Outcome, Severity

Shape = dict[str, Any]

FINDING = record(
    "Finding",
    {
        "id": ident(),
        "reference": text(like="F-0019"),
        "title": text(),
        "severity": one_of(Severity),
        "state": one_of(FindingState),
        "owner_id": ident(),
        "owner": text(),
        "due_on": maybe(day()),
        "accepted_until": maybe(day("Until when its risk is accepted.")),
        "review_id": ident(),
        "assessment_id": maybe(ident("Where it came from, with `question`.")),
        "question": maybe(text()),
    },
)
_NEW = {
    "title": text("One sentence saying what is wrong.", like="Backups are not tested"),
    "severity": one_of(Severity),
    "description": text(),
    "owner_id": maybe(ident("Who sees to it; left out or null, you.")),
    "due_on": maybe(day("Left out or null, it follows from severity and tier.")),
}
NEW_FINDING = record(
    "NewFinding", _NEW, optional=[key for key in _NEW if key not in {"title", "severity"}]
)
_CONDITION = {"text": text(), "due_on": day()}
_NEW_CONDITION = {**_CONDITION, "owner_id": maybe(ident("Left out or null, the vendor's owner."))}
NEW_CONDITION = record("NewCondition", _NEW_CONDITION, optional=("owner_id",))
MOST_CONDITIONS = 20
_PROPOSAL = {
    "outcome": one_of(Outcome),
    "note": text("Why: it is part of the record."),
    "conditions": many(NEW_CONDITION, "With approved_with_conditions.", most=MOST_CONDITIONS),
    "escalate": yes_or_no("Set when a lead and an approver sign. Left out is false."),
}
PROPOSAL = record("Proposal", _PROPOSAL, optional=("conditions", "escalate"))
_SIGNATURE = record("Signature", {"name": text(), "role": one_of(Role), "at": moment()})
DECISION = record(
    "Decision",
    {
        "id": ident(),
        "review_id": ident(),
        "round": integer(least=1),
        "outcome": one_of(Outcome),
        "note": text(),
        "proposed_by": text(),
        "proposed_at": moment(),
        "is_final": yes_or_no("Everybody the tier demands has signed."),
        "decided_at": maybe(moment()),
        "tier": integer(least=1, most=4),
        "residual": maybe(number("0 to 100; null is unknown, not low.")),
        "band": maybe(one_of(Band)),
        "conditions": many(record("Condition", _CONDITION)),
        "valid_until": maybe(day()),
        "next_review_on": maybe(day()),
        "signed": many(_SIGNATURE),
        "waits_for": many(text(), "Signatures that are missing, in words."),
    },
)


def finding(found: FindingRow) -> Shape:
    """Return a finding as lists show it."""
    return {
        "id": str(found.finding_id),
        "reference": found.reference,
        "title": found.title,
        "severity": found.severity.value,
        "state": found.state.value,
        "owner_id": str(found.owner_id),
        "owner": found.owner,
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "accepted_until": found.accepted_until.isoformat() if found.accepted_until else None,
        "review_id": str(found.review_id),
        "assessment_id": str(found.assessment_id) if found.assessment_id else None,
        "question": found.code,
    }


def decision(found: DecisionRow, signed: Iterable[SignOffRow], missing: Iterable[str]) -> Shape:
    """Return a proposal or decision with its signatures."""
    return {
        "id": str(found.decision_id),
        "review_id": str(found.review_id),
        "round": found.round,
        "outcome": found.outcome.value,
        "note": found.note,
        "proposed_by": found.proposed_by,
        "proposed_at": found.proposed_at.isoformat(),
        "is_final": found.is_final,
        "decided_at": found.decided_at.isoformat() if found.decided_at else None,
        "tier": found.tier,
        "residual": found.residual,
        "band": found.band_value,
        "conditions": [
            {"text": text, "due_on": due_on.isoformat()} for text, due_on in found.conditions
        ],
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "next_review_on": found.next_review_on.isoformat() if found.next_review_on else None,
        "signed": [
            {"name": each.name, "role": each.role.value, "at": each.at.isoformat()}
            for each in signed
        ],
        "waits_for": list(missing),
    }
