"""How far a vendor has come, and who has the ball: the pure part of its page."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reviews.turns import Errand, Turn


class Step(StrEnum):
    """The steps from need to use."""

    REGISTERED = "registered"
    AGAIN = "again"
    """The first step of every later cycle."""
    SENT = "sent"
    ANSWERED = "answered"
    REVIEWED = "reviewed"
    CLAUSES = "clauses"
    DECIDED = "decided"
    ACTIVE = "active"


class Todo(StrEnum):
    """The one thing that comes next."""

    ADD_CONTACT = "add_contact"
    SEND = "send"
    WAIT = "wait"
    REVIEW = "review"
    SIGN = "sign"
    ADD_CONTRACT = "add_contract"
    SETTLE_CLAUSES = "settle_clauses"
    ACTIVATE = "activate"
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
    Todo.ACTIVATE: Turn.BUYER,
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
    """What is known of a vendor's way through one cycle; None is a step still to come."""

    began_on: date
    is_again: bool = False
    """A later cycle: a reassessment, or a vendor that is looked at again."""
    turn: Turn = Turn.NOBODY
    errand: Errand | None = None
    sent_on: date | None = None
    answered_on: date | None = None
    reviewed_on: date | None = None
    are_clauses_settled: bool = False
    decided_on: date | None = None
    is_active: bool = False
    is_closed: bool = False
    has_contact: bool = False
    has_contract: bool = False
    asked_on: date | None = None
    """When what the vendor has now was sent."""
    asks_more: bool = False
    """More was asked for, and nothing has come in since."""
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
    """Return the steps of the cycle in order; the first that is not done is the current one."""
    first = Step.AGAIN if way.is_again else Step.REGISTERED
    on: dict[Step, date | None] = {
        first: way.began_on,
        Step.SENT: way.sent_on,
        Step.ANSWERED: way.answered_on,
        Step.REVIEWED: way.reviewed_on,
        Step.CLAUSES: None,
        Step.DECIDED: way.decided_on,
        Step.ACTIVE: None,
    }
    done = {step for step in on if on[step] is not None} | _undated(way)
    passed, last, has_current = [], way.began_on, way.is_closed
    for step, at in on.items():
        if step in done:
            passed.append(Passed(step, "done", at, (at - last).days if at else None))
            last = max(last, at) if at else last
        elif not has_current:
            passed.append(Passed(step, "current", None, (today - last).days))
            has_current = True
        else:
            passed.append(Passed(step, "todo", None, None))
    return tuple(passed)


def _undated(way: Way) -> set[Step]:
    """Return the steps done that have no day of their own.

    Whoever is asked anew is in use all along, but this cycle has not cleared it yet.
    """
    done = {Step.CLAUSES} if way.are_clauses_settled else set()
    is_cleared = way.is_active and way.decided_on is not None
    return done | ({Step.ACTIVE} if is_cleared and way.errand is not Errand.ACTIVATE else set())


def what_is_next(way: Way) -> Todo:
    """Return the one thing that comes next; whose move it is has been decided by the one rule."""
    if way.turn is Turn.BUYER:
        return _errand(way)
    if way.turn is Turn.RISK:
        return Todo.DECIDE if way.asks_more else Todo.REVIEW
    return _OF_TURN.get(way.turn) or (Todo.CLOSED if way.is_closed else _to_settle(way))


_OF_TURN = {Turn.SIGNERS: Todo.SIGN, Turn.VENDOR: Todo.WAIT}


def _errand(way: Way) -> Todo:
    """Return what procurement has to do: ask, leave, or see to the contract."""
    if way.errand is Errand.LEAVE:
        return Todo.OFFBOARD
    if way.errand is Errand.END:
        return Todo.END_CONTRACT
    if way.errand is Errand.ACTIVATE:
        return Todo.ACTIVATE if way.are_clauses_settled else Todo.SETTLE_CLAUSES
    return Todo.SEND if way.has_contact else Todo.ADD_CONTACT


def _to_settle(way: Way) -> Todo:
    """Return what is left to settle with a vendor nobody has the ball of."""
    if not way.has_contract:
        return Todo.ADD_CONTRACT
    if not way.are_clauses_settled:
        return Todo.SETTLE_CLAUSES
    if way.has_late_condition:
        return Todo.CONDITIONS
    return Todo.FINDINGS if way.has_open_finding else Todo.NOTHING
