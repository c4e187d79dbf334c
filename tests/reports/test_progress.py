"""What comes next for a vendor: one case after the other, the first that holds."""

from dataclasses import replace
from datetime import date

import pytest

from reports.progress import Todo, Way, what_is_next

NEW = Way(registered_on=date(2026, 3, 2))
DECIDED = replace(
    NEW,
    sent_on=date(2026, 3, 3),
    answered_on=date(2026, 3, 9),
    reviewed_on=date(2026, 3, 10),
    decided_on=date(2026, 3, 11),
    is_active=True,
    has_contact=True,
    has_contract=True,
    are_clauses_settled=True,
)


@pytest.mark.parametrize(
    ("way", "todo"),
    [
        (NEW, Todo.ADD_CONTACT),
        (replace(NEW, has_contact=True), Todo.SEND),
        (replace(DECIDED, decided_on=None, is_with_vendor=True), Todo.WAIT),
        (replace(DECIDED, decided_on=None, is_being_reviewed=True), Todo.REVIEW),
        (replace(DECIDED, decided_on=None, has_contract=False), Todo.ADD_CONTRACT),
        (replace(DECIDED, decided_on=None, are_clauses_settled=False), Todo.SETTLE_CLAUSES),
        (replace(DECIDED, decided_on=None), Todo.DECIDE),
        (replace(DECIDED, decided_on=None, waits_for_signatures=True), Todo.SIGN),
        (DECIDED, Todo.NOTHING),
        (replace(DECIDED, is_due_again=True), Todo.SEND),
        (replace(DECIDED, is_due_again=True, is_with_vendor=True), Todo.WAIT),
        (replace(DECIDED, is_closed=True), Todo.CLOSED),
    ],
)
def test_the_next_step(way, todo):
    assert what_is_next(way) is todo


@pytest.mark.parametrize(
    ("way", "todo"),
    [
        (replace(DECIDED, checklist=(0, 6)), Todo.OFFBOARD),
        (replace(DECIDED, has_late_condition=True, has_open_finding=True), Todo.CONDITIONS),
        (replace(DECIDED, has_open_finding=True), Todo.FINDINGS),
        (replace(DECIDED, is_closed=True, has_running_contract=True), Todo.END_CONTRACT),
        (replace(DECIDED, asks_more=True, has_contract=False), Todo.ADD_CONTRACT),
        (replace(DECIDED, asks_more=True), Todo.DECIDE),
    ],
)
def test_nobody_is_free_while_something_is_unsettled(way, todo):
    assert what_is_next(way) is todo
