"""Several questions may feed one gate: all of them count, the worst first."""

import pytest

from foundation import clock
from reviews.case import case_of
from reviews.facts import gather
from reviews.gates import Gate, GateStatus
from tests import makers
from tests.reviews import stories

FILE = """
code: two_feeds
sections:
  access:
    title: Access
    questions:
      iam_inside:
        area: iam
        weight: critical
        gate: G1
        text: Do administrators need a second factor?
        choices: {yes: {text: "Yes", value: 1}, some: {text: Some, value: 0.5}, no: {text: "No", value: 0}}
      iam_outside:
        area: iam
        weight: critical
        gate: G1
        required: no
        text: Does everybody outside need one?
        choices: {yes: {text: "Yes", value: 1}, some: {text: Some, value: 0.5}, no: {text: "No", value: 0}}
"""


@pytest.fixture
def gate_after(database, tmp_path):
    """Return the status of G1 after these answers; None leaves one out, "away" does not apply."""
    path = tmp_path / "two_feeds.yaml"
    path.write_text(FILE)

    def do(inside: str | None, outside: str | None) -> GateStatus:
        said = {"iam_inside": inside, "iam_outside": outside}
        with database.writing() as session:
            vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
            version = makers.make_version(session, path)
            assessment = makers.make_assessment(session, vendor=vendor, version=version)
            stories.answer_all(
                session,
                assessment,
                worse={code: each for code, each in said.items() if each not in {None, "away"}},
                left_out=[code for code, each in said.items() if each == "away"],
                silent=[code for code, each in said.items() if each is None],
            )
            review = stories.submit(session, assessment)
            case = case_of(gather(session, vendor, review, clock.now().date()))
            return next(line.result.status for line in case.gates if line.result.gate is Gate.G1)

    return do


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        ("yes", "yes", GateStatus.PASSED),
        ("yes", "no", GateStatus.FAILED),
        ("no", "yes", GateStatus.FAILED),
        ("yes", "some", GateStatus.FAILED),
        ("yes", None, GateStatus.UNANSWERED),
        ("no", None, GateStatus.FAILED),
        ("yes", "away", GateStatus.UNANSWERED),
        ("some", "away", GateStatus.FAILED),
    ],
)
def test_the_worst_answer_to_a_gate_counts(gate_after, inside, outside, expected):
    assert gate_after(inside, outside) is expected


def test_the_shipped_questions_answer_the_gates_they_feed(database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
        version = makers.make_version(session, "tier3")
        assessment = makers.make_assessment(session, vendor=vendor, version=version)
        worse = {
            "enc_at_rest": "partial",
            "reg_agreed_countries": "not_named",
            "tpr_list_given": "none_needed",
        }
        stories.answer_all(session, assessment, worse=worse)
        review = stories.submit(session, assessment)
        case = case_of(gather(session, vendor, review, clock.now().date()))
    status = {line.result.gate: line.result.status for line in case.gates}
    assert status[Gate.G1] is GateStatus.PASSED
    assert status[Gate.G2] is GateStatus.FAILED
    assert status[Gate.G11] is GateStatus.FAILED
    assert status[Gate.G9] is GateStatus.FAILED, "no record of a restore test was shown"
    assert status[Gate.G7] is GateStatus.UNANSWERED, "the clause was not looked for yet"
