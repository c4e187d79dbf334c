"""Findings: raised, closed, accepted for a time, and open again after it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from foundation import clock
from foundation.errors import Conflict, Refused
from reviews import finding_commands
from reviews.finding_commands import NewFinding
from reviews.finding_queries import Sought, count_findings, list_findings
from reviews.gate_commands import Acceptance
from reviews.rows import findings_of
from reviews.rules import FindingState, ReviewState, Severity
from tests import makers
from tests import people as cast
from tests.reviews import stories


@pytest.fixture
def laila(session):
    return makers.make_staff(session, cast.LAILA)


def raised(session, by, review=None, **more):
    review = review or stories.submitted(session)[0]
    given = {"title": "No restore test", "severity": Severity.HIGH, "owner_id": by.person_id}
    new = NewFinding(**{**given, **more})
    return finding_commands.raise_finding(session, review, new, by=by, at=clock.now())


def accepted(by, **more):
    given = {
        "owner_id": by.person_id,
        "reason": "It is replaced in summer.",
        "ends_on": clock.now().date() + timedelta(days=60),
        "compensating_control": "We keep our own copy.",
    }
    return Acceptance(**{**given, **more})


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "x" * 301, "4111111111111111", "a\x00b"])
def test_a_title_that_says_nothing_is_refused(session, laila, title):
    with pytest.raises(Refused):
        raised(session, laila, title=title)


def test_an_owner_outside_is_refused(session, laila):
    review, _ = stories.submitted(session)
    vania = makers.vendor_author(session)
    with pytest.raises(Refused, match="works here"):
        raised(session, laila, review, owner_id=vania.person_id)


def test_a_date_that_has_passed_is_refused(session, laila):
    with pytest.raises(Refused, match="passed"):
        raised(session, laila, due_on=date(1999, 12, 31))


def test_the_date_follows_severity_and_tier(session, laila):
    found = raised(session, laila)
    sunday = clock.now().date() + timedelta(days=90)  # tier 4, high
    assert found.due_on == sunday + timedelta(days=1), "the next day on which we work"
    assert (
        raised(
            session,
            laila,
            stories.get_review(session, laila.person_id, found.review_id),
            severity=Severity.LOW,
        ).due_on
        is None
    )


def test_a_decided_review_takes_no_finding(session, laila):
    review, _ = stories.submitted(session)
    review.state, review.decided_at = ReviewState.DECIDED, clock.now()
    with pytest.raises(Refused, match="next one"):
        raised(session, laila, review)


def test_closing_needs_a_word_and_the_right_version(session, laila):
    found = raised(session, laila)
    with pytest.raises(Refused, match="how you know"):
        finding_commands.close(session, found, note=" ", version=1, by=laila, at=clock.now())
    with pytest.raises(Conflict):
        finding_commands.close(session, found, note="Seen.", version=9, by=laila, at=clock.now())
    finding_commands.close(session, found, note="Seen.", version=1, by=laila, at=clock.now())
    assert found.state is FindingState.CLOSED
    with pytest.raises(Refused, match="closed already"):
        finding_commands.close(session, found, note="Seen.", version=2, by=laila, at=clock.now())
    with pytest.raises(Refused, match="closed"):
        finding_commands.accept_risk(
            session, found, accepted(laila), version=2, by=laila, at=clock.now()
        )


@pytest.mark.parametrize(
    "flaw",
    [
        {"compensating_control": " "},
        {"reason": ""},
        {"ends_on": date(2020, 1, 1)},
        {"ends_on": date(2099, 1, 1)},
    ],
)
def test_a_flawed_acceptance_is_refused(session, laila, flaw):
    found = raised(session, laila)
    with pytest.raises(Refused):
        finding_commands.accept_risk(
            session, found, accepted(laila, **flaw), version=1, by=laila, at=clock.now()
        )


def test_tier_1_accepts_for_six_months_at_most(session, laila):
    vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
    review, _ = stories.submitted(session, vendor=vendor)
    found = raised(session, laila, review)
    eight_months = accepted(laila, ends_on=clock.now().date() + timedelta(days=240))
    with pytest.raises(Refused, match="6 months"):
        finding_commands.accept_risk(
            session, found, eight_months, version=1, by=laila, at=clock.now()
        )


def test_an_acceptance_that_has_ended_opens_the_finding_again(session, laila, later):
    found = raised(session, laila)
    finding_commands.accept_risk(
        session, found, accepted(laila), version=1, by=laila, at=clock.now()
    )
    row = findings_of(session, found.vendor_id)[0]
    today = clock.now().date()
    assert not row.is_open(today + timedelta(days=60))
    assert row.is_open(today + timedelta(days=61))
    sought = Sought(today=today, at=clock.now())
    assert list_findings(session, laila.person_id, sought) == []
    assert len(list_findings(session, laila.person_id, replace(sought, only_open=False))) == 1
    ended = replace(sought, today=today + timedelta(days=61))
    (again,) = list_findings(session, laila.person_id, ended)
    assert again.is_open(ended.today), "the statement says what the row says"
    assert sum(count_findings(session, laila.person_id, ended).values()) == 1
