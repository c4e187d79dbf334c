"""How far a vendor has come, and who has the ball: the pure part of its page."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """The steps from need to use."""

    REGISTERED = "registered"
    SENT = "sent"
    ANSWERED = "answered"
    REVIEWED = "reviewed"
    CLAUSES = "clauses"
    DECIDED = "decided"
    ACTIVE = "active"


class Turn(StrEnum):
    """Who has to move."""

    BUYER = "buyer"
    VENDOR = "vendor"
    RISK = "risk"
    SIGNERS = "signers"
    NOBODY = "nobody"


class Todo(StrEnum):
    """The one thing that comes next."""

    ADD_CONTACT = "add_contact"
    SEND = "send"
    WAIT = "wait"
    REVIEW = "review"
    SIGN = "sign"
    ADD_CONTRACT = "add_contract"
    SETTLE_CLAUSES = "settle_clauses"
    DECIDE = "decide"
    FINDINGS = "findings"
    EVIDENCE = "evidence"
    CONDITIONS = "conditions"
    OFFBOARD = "offboard"
    END_CONTRACT = "end_contract"
    NOTHING = "nothing"
    CLOSED = "closed"


TURN_OF = {
    Todo.ADD_CONTACT: Turn.BUYER,
    Todo.SEND: Turn.BUYER,
    Todo.WAIT: Turn.VENDOR,
    Todo.REVIEW: Turn.RISK,
    Todo.SIGN: Turn.SIGNERS,
    Todo.ADD_CONTRACT: Turn.BUYER,
    Todo.SETTLE_CLAUSES: Turn.BUYER,
    Todo.DECIDE: Turn.RISK,
    Todo.FINDINGS: Turn.RISK,
    Todo.EVIDENCE: Turn.VENDOR,
    Todo.CONDITIONS: Turn.BUYER,
    Todo.OFFBOARD: Turn.BUYER,
    Todo.END_CONTRACT: Turn.BUYER,
    Todo.NOTHING: Turn.NOBODY,
    Todo.CLOSED: Turn.NOBODY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is known of a vendor's way; a date is None where the step is still to come."""

    registered_on: date
    sent_on: date | None = None
    answered_on: date | None = None
    reviewed_on: date | None = None
    are_clauses_settled: bool = False
    decided_on: date | None = None
    is_active: bool = False
    is_closed: bool = False
    has_contact: bool = False
    has_contract: bool = False
    is_with_vendor: bool = False
    waits_for_signatures: bool = False
    is_being_reviewed: bool = False
    is_due_again: bool = False
    """A reassessment has opened, and its questionnaire is not sent yet."""
    asked_on: date | None = None
    """When what the vendor has now was sent."""
    asks_more: bool = False
    """More was asked for, and nothing has come in since."""
    checklist: tuple[int, int] | None = None
    """Settled lines of the offboarding, and of how many; None where there is none."""
    has_running_contract: bool = False
    has_late_condition: bool = False
    has_open_finding: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """One step of the rail; `days` counts from the step before, for the current one until today."""

    step: Step
    state: str
    """done, current or todo, as the component knows them."""
    on: date | None
    days: int | None


def rail(way: Way, today: date) -> tuple[Passed, ...]:
    """Return the steps in order; the first that is not done is the current one."""
    on = {
        Step.REGISTERED: way.registered_on,
        Step.SENT: way.sent_on,
        Step.ANSWERED: way.answered_on,
        Step.REVIEWED: way.reviewed_on,
        Step.CLAUSES: None,
        Step.DECIDED: way.decided_on,
        Step.ACTIVE: None,
    }
    done = {step for step in Step if on[step] is not None}
    done |= {Step.CLAUSES} if way.are_clauses_settled else set()
    done |= {Step.ACTIVE} if way.is_active else set()
    passed, last, has_current = [], way.registered_on, way.is_closed
    for step in Step:
        at = on[step]
        if step in done:
            passed.append(Passed(step, "done", at, (at - last).days if at else None))
            last = max(last, at) if at else last
        elif not has_current:
            passed.append(Passed(step, "current", None, (today - last).days))
            has_current = True
        else:
            passed.append(Passed(step, "todo", None, None))
    return tuple(passed)


def what_is_next(way: Way) -> Todo:
    """Return the one thing that comes next."""
    if way.is_closed:
        return Todo.END_CONTRACT if way.has_running_contract else Todo.CLOSED
    if way.checklist is not None:
        return Todo.OFFBOARD
    return _under_way(way) or _to_settle(way)


def _under_way(way: Way) -> Todo | None:
    """Return what a questionnaire, a review or a proposal waits for."""
    if way.waits_for_signatures:
        return Todo.SIGN
    if way.is_with_vendor:
        return Todo.WAIT
    if way.is_being_reviewed:
        return Todo.REVIEW
    if way.sent_on is None or way.is_due_again:
        return Todo.SEND if way.has_contact else Todo.ADD_CONTACT
    return None


def _to_settle(way: Way) -> Todo:
    """Return what is left once the answers are looked at."""
    if not way.has_contract:
        return Todo.ADD_CONTRACT
    if not way.are_clauses_settled:
        return Todo.SETTLE_CLAUSES
    if way.decided_on is None or way.asks_more:
        return Todo.DECIDE
    if way.has_late_condition:
        return Todo.CONDITIONS
    return Todo.FINDINGS if way.has_open_finding else Todo.NOTHING
