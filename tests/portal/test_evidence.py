"""Documents: uploaded once, cited many times, and only by their own vendor's people."""

import io
import re

import pytest
from sqlalchemy import select

from audit.actions import ActorKind
from audit.models import Entry
from evidence.models import Evidence
from evidence.rules import ScanState
from foundation import clock
from foundation.ids import new_id
from questionnaires.answer_models import Answer, Citation, Submission
from questionnaires.citation_commands import cite as put
from questionnaires.models import Assessment
from tests import makers
from tests.evidence.makers import SMALL
from vendors.rules import Visibility

FIRST = "/s/our_information"


@pytest.fixture
def rows(database):
    def read(model):
        with database.reading() as session:
            return session.scalars(select(model)).all()

    return read


def upload(browser, acme, name="soc2.pdf", content=SMALL["pdf"], **extra):
    form = {"vendor_id": str(acme.vendor_id), "kind": "soc2_type2", "issued_on": "2026-01-15"}
    file = (io.BytesIO(content), name)
    return browser.post("/p/evidence", data={**form, "file": file, **extra})


def attach(browser, acme, code="enc_in_transit", content=SMALL["pdf"], **extra):
    name = f"q-{code}"
    form = {"attach": code, f"{name}:file": (io.BytesIO(content), "policy.pdf")}
    form.update({f"{name}:kind": "policy", f"{name}:page": "4", **extra})
    return browser.post(acme.at + FIRST, data=form)


def test_the_library_takes_a_file_and_shows_it(vania, acme, rows):
    assert "No documents yet" in vania.get("/p/evidence").get_data(as_text=True)
    assert upload(vania, acme, title="SOC 2 of 2025").status_code == 303
    stored = rows(Evidence)[0]
    assert (stored.vendor_id, stored.visibility) == (acme.vendor_id, Visibility.VENDOR)
    page = vania.get("/p/evidence").get_data(as_text=True)
    assert "scanner" not in page
    assert "Not scanned" not in page
    for words in ("SOC 2 of 2025", "SOC 2 Type II report", "15 January 2027", "Received, stored"):
        assert words in page, words


def test_the_same_bytes_again_are_the_same_document(vania, acme, rows):
    upload(vania, acme)
    upload(vania, acme, name="again.pdf")
    assert len(rows(Evidence)) == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("evil.exe", b"MZ" + b"\0" * 200, "must be a PDF"),
        ("empty.pdf", b"", "is empty"),
        ("fake.pdf", SMALL["png"], "selected file"),
    ],
)
def test_a_bad_file_is_refused_in_words(vania, acme, rows, name, content, words):
    refused = upload(vania, acme, name=name, content=content)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "<title>Error:" in page
    assert words in page
    assert rows(Evidence) == []


def test_no_file_is_said_in_words(vania, acme):
    refused = vania.post("/p/evidence", data={"vendor_id": str(acme.vendor_id), "kind": "other"})
    assert refused.status_code == 422
    assert "Choose a file." in refused.get_data(as_text=True)


def test_a_file_is_attached_in_the_question_and_typed_text_is_not_lost(vania, acme, rows):
    done = attach(
        vania,
        acme,
        **{"q-enc_in_transit:base": "0.", "q-enc_in_transit:options": "yes"},
    )
    assert done.location == f"{acme.at}{FIRST}#q-enc_in_transit"
    assert rows(Answer)[0].options == ["yes"]
    cited = rows(Citation)[0]
    assert (cited.code, cited.page) == ("enc_in_transit", "4")
    page = vania.get(acme.at + FIRST).get_data(as_text=True)
    assert "policy.pdf" in page
    assert "page 4" in page


def test_one_document_is_cited_twice_and_taken_away_once(vania, acme, rows):
    attach(vania, acme)
    chosen = {"attach": "pci_card_numbers", "q-pci_card_numbers:cite": str(rows(Evidence)[0].id)}
    assert vania.post(acme.at + FIRST, data=chosen).status_code == 303
    assert len(rows(Citation)) == 2
    assert "2 answers" in vania.get("/p/evidence").get_data(as_text=True)
    page = vania.get(acme.at + FIRST).get_data(as_text=True)
    value = re.search(r'name="remove" value="([0-9a-f-]+ pci_card_numbers)"', page)[1]
    removed = vania.post(acme.at + FIRST, data={"remove": value})
    assert removed.location.endswith("#q-pci_card_numbers")
    assert [row.code for row in rows(Citation)] == ["enc_in_transit"]
    assert len(rows(Evidence)) == 1


def test_a_refused_attachment_says_why_at_its_question(vania, acme, rows):
    page = attach(vania, acme, content=b"").get_data(as_text=True)
    assert "<title>Error:" in page
    assert "is empty" in page
    assert 'href="#q-enc_in_transit"' in page
    nothing = vania.post(acme.at + FIRST, data={"attach": "enc_in_transit"})
    assert "Choose a file to upload" in nothing.get_data(as_text=True)
    wrong = attach(vania, acme, **{"q-enc_in_transit:issued_on": "yesterday"})
    assert "2026-12-18" in wrong.get_data(as_text=True)
    assert rows(Citation) == []


