"""The pages of questionnaires: a dry run stores nothing, and what is stored is shown whole."""

import io
import re

import pytest
from sqlalchemy import select

from questionnaires import library
from questionnaires.content import sha256_of
from questionnaires.models import QuestionnaireVersion
from questionnaires.queries import latest_version
from tests import people as cast
from tests.makers import make_version
from tests.questionnaires.test_importing import OURS

SEALED = re.compile(r'name="sealed" value="([^"]+)"')


@pytest.fixture
def rabia(people):
    return people.browser(cast.RABIA)


def upload(browser, payload, name="small.yaml"):
    return browser.post(
        "/questionnaires/import",
        data={"file": (io.BytesIO(payload), name)},
        content_type="multipart/form-data",
    )


def stored(database):
    with database.reading() as session:
        return list(session.scalars(select(QuestionnaireVersion.number)))


def test_a_file_is_shown_first_and_stored_on_the_second_step(rabia, database):
    shown = upload(rabia, OURS)
    assert shown.status_code == 200
    assert "Is it encrypted?" in shown.text
    assert stored(database) == []
    sealed = SEALED.search(shown.text)[1]
    applied = rabia.post(
        "/questionnaires/import/apply", data={"sealed": sealed}, follow_redirects=True
    )
    assert "Every question as the vendor will see it" in applied.text
    assert stored(database) == [1]
    rabia.post("/questionnaires/import/apply", data={"sealed": sealed})
    assert stored(database) == [1]


def test_a_broken_file_says_where_and_offers_nothing_to_store(rabia, database):
    shown = upload(rabia, b'{"questionnaire": [}', "broken.json")
    assert shown.status_code == 422
    assert "line 1, column" in shown.text
    assert SEALED.search(shown.text) is None
    assert stored(database) == []


def test_no_file_at_all_is_said_beside_the_field(rabia):
    answer = rabia.post("/questionnaires/import", data={})
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


def test_a_shipped_questionnaire_can_be_chosen(rabia):
    shown = rabia.post("/questionnaires/import", data={"shipped": "tier4"})
    assert shown.status_code == 200
    assert "Security basics for low-risk vendors" in shown.text


def test_somebody_elses_preview_is_refused(people, rabia, database):
    sealed = SEALED.search(upload(rabia, OURS).text)[1]
    laila = people.browser(cast.LAILA)
    answer = laila.post("/questionnaires/import/apply", data={"sealed": sealed})
    assert answer.status_code == 422
    assert stored(database) == []


def test_every_question_is_printed_with_weight_gate_and_condition(rabia, database):
    with database.writing() as session:
        version = make_version(session)
    shown = rabia.get(f"/questionnaires/{version.questionnaire_id}").text
    assert "Gate G4" in shown
    assert "Critical weight" in shown
    assert "Shown when" in shown
    assert "is not “We receive no data from you”" in shown
    listed = rabia.get("/questionnaires").text
    assert "Security basics for low-risk vendors" in listed
    assert rabia.get(f"/questionnaires/{version.id}").status_code == 404


def test_what_a_reviewer_needs_is_printed_in_words(rabia, database):
    with database.writing() as session:
        version = make_version(session, "tier1")
    shown = rabia.get(f"/questionnaires/{version.questionnaire_id}").text
    assert "Proof that counts" in shown
    assert "PCI DSS attestation of compliance" in shown
    assert "Finding when the answer is weak" in shown
    assert not re.search(r"soc2_type2|pci_aoc|asv_scan", shown)


@pytest.mark.parametrize("code", ["tier1", "tier2", "tier3"])
def test_each_shipped_questionnaire_is_shown_and_stored_by_the_one_path(rabia, database, code):
    shown = rabia.post("/questionnaires/import", data={"shipped": code})
    assert shown.status_code == 200
    sealed = SEALED.search(shown.text)[1]
    assert rabia.post("/questionnaires/import/apply", data={"sealed": sealed}).status_code == 303
    with database.reading() as session:
        stored_one = latest_version(session, code)
        assert stored_one
        assert stored_one.sha256 == sha256_of(library.load(code))


def test_procurement_reads_but_does_not_import(people):
    pervez = people.browser(cast.PERVEZ)
    assert pervez.get("/questionnaires").status_code == 200
    assert pervez.get("/questionnaires/import").status_code == 403
    assert upload(pervez, OURS).status_code == 403
