"""The recommendation in one line, the rail of steps and what comes next."""

from datetime import date

import pytest

from reports.progress import Step, Way, rail
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


def test_the_rail_counts_days_and_has_one_present():
    way = Way(began_on=DAY, sent_on=date(2026, 3, 4), answered_on=date(2026, 3, 14))
    steps = rail(way, date(2026, 3, 20))
    assert [one.state for one in steps] == ["done"] * 3 + ["current"] + ["todo"] * 3
    assert [one.days for one in steps] == [0, 2, 10, 6, None, None, None]
    assert steps[3].step is Step.REVIEWED


def test_a_closed_vendor_has_no_present_step():
    assert "current" not in {one.state for one in rail(Way(began_on=DAY, is_closed=True), DAY)}


def test_the_same_act_again_and_again_is_one_line():
    from audit.actions import Action
    from foundation import clock
    from reports.history import Told, _gathered

    def told(action, by):
        return Told(clock.now(), action, by)

    checks = [told(Action.CLAUSE_CHECK, "Pervez")] * 12
    lines = _gathered([*checks, told(Action.CLAUSE_CHECK, "Rabia"), *checks[:1]], "UTC")
    assert [(one.by, one.times) for one in lines] == [("Pervez", 12), ("Rabia", 1), ("Pervez", 1)]
