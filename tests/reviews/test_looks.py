"""Which answers need a look, and on which pile they lie."""

import pytest

from reviews.looks import Look, Pile, Seen, looks, pile_of, proposed_severity
from reviews.rules import Severity
from reviews.rules import VerdictOutcome as V

CASES = [
    (Seen(), (), Pile.REST),
    (Seen(value=1.0), (), Pile.REST),
    (Seen(value=0.5), (Look.BELOW_FULL,), Pile.NEEDS_A_LOOK),
    (Seen(value=0.0, is_answered=False), (Look.UNANSWERED,), Pile.NEEDS_A_LOOK),
    (Seen(is_answered=False, is_required=False), (), Pile.REST),
    (Seen(value=0.0, is_not_applicable=True), (Look.NOT_APPLICABLE,), Pile.NEEDS_A_LOOK),
    (Seen(value=1.0, is_critical=True), (Look.NO_PROOF,), Pile.NEEDS_A_LOOK),
    (Seen(value=1.0, is_critical=True, has_proof=True), (), Pile.REST),
    (Seen(warnings=2), (Look.WARNING,), Pile.NEEDS_A_LOOK),
    (Seen(warnings=1, verdict=V.ACCEPTED), (Look.WARNING,), Pile.DONE),
    (Seen(value=0.5, verdict=V.FINDING), (Look.BELOW_FULL,), Pile.DONE),
    (Seen(verdict=V.ACCEPTED, is_changed=True), (Look.CHANGED,), Pile.NEEDS_A_LOOK),
    (Seen(verdict=V.ASKED_BACK, is_waiting=True), (), Pile.ASKED_BACK),
    (Seen(verdict=V.ASKED_BACK), (Look.REPLIED,), Pile.NEEDS_A_LOOK),
]


@pytest.mark.parametrize(("seen", "reasons", "pile"), CASES)
def test_looks_and_piles(seen, reasons, pile):
    assert looks(seen) == reasons
    assert pile_of(seen) is pile


def test_the_worst_warning_names_the_severity():
    assert proposed_severity(["low", "high", None], "minor", is_gate=False) is Severity.HIGH
    assert proposed_severity([], "minor", is_gate=False) is Severity.LOW
    assert proposed_severity([], "minor", is_gate=True) is Severity.CRITICAL
    assert proposed_severity([], None, is_gate=False) is Severity.MEDIUM