def test_a_vendor_gets_its_own_file_back_and_nobody_elses(
    vania, acme, borealis, portal_client, rows, database
):
    upload(vania, acme)
    mine = rows(Evidence)[0]
    back = vania.get(f"/p/evidence/{mine.id}/download")
    assert back.data == SMALL["pdf"]
    assert back.headers["Content-Disposition"].startswith("attachment")
    viktor = portal_client(borealis)
    assert viktor.get(f"/p/evidence/{mine.id}/download").status_code == 404
    stolen = {"attach": "enc_in_transit", "q-enc_in_transit:cite": str(mine.id)}
    assert viktor.post(borealis.at + FIRST, data=stolen).status_code == 404
    assert rows(Citation) == []
    with database.reading() as session:
        assert "evidence.download" in set(session.scalars(select(Entry.action)))


def test_our_own_internal_files_are_not_shown(vania, acme, rows, database):
    attach(vania, acme)
    with database.writing() as session:
        session.scalars(select(Evidence)).one().visibility = Visibility.INTERNAL
    file = rows(Evidence)[0]
    assert vania.get(f"/p/evidence/{file.id}/download").status_code == 404
    for path in ("/p/evidence", acme.at + FIRST, f"{acme.at}/copy"):
        assert "policy.pdf" not in vania.get(path).get_data(as_text=True), path


def remove(browser, file):
    return browser.post(f"/p/evidence/{file.id}/remove", follow_redirects=True)


def test_a_file_brought_by_mistake_is_erased_by_whoever_brought_it(vania, acme, rows, database):
    upload(vania, acme, title="Wrong one")
    assert ">Remove</button>" in vania.get("/p/evidence").get_data(as_text=True)
    page = remove(vania, rows(Evidence)[0]).get_data(as_text=True)
    assert "Wrong one was erased." in page
    assert "No documents yet" in page
    file = rows(Evidence)[0]
    assert file.erased_at is not None
    assert file.wrapped_dek is None
    assert vania.get(f"/p/evidence/{file.id}/download").status_code == 404
    assert remove(vania, file).status_code == 404
    with database.reading() as session:
        assert "evidence.erase" in set(session.scalars(select(Entry.action)))
    upload(vania, acme, title="The same again")
    assert "The same again" in vania.get("/p/evidence").get_data(as_text=True)


def cited(session, file, acme):
    sent = session.get_one(Assessment, acme.assessment_id)
    put(session, sent, "enc_in_transit", file, by=makers.make_staff(session), at=clock.now())


def handed_in(session, file, acme):
    session.add(
        Submission(
            id=new_id(),
            assessment_id=acme.assessment_id,
            round=1,
            at=file.uploaded_at,
            by_id=file.uploaded_by_id,
            declared_name="Vania",
            declared_role="Head",
            n_answers=1,
            content_sha256="0" * 64,
        )
    )


def brought_by_us(session, file, acme):
    del acme
    file.uploaded_by_kind = ActorKind.STAFF
    file.uploaded_by_id = makers.make_staff(session).person_id


def held(session, file, acme):
    del session, acme
    file.legal_hold = True


@pytest.mark.parametrize("rests", [cited, handed_in, brought_by_us, held])
def test_a_file_something_rests_on_stays(vania, acme, rows, database, rests):
    upload(vania, acme)
    with database.writing() as session:
        rests(session, session.scalars(select(Evidence)).one(), acme)
    assert ">Remove</button>" not in vania.get("/p/evidence").get_data(as_text=True)
    refused = remove(vania, rows(Evidence)[0])
    assert refused.status_code == 409
    assert "This file stays" in refused.get_data(as_text=True)
    assert rows(Evidence)[0].erased_at is None


def test_nobody_removes_what_a_stranger_brought(vania, acme, borealis, portal_client, rows):
    upload(vania, acme)
    assert remove(portal_client(borealis), rows(Evidence)[0]).status_code == 404
    assert rows(Evidence)[0].erased_at is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ScanState.NOT_SCANNED, "Received, stored encrypted"),
        (ScanState.CLEAN, "Received, no virus found"),
        (ScanState.FAILED, "It is checked for viruses by itself."),
        (ScanState.LOCKED, "bring a copy without a password"),
        (ScanState.TOO_LARGE, "Too large for the virus scan"),
        (ScanState.INFECTED, "bring a clean copy"),
    ],
)
def test_what_became_of_a_file_is_said_in_words(vania, acme, database, state, words):
    upload(vania, acme)
    with database.writing() as session:
        session.scalars(select(Evidence)).one().scan_state = state
    assert words in vania.get("/p/evidence").get_data(as_text=True)


def test_what_is_taken_is_said_wherever_a_file_is_chosen(vania, acme):
    for path in ("/p/evidence", acme.at + FIRST):
        page = vania.get(path).get_data(as_text=True)
        assert "PDF, DOCX, XLSX, PNG, JPG, TXT or CSV, up to 25 MB each" in page, path
        assert 'accept=".pdf,.docx,.xlsx,.png,.jpg,.txt,.csv,.jpeg"' in page, path
