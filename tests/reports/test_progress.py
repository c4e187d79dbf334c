"""What comes next for a vendor: one case after the other, the first that holds."""

from dataclasses import replace
from datetime import date

import pytest

from reports.progress import TURN_OF, Step, Todo, Way, rail, what_is_next
from reviews.turns import Errand, Turn

NEW = Way(began_on=date(2026, 3, 2), turn=Turn.BUYER, errand=Errand.ASK)
DECIDED = Way(
    began_on=date(2026, 3, 2),
    sent_on=date(2026, 3, 3),
    answered_on=date(2026, 3, 9),
    reviewed_on=date(2026, 3, 10),
    decided_on=date(2026, 3, 11),
    is_active=True,
    has_contact=True,
    has_contract=True,
    are_clauses_settled=True,
)
DRAFT = replace(DECIDED, turn=Turn.BUYER, errand=Errand.ACTIVATE)
OVER = replace(DECIDED, is_closed=True)


@pytest.mark.parametrize(
    ("way", "todo"),
    [
        (NEW, Todo.ADD_CONTACT),
        (replace(NEW, has_contact=True), Todo.SEND),
        (replace(DECIDED, turn=Turn.VENDOR), Todo.WAIT),
        (replace(DECIDED, turn=Turn.RISK, has_contract=False), Todo.REVIEW),
        (replace(DECIDED, turn=Turn.RISK, asks_more=True), Todo.DECIDE),
        (replace(DECIDED, turn=Turn.SIGNERS, has_open_finding=True), Todo.SIGN),
        (DRAFT, Todo.ACTIVATE),
        (replace(DRAFT, are_clauses_settled=False), Todo.SETTLE_CLAUSES),
        (replace(DECIDED, turn=Turn.BUYER, errand=Errand.LEAVE), Todo.OFFBOARD),
        (replace(OVER, turn=Turn.BUYER, errand=Errand.END), Todo.END_CONTRACT),
    ],
)
def test_whoever_has_the_ball_has_one_thing_to_do(way, todo):
    assert what_is_next(way) is todo
    assert TURN_OF[todo] is way.turn, "it is theirs to do"


@pytest.mark.parametrize(
    ("way", "todo"),
    [
        (DECIDED, Todo.NOTHING),
        (replace(DECIDED, has_contract=False), Todo.ADD_CONTRACT),
        (replace(DECIDED, are_clauses_settled=False), Todo.SETTLE_CLAUSES),
        (replace(DECIDED, has_late_condition=True, has_open_finding=True), Todo.CONDITIONS),
        (replace(DECIDED, has_open_finding=True), Todo.FINDINGS),
        (replace(OVER, has_open_finding=True, has_contract=False), Todo.CLOSED),
    ],
)
def test_what_is_left_to_settle_while_nobody_has_the_ball(way, todo):
    assert what_is_next(way) is todo


def states(way):
    return {one.step: one.state for one in rail(way, date(2027, 3, 9))}


def test_a_running_cycle_takes_no_step_of_the_one_before():
    anew = Way(
        began_on=date(2027, 3, 2),
        is_again=True,
        turn=Turn.BUYER,
        errand=Errand.ASK,
        is_active=True,
        are_clauses_settled=True,
    )
    assert states(anew) == {
        Step.AGAIN: "done",
        Step.SENT: "current",
        Step.ANSWERED: "todo",
        Step.REVIEWED: "todo",
        Step.CLAUSES: "done",
        Step.DECIDED: "todo",
        Step.ACTIVE: "todo",
    }
    sent = replace(anew, sent_on=date(2027, 3, 4), turn=Turn.VENDOR)
    assert [one.days for one in rail(sent, date(2027, 3, 9))][:3] == [0, 2, 5]


def test_in_use_is_the_last_step_and_waits_for_the_contract():
    assert states(DECIDED)[Step.ACTIVE] == "done"
    assert states(DRAFT)[Step.ACTIVE] == "current"
