"""The recommendation in one line, the rail of steps and what comes next."""

from datetime import date

import pytest

from reports.progress import TURN_OF, Step, Todo, Turn, Way, rail, what_is_next
from reports.rules import Known, verdict_of

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("known", "line", "tone"),
    [
        (Known(), "Not assessed yet; remaining risk not assessed.", "none"),
        (
            Known(has_submitted=True, band="High"),
            "In review: nothing is decided yet; remaining risk high.",
            "info",
        ),
        (
            Known(outcome="approved", is_final=True, band="Low", has_submitted=True),
            "Approved; remaining risk low.",
            "ok",
        ),
        (
            Known(outcome="approved_with_conditions", is_final=True, conditions=2, band="Moderate"),
            "Approved with 2 conditions; remaining risk moderate.",
            "warn",
        ),
        (
            Known(outcome="approved", has_submitted=True),
            "Proposed, not signed: approved; remaining risk not assessed.",
            "info",
        ),
        (
            Known(outcome="rejected", is_final=True),
            "Rejected; remaining risk not assessed.",
            "bad",
        ),
    ],
)
def test_the_line_on_the_cover(known, line, tone):
    verdict = verdict_of(known)
    assert (verdict.text, verdict.tone) == (line, tone)


def test_reasons_name_numbers_and_the_unknown():
    assert any("unknown is not low" in one for one in verdict_of(Known()).reasons)
    told = verdict_of(Known(claimed=0.802, evidenced=0.5, gates_failed=1, gates_open=2))
    assert told.reasons == (
        "Controls are claimed at 80.2 and evidenced at 50.0 of 100.",
        "1 gate failed.",
        "2 gates not answered, which forbids an approval.",
    )


@pytest.mark.parametrize(
    ("more", "todo", "turn"),
    [
        ({}, Todo.ADD_CONTACT, Turn.BUYER),
        ({"has_contact": True}, Todo.SEND, Turn.BUYER),
        ({"sent_on": DAY, "is_with_vendor": True}, Todo.WAIT, Turn.VENDOR),
        ({"sent_on": DAY, "is_being_reviewed": True}, Todo.REVIEW, Turn.RISK),
        ({"sent_on": DAY, "waits_for_signatures": True}, Todo.SIGN, Turn.SIGNERS),
        ({"sent_on": DAY, "decided_on": DAY}, Todo.ADD_CONTRACT, Turn.BUYER),
        (
            {"sent_on": DAY, "decided_on": DAY, "has_contract": True},
            Todo.SETTLE_CLAUSES,
            Turn.BUYER,
        ),
        (
            {"sent_on": DAY, "has_contract": True, "are_clauses_settled": True},
            Todo.DECIDE,
            Turn.RISK,
        ),
        (
            {"sent_on": DAY, "has_contract": True, "are_clauses_settled": True, "decided_on": DAY},
            Todo.NOTHING,
            Turn.NOBODY,
        ),
        ({"is_closed": True, "sent_on": DAY, "is_with_vendor": True}, Todo.CLOSED, Turn.NOBODY),
    ],
)
def test_one_thing_comes_next(more, todo, turn):
    found = what_is_next(Way(registered_on=DAY, **more))
    assert (found, TURN_OF[found]) == (todo, turn)


def test_the_rail_counts_days_and_has_one_present():
    way = Way(registered_on=DAY, sent_on=date(2026, 3, 4), answered_on=date(2026, 3, 14))
    steps = rail(way, date(2026, 3, 20))
    assert [one.state for one in steps] == ["done"] * 3 + ["current"] + ["todo"] * 3
    assert [one.days for one in steps] == [0, 2, 10, 6, None, None, None]
    assert steps[3].step is Step.REVIEWED


def test_a_closed_vendor_has_no_present_step():
    assert "current" not in {one.state for one in rail(Way(registered_on=DAY, is_closed=True), DAY)}


def test_the_same_act_again_and_again_is_one_line():
    from audit.actions import Action
    from foundation import clock
    from reports.history import Told, _gathered

    def told(action, by):
        return Told(clock.now(), action, by)

    checks = [told(Action.CLAUSE_CHECK, "Pervez")] * 12
    lines = _gathered([*checks, told(Action.CLAUSE_CHECK, "Rabia"), *checks[:1]])
    assert [(one.by, one.times) for one in lines] == [("Pervez", 12), ("Rabia", 1), ("Pervez", 1)]
