"""Signatures under a decision: who has signed, who is missing, whose would help."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.queries import StaffRow, roles_at_work
from accounts.rules import Role
from audit.actions import Action
from audit.commands import record
from foundation.errors import Conflict
from foundation.ids import new_id
from identity.rules import Author
from reviews import rows
from reviews.decision_models import Decision, SignOff
from reviews.models import Review
from reviews.residual import Band
from reviews.rules import ReviewState, sign_off_problems
from reviews.weighing import signing_tier
from vendors.wording import checked_text


def missing_signatures(session: Session, decision: Decision) -> tuple[str, ...]:
    """Return one sentence for each signature a proposal still waits for."""
    return _missing(decision, _signed(session, decision))


def roles_that_help(session: Session, decision: Decision, by: Author) -> tuple[Role, ...]:
    """Return the roles in which this person's signature would bring a proposal forward."""
    signed = _signed(session, decision)
    if str(by.person_id) in {person for person, _ in signed}:
        return ()
    held = roles_held(session, by)
    return tuple(role for role in Role if role in held and helps(session, decision, by, role))


def who_help(session: Session, decision: Decision, staff: Iterable[StaffRow]) -> list[StaffRow]:
    """Return whose signature would bring a proposal forward. One statement."""
    signed = _signed(session, decision)
    count, done = len(_missing(decision, signed)), {person for person, _ in signed}
    return [
        each
        for each in staff
        if str(each.person_id) not in done
        and any(
            len(_missing(decision, [*signed, (str(each.person_id), (role,))])) < count
            for role in each.roles
        )
    ]


def roles_held(session: Session, by: Author) -> frozenset[Role]:
    """Return the roles somebody who works here holds."""
    return roles_at_work(session, by.person_id) or frozenset()


def add_signature(
    session: Session, decision: Decision, role: Role, *, by: Author, at: datetime, note: str
) -> None:
    """Put a signature under a decision."""
    session.add(
        SignOff(
            id=new_id(),
            decision_id=decision.id,
            person_id=by.person_id,
            role=role,
            at=at,
            note=checked_text(note, what="The note"),
        )
    )
    session.flush()
    note_decision(session, Action.DECISION_SIGN, decision, by=by, at=at, role=role.value)


def refuse_unless_waiting(decision: Decision) -> None:
    """Raise Conflict when a proposal is final, was withdrawn or was sent back."""
    if decision.is_final:
        raise Conflict("This decision is final already. Nothing was signed twice.")
    if decision.withdrawn_at is not None:
        raise Conflict("This proposal was withdrawn or sent back, so it no longer waits.")


def take_down(session: Session, review: Review, decision: Decision, *, at: datetime) -> None:
    """Let a proposal wait no more: what was signed under it is void, the review is open again."""
    decision.withdrawn_at = at
    review.state = ReviewState.OPEN
    session.flush()


def own_role(
    session: Session, decision: Decision, roles: frozenset[Role], by: Author
) -> Role | None:
    """Return a role in which this person's signature helps, or None."""
    return next((r for r in reversed(Role) if r in roles and helps(session, decision, by, r)), None)


def helps(session: Session, decision: Decision, by: Author, role: Role) -> bool:
    """Say whether one more signature leaves fewer missing."""
    signed = _signed(session, decision)
    more = [*signed, (str(by.person_id), (role,))]
    return len(_missing(decision, more)) < len(_missing(decision, signed))


def _signed(session: Session, decision: Decision) -> list[tuple[str, tuple[Role, ...]]]:
    return [(str(s.person_id), (s.role,)) for s in rows.sign_offs_of(session, decision.id)]


def _missing(decision: Decision, signed: list[tuple[str, tuple[Role, ...]]]) -> tuple[str, ...]:
    band = Band(decision.band) if decision.band else None
    return sign_off_problems(signed, signing_tier(decision), band)


def note_decision(
    session: Session,
    action: Action,
    decision: Decision,
    *,
    by: Author,
    at: datetime,
    **more: object,
) -> None:
    """Note an act of deciding in the ledger."""
    detail: dict[str, object] = {
        "decision": str(decision.id),
        "round": decision.round,
        "outcome": decision.outcome.value,
        **more,
    }
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("review", decision.review_id),
        detail=detail,
    )
