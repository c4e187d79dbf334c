"""Change attestations: asking, declaring for a company, and judging what was reported."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import SYSTEM, Action, Actor
from audit.commands import record
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from reviews import attestation_letters as letters
from reviews.attestation_models import Attestation
from reviews.attestation_queries import speakers_of
from reviews.attestation_rules import (
    AttestationState,
    Change,
    Declaration,
    Judged,
    Judgement,
    due_on,
    judge_by,
)
from reviews.commands import open_review
from vendors.models import Vendor
from vendors.tier_versions import model_in_force
from vendors.wording import LONGEST_NAME, checked_text

LONGEST_SENTENCE = 1000
JUDGED = (
    "Somebody else judged this change while you had it open. What they said stands above; "
    "what you wrote is still in the form."
)
DECLARED = "This was declared already. Nothing was sent twice."
OVERTAKEN = "We have decided about your company anew meanwhile, so nothing is asked any more."


def ask(
    session: Session, vendor: Vendor, *, since_on: date, today: date, at: datetime
) -> Attestation:
    """Ask a vendor whether anything has changed since a day, and mail whoever speaks for it.

    A vendor without anybody to ask is asked all the same: the missing word is then late with us.
    """
    attestation = Attestation(
        id=new_id(),
        vendor_id=vendor.id,
        since_on=since_on,
        asked_at=at,
        due_on=due_on(today, vendor.tier, model_in_force(session).pace),
        remind_on=today,
        state=AttestationState.ASKED,
        changes={},
    )
    session.add(attestation)
    session.flush()
    speaker = speakers_of(session, [vendor.id]).get(vendor.id)
    if speaker is not None:
        letters.asking(session, attestation, vendor.name, speaker, today=today, at=at)
    told = {"since_on": since_on.isoformat(), "due_on": attestation.due_on.isoformat()}
    _note(session, Action.ATTESTATION_ASK, attestation, told, by=SYSTEM, at=at)
    return attestation


def declare(
    session: Session,
    attestation: Attestation,
    declaration: Declaration,
    *,
    today: date,
    by: Author,
    at: datetime,
) -> None:
    """Declare for a company that nothing changed, or what did.

    Raises Refused for a word that is incomplete or says both, and Conflict once it was given, or
    once a decision came first.
    """
    name = checked_text(declaration.name, what="The name", longest=LONGEST_NAME)
    role = checked_text(declaration.role, what="The role", longest=LONGEST_NAME)
    if not name:
        raise Refused("Write your name.", where="name")
    changes = _checked(declaration)
    _lock(session, attestation)
    if attestation.state is AttestationState.OVERTAKEN:
        raise Conflict(OVERTAKEN)
    if attestation.state is not AttestationState.ASKED:
        raise Conflict(DECLARED)
    attestation.state = AttestationState.REPORTED if changes else AttestationState.UNCHANGED
    attestation.changes = {kind.value: sentence for kind, sentence in changes.items()}
    attestation.declared_at, attestation.declared_on = at, today
    attestation.declared_by_id = by.person_id
    attestation.declared_name, attestation.declared_role = name, role
    attestation.judge_by = judge_by(changes, today) if changes else None
    session.flush()
    told: dict[str, object] = {"changes": sorted(attestation.changes)}
    _note(session, Action.ATTESTATION_DECLARE, attestation, told, by=by.actor, at=at)


def judge(
    session: Session,
    attestation: Attestation,
    judged: Judged,
    *,
    version: int,
    by: Author,
    at: datetime,
) -> None:
    """Note a reported change, or start a reassessment because of it; both with a reason.

    A review that is open already takes it in. Raises Refused without a reason and where nothing
    waits, and Conflict when somebody was faster.
    """
    kept = checked_text(judged.reason, what="The reason")
    if not kept:
        raise Refused("Write why, for whoever asks later.", where="reason")
    _lock(session, attestation)
    if attestation.version != version:
        raise Conflict(JUDGED, theirs=attestation)
    if attestation.state is not AttestationState.REPORTED:
        raise Refused("No reported change waits here, so there is nothing to judge.")
    state, review = AttestationState.NOTED, None
    if judged.judgement is Judgement.REASSESS:
        vendor = session.get_one(Vendor, attestation.vendor_id)
        review = open_review(session, vendor, kind="off_cycle", by=by.actor, at=at)
        state = AttestationState.REASSESSED
    attestation.state, attestation.review_id = state, review.id if review else None
    attestation.judged_at, attestation.judged_by_id, attestation.reason = at, by.person_id, kept
    session.flush()
    told: dict[str, object] = {"judgement": judged.judgement.value, "reason": kept}
    _note(session, Action.ATTESTATION_JUDGE, attestation, told, by=by.actor, at=at)


def overtake(session: Session, vendor: Vendor, *, by: Actor, at: datetime) -> None:
    """Ask no longer what was asked before a decision: it says since when anything may change."""
    chosen = select(Attestation).where(
        Attestation.vendor_id == vendor.id, Attestation.state == AttestationState.ASKED
    )
    for attestation in session.scalars(chosen).all():
        attestation.state, attestation.remind_on = AttestationState.OVERTAKEN, None
        session.flush()
        _note(session, Action.ATTESTATION_OVERTAKE, attestation, {}, by=by, at=at)


def _checked(declaration: Declaration) -> Mapping[Change, str]:
    """Return what changed, every kind with its sentence. Raises Refused."""
    changes = {}
    for kind, typed in declaration.changes.items():
        try:
            sentence = checked_text(typed, what="This sentence", longest=LONGEST_SENTENCE)
        except Refused as refusal:
            raise Refused(str(refusal), where=kind.value) from refusal
        if not sentence:
            raise Refused("Say in a sentence what has changed, and since when.", where=kind.value)
        changes[kind] = sentence
    if changes and declaration.is_unchanged:
        raise Refused(
            "You ticked a change, and that nothing has changed. Take one of them away.",
            where="is_unchanged",
        )
    if not changes and not declaration.is_unchanged:
        raise Refused("Tick what has changed, or that nothing has.", where="is_unchanged")
    return changes


def _lock(session: Session, attestation: Attestation) -> None:
    """Let one person after another in, each seeing what the last one stored."""
    session.flush()
    session.refresh(attestation, with_for_update=True)


def _note(
    session: Session,
    action: Action,
    attestation: Attestation,
    detail: Mapping[str, object],
    *,
    by: Actor,
    at: datetime,
) -> None:
    record(
        session,
        at=at,
        actor=by,
        action=action,
        subject=("vendor", attestation.vendor_id),
        detail={"attestation": str(attestation.id), **detail},
    )
