"""What a vendor on its way asks of whom: owner, reviewer, lead, or nobody here."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from accounts.rules import Role
from foundation.dates import Calendar
from questionnaires.rules import AssessmentState
from reports.ball_queries import BallRow
from reports.home_work import on_others, to_do
from reports.looking import Looker
from reports.tasks import Task
from reviews.turns import Errand, Turn
from vendors.rules import VendorState

TODAY = date(2026, 3, 16)
ME, OTHER = UUID(int=1), UUID(int=2)
ROW = BallRow(
    vendor_id=UUID(int=10),
    reference="V-0001",
    vendor="Acme",
    tier=2,
    is_provisional=False,
    state=VendorState.ONBOARDING,
    owner_id=ME,
    owner="Pervez Anwar",
    turn=Turn.BUYER,
    since=datetime(2026, 3, 2, 9, tzinfo=UTC),
    since_on=date(2026, 3, 2),
    assessment_id=None,
    assessment_reference=None,
    assessment_state=None,
    round=None,
    due_on=None,
    n_answered=None,
    n_visible=None,
    review_id=None,
    reviewer_id=None,
    reviewer=None,
    proposer_id=None,
    sent_back_by=None,
    errand=Errand.ASK,
)
AWAY = replace(
    ROW,
    turn=Turn.VENDOR,
    errand=None,
    assessment_id=UUID(int=11),
    assessment_state=AssessmentState.ANSWERING,
    round=1,
    due_on=date(2026, 3, 20),
)
BACK = replace(
    AWAY,
    turn=Turn.RISK,
    assessment_state=AssessmentState.SUBMITTED,
    review_id=UUID(int=12),
    reviewer_id=ME,
    reviewer="Rabia Siddiqui",
)
LATE = {"due_on": date(2026, 3, 13)}
PAST = {"state": VendorState.ACTIVE, "next_review_on": date(2026, 3, 13)}


def asked(row, *roles):
    who = Looker(ME, frozenset(roles), TODAY, "UTC")
    return [item.task for item in to_do([row], who, Calendar())]


@pytest.mark.parametrize(
    ("row", "role", "task"),
    [
        (ROW, Role.PROCUREMENT, Task.SEND),
        (replace(ROW, state=VendorState.ACTIVE), Role.PROCUREMENT, Task.SEND_AGAIN),
        (replace(ROW, owner_id=OTHER), Role.PROCUREMENT, None),
        (ROW, Role.APPROVER, None),
        (AWAY, Role.PROCUREMENT, None),
        (replace(AWAY, **LATE), Role.PROCUREMENT, Task.CHASE),
        (replace(AWAY, assessment_state=AssessmentState.SENT), Role.PROCUREMENT, Task.CHASE),
        (replace(AWAY, owner_id=OTHER, **LATE), Role.ANALYST, None),
        (BACK, Role.ANALYST, Task.REVIEW),
        (replace(BACK, round=2), Role.ANALYST, Task.READ_REPLIES),
        (replace(BACK, round=2, sent_back_by="Asif"), Role.ANALYST, Task.SENT_BACK),
        (replace(BACK, reviewer_id=OTHER, sent_back_by="Asif"), Role.ANALYST, None),
        (
            replace(BACK, reviewer_id=OTHER, proposer_id=ME, sent_back_by="Asif"),
            Role.LEAD,
            Task.SENT_BACK,
        ),
        (replace(BACK, reviewer_id=None), Role.ANALYST, Task.TAKE),
        (replace(BACK, review_id=None), Role.ANALYST, Task.START),
        (replace(BACK, reviewer_id=OTHER), Role.ANALYST, None),
        (replace(BACK, reviewer_id=OTHER, **LATE), Role.LEAD, None),
        (replace(BACK, reviewer_id=OTHER, **PAST), Role.LEAD, Task.LATE_REVIEW),
        (replace(BACK, reviewer_id=OTHER, **PAST), Role.ANALYST, None),
        (replace(ROW, errand=Errand.LEAVE), Role.PROCUREMENT, Task.LEAVE),
        (replace(ROW, errand=Errand.ACTIVATE), Role.PROCUREMENT, Task.ACTIVATE),
        (replace(ROW, errand=Errand.END), Role.PROCUREMENT, Task.END_CONTRACT),
        (replace(ROW, errand=Errand.END, owner_id=OTHER), Role.PROCUREMENT, None),
        (BACK, Role.PROCUREMENT, None),
        (replace(BACK, turn=Turn.SIGNERS), Role.ANALYST, None),
    ],
)
def test_what_there_is_to_do(row, role, task):
    assert asked(row, role) == ([task] if task else [])


def test_who_waits_for_whom():
    def waits(row, role):
        return len(list(on_others([row], Looker(ME, frozenset({role}), TODAY, "UTC"))))

    assert waits(AWAY, Role.PROCUREMENT) == 1, "it is his"
    foreign = replace(AWAY, owner_id=OTHER)
    assert waits(foreign, Role.PROCUREMENT) == 0
    assert waits(foreign, Role.ANALYST) == 0, "no review yet"
    assert waits(replace(foreign, review_id=UUID(int=12)), Role.ANALYST) == 1
    assert waits(foreign, Role.LEAD) == 1
    assert waits(foreign, Role.ADMINISTRATOR) == 0


def test_a_row_says_who_has_the_ball_by_name():
    who = Looker(OTHER, frozenset({Role.LEAD}), TODAY, "UTC")
    told = {row.turn: next(iter(on_others([row], who))).holder for row in (ROW, AWAY, BACK)}
    assert told == {Turn.BUYER: "Pervez Anwar", Turn.VENDOR: "", Turn.RISK: "Rabia Siddiqui"}
