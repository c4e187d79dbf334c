"""The questionnaires' side of the JSON API: where an assessment is, and what it hides."""

import pytest

from identity.rules import Scope
from tests.api import program_of
from tests.makers import make_assessment, make_vendor, make_version
from tests.people import ADIL, AMNA, PERVEZ, RABIA
from tests.questionnaires.stories import answer_all, hand_in

NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def program(people):
    return program_of(people, PERVEZ, Scope.READ)


@pytest.fixture
def sent(database):
    """Send a questionnaire, and let the vendor do something with it."""

    def make(then=None, **values):
        with database.writing() as session:
            vendor = make_vendor(session, **values)
            assessment = make_assessment(session, vendor=vendor)
            if then is not None:
                then(session, assessment)
            return assessment.id, vendor.id

    return make


def test_the_questionnaires_in_use_are_listed(program, database):
    with database.writing() as session:
        version = make_version(session)
    body = program.get("/questionnaires").get_json()
    (line,) = body["items"]
    assert body["next"] is None
    assert (line["title"], line["version"]) == (version.title, 1)
    assert line["questions"] == version.n_questions > 0


def test_an_assessment_nobody_answered_has_no_score(program, sent):
    assessment_id, vendor_id = sent()
    body = program.get(f"/assessments/{assessment_id}").get_json()
    assert (body["state"], body["score"], body["submitted_at"]) == ("sent", None, None)
    assert body["progress"]["answered"] == 0 < body["progress"]["total"]
    (line,) = program.get(f"/assessments?vendor={vendor_id}").get_json()["items"]
    assert (line["id"], line["claimed"], line["evidenced"]) == (str(assessment_id), None, None)


def test_scores_stay_inside_until_it_is_handed_in(program, sent):
    assessment_id, vendor_id = sent(answer_all)
    body = program.get(f"/assessments/{assessment_id}").get_json()
    assert (body["state"], body["score"]) == ("answering", None)
    assert body["progress"]["answered"] == body["progress"]["total"]
    (line,) = program.get(f"/assessments?vendor={vendor_id}").get_json()["items"]
    assert (line["claimed"], line["evidenced"]) == (None, None)


def test_an_assessment_handed_in_shows_its_score_and_the_sum(program, sent):
    assessment_id, vendor_id = sent(hand_in)
    body = program.get(f"/assessments/{assessment_id}").get_json()
    total = body["score"]["total"]
    assert body["state"] == "submitted"
    counted = [line for line in body["score"]["sum"] if line["outcome"] != "excluded"]
    weight = sum(line["weight"] for line in counted)
    assert total["weight"] == weight > 0
    claimed = sum(line["claimed_points"] for line in counted)
    assert total["claimed"] == pytest.approx(claimed / weight)
    (line,) = program.get(f"/assessments?vendor={vendor_id}").get_json()["items"]
    assert line["claimed"] == pytest.approx(total["claimed"])
    assert line["evidenced"] == pytest.approx(total["evidenced"])


def test_what_is_out_of_scope_is_said_with_its_facts(program, sent):
    assessment_id, _ = sent()
    body = program.get(f"/assessments/{assessment_id}").get_json()
    assert body["out_of_scope"] == [
        {"question": "pci_card_numbers", "facts": ["cards"]},
        {"question": "tok_replacement", "facts": ["cards"]},
    ]


def test_answers_of_the_vendor_do_not_leave_by_this_door(program, sent):
    assessment_id, _ = sent(lambda s, a: hand_in(s, a, countries="Ruritania only"))
    assert "Ruritania" not in program.get(f"/assessments/{assessment_id}").get_data(as_text=True)


def test_an_assessment_of_a_hidden_vendor_is_not_there_for_others(people, program, sent):
    assessment_id, vendor_id = sent(is_need_to_know=True)
    for character in (RABIA, AMNA):
        other = program_of(people, character)
        assert other.get(f"/assessments/{assessment_id}").status_code == 404
        hidden, absent = (other.get(f"/assessments?vendor={each}") for each in (vendor_id, NEVER))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.get_json()["detail"] == absent.get_json()["detail"]
    assert program.get(f"/assessments/{assessment_id}").status_code == 200


def test_an_administrator_reads_no_assessment(people, sent):
    assessment_id, vendor_id = sent()
    adil = program_of(people, ADIL)
    assert adil.get(f"/assessments/{assessment_id}").status_code == 403
    assert adil.get(f"/assessments?vendor={vendor_id}").status_code == 403


@pytest.mark.parametrize("query", ["?vendor=", "?vendor=V-0001", "?vendor=%00", "?vendor=' OR"])
def test_a_vendor_is_named_by_its_id(program, query):
    reply = program.get(f"/assessments{query}")
    assert (reply.status_code, reply.get_json()["where"]) == (422, "vendor")


def test_what_the_calls_cost(program, sent):
    assessment_id, vendor_id = sent(hand_in)
    program.get(f"/assessments/{assessment_id}")
    program.get(f"/assessments/{assessment_id}")
    assert len(program.client.statements) == 10, program.client.statements
    program.get(f"/assessments?vendor={vendor_id}")
    assert len(program.client.statements) == 8, program.client.statements
