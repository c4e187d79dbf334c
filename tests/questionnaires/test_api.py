"""The questionnaires' side of the JSON API: where an assessment is, and what it hides."""

import io

import pytest
from sqlalchemy import func, select

from identity.rules import Scope
from mail.models import Letter
from questionnaires import library
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


SENDING = {
    "questionnaire": "tier4",
    "contact": {"email": "Vania@Acme.example", "name": "Vania Petrova"},
    "due_on": "2026-03-20",
}


@pytest.fixture
def pervez(people):
    return program_of(people, PERVEZ)


def new_vendor(database, **values):
    with database.writing() as session:
        return str(make_vendor(session, **values).id)


def letters(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Letter))


def test_a_questionnaire_is_sent_and_its_link_mailed_once(pervez, database):
    body = {**SENDING, "vendor": new_vendor(database)}
    headers = {"Idempotency-Key": "send-1"}
    made = pervez.post("/assessments", json=body, headers=headers)
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert (told["state"], told["due_on"], told["score"]) == ("sent", "2026-03-20", None)
    assert told["contact"] == "Vania Petrova"
    assert pervez.post("/assessments", json=body, headers=headers).data == made.data
    assert letters(database) == 1
    path = made.headers["Location"].removeprefix("/api/v1")
    assert pervez.get(path).get_json() == told
    second = pervez.post("/assessments", json={**body, "contact": {"email": "vania@acme.example"}})
    assert second.get_json()["contact"] == "Vania Petrova", "a known contact needs no name"
    (newest, oldest) = pervez.get("/assessments").get_json()["items"]
    assert {newest["id"], oldest["id"]} == {second.get_json()["id"], told["id"]}


def test_what_is_left_out_follows_from_the_tier(pervez, database):
    body = {"vendor": new_vendor(database), "contact": SENDING["contact"]}
    told = pervez.post("/assessments", json=body).get_json()
    assert "due_on" in told
    assert told["due_on"] > "2026-03-02"
    assert told["progress"]["total"] > 0


@pytest.mark.parametrize(
    ("change", "status", "where"),
    [
        ({"vendor": NEVER}, 404, ""),
        ({"vendor": "V-0001"}, 422, "vendor"),
        ({"vendor": None}, 422, "vendor"),
        ({"questionnaire": "tier9"}, 404, ""),
        ({"questionnaire": NEVER}, 404, ""),
        ({"questionnaire": 4}, 422, "questionnaire"),
        ({"contact": None}, 422, "contact"),
        ({"contact": "vania@acme.example"}, 422, "contact"),
        ({"contact": {"email": "nobody"}}, 422, "email"),
        ({"contact": {"email": "new@acme.example"}}, 422, None),
        ({"contact": {"email": "a@acme.example", "name": "A", "role": "x"}}, 422, "contact"),
        ({"due_on": "2026-03-01"}, 422, ""),
        ({"due_on": "2028-01-01"}, 422, ""),
        ({"message": "pay with 4111 1111 1111 1111"}, 422, "message"),
        ({"state": "accepted"}, 422, "state"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nobody_is_written_to(
    pervez, database, change, status, where
):
    reply = pervez.post("/assessments", json={**SENDING, "vendor": new_vendor(database), **change})
    assert reply.status_code == status, reply.text
    assert where in {reply.get_json()["where"], None}
    assert letters(database) == 0
    assert pervez.get("/assessments").get_json()["items"] == []


def test_a_hidden_vendor_is_sent_nothing_by_others_and_listed_to_nobody(people, database):
    hidden = new_vendor(database, name="Secret Counsel", is_need_to_know=True)
    rabia, pervez = program_of(people, RABIA), program_of(people, PERVEZ)
    for vendor_id in (hidden, NEVER):
        body = {**SENDING, "vendor": vendor_id}
        assert rabia.post("/assessments", json=body).status_code == 404
    assert pervez.post("/assessments", json={**SENDING, "vendor": hidden}).status_code == 201
    assert rabia.get("/assessments").get_json()["items"] == []
    assert len(pervez.get("/assessments").get_json()["items"]) == 1
    assert program_of(people, AMNA).post("/assessments", json=SENDING).status_code == 403


def test_assessments_come_in_pages(program, sent, database):
    made = {str(sent(name=f"Vendor {number}")[0]) for number in range(5)}
    found, after = [], ""
    while after is not None:
        body = program.get(f"/assessments?limit=2&after={after}").get_json()
        found += [each["id"] for each in body["items"]]
        after = body["next"]
    assert len(found) == 5
    assert set(found) == made
    assert len(program.client.statements) == 7, program.client.statements


def test_what_was_answered_is_read_and_not_written(program, people, sent):
    assessment_id, _vendor_id = sent(lambda s, a: hand_in(s, a, countries="Ruritania only"))
    path = f"/assessments/{assessment_id}/answers"
    items = program.get(path).get_json()["items"]
    assert "Ruritania only" in {each["text"] for each in items}
    assert all(each["version"] >= 1 for each in items)
    assert len(program.client.statements) == 11, program.client.statements
    assert program_of(people, ADIL).get(path).status_code == 403
    assert program_of(people, PERVEZ).put(f"{path}/x", json={}).status_code == 404


def file_of(payload, name="small.yaml"):
    return {"data": {"file": (io.BytesIO(payload), name)}}


def test_a_file_is_tried_stored_and_read(people, database):
    payload, name = library.file_of("tier4")
    rabia = program_of(people, RABIA)
    tried = rabia.post("/questionnaires?dry_run=true", **file_of(payload, name))
    assert tried.status_code == 200, tried.text
    told = tried.get_json()
    assert told["questions"] > 0
    assert rabia.get("/questionnaires").get_json()["items"] == []
    made = rabia.post("/questionnaires", **file_of(payload, name))
    assert made.status_code == 201, made.text
    stored = made.get_json()
    assert {key: stored[key] for key in told} == told
    assert (stored["code"], stored["version"]) == ("tier4", 1)
    again = rabia.post("/questionnaires", **file_of(payload, name)).get_json()
    assert (again["id"], again["version"]) == (stored["id"], 1)
    shown = rabia.get(made.headers["Location"].removeprefix("/api/v1")).get_json()
    assert sum(len(each["questions"]) for each in shown["sections"]) == told["questions"]
    assert rabia.get(f"/questionnaires/{stored['id']}?version=2").status_code == 404
    assert rabia.get(f"/questionnaires/{stored['id']}?version=x").status_code == 422
    assert rabia.get(f"/questionnaires/{NEVER}").status_code == 404


@pytest.mark.parametrize(
    ("query", "payload", "where"),
    [
        ("", b"", "file"),
        ("", b"\x00\x01\x02", "file"),
        ("", b"[]", "file"),
        ("", b"code: x\ntitle: &a [*a]\n", "file"),
        ("?dry_run=true", b"nonsense", "file"),
        ("?dry_run=yes", b"nonsense", "dry_run"),
        ("?dry_run=", b"nonsense", "dry_run"),
        ("?dryrun=true", b"nonsense", "dryrun"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_where_and_how(people, query, payload, where):
    reply = program_of(people, RABIA).post(f"/questionnaires{query}", **file_of(payload))
    body = reply.get_json()
    assert (reply.status_code, body["where"]) == (422, where)
    assert body["reasons"] or where != "file"


def test_who_may_not_store_questionnaires(people):
    payload, name = library.file_of("tier4")
    for character in (PERVEZ, AMNA, ADIL):
        reply = program_of(people, character).post("/questionnaires", **file_of(payload, name))
        assert reply.status_code == 403
