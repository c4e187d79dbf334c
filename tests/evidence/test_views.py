"""The staff pages of evidence: the library, taking a file in, giving it out."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.models import Entry
from evidence.downloads import disposition
from evidence.models import Evidence
from evidence.sniff import MOST_BYTES
from foundation import clock
from foundation.crypto import Tampered
from tests import people as cast
from tests.evidence.makers import SMALL
from tests.evidence.stories import (
    POLICY,
    new_vendor,
    object_path,
    objects,
    on_record,
    set_scanner,
)
from tests.evidence.test_scanner import Scanner


@pytest.fixture
def acme(database, authors):
    return new_vendor(database, authors)


@pytest.fixture
def rabia(people):
    return people.browser(cast.RABIA)


@pytest.fixture
def file(database, acme, authors):
    return on_record(database, acme, authors[cast.RABIA.email], SMALL["pdf"], "SOC 2.pdf")


def upload(browser, vendor_id, content=POLICY, name="policy.txt", **fields):
    form = {"kind": "policy", "visibility": "internal", "title": "Policy"} | fields
    if content is not None:
        form["file"] = (io.BytesIO(content), name)
    browser.get(f"/vendors/{vendor_id}/evidence")
    return browser.post(
        f"/vendors/{vendor_id}/evidence", data=form, content_type="multipart/form-data"
    )


def actions(database):
    with database.reading() as session:
        return list(session.scalars(select(Entry.action).order_by(Entry.seq)))


def rows(database):
    with database.reading() as session:
        found = list(session.scalars(select(Evidence)))
        session.expunge_all()
        return found


class TestTheLibrary:
    def test_an_empty_one_says_so_and_offers_the_form(self, rabia, acme):
        page = rabia.get(f"/vendors/{acme}/evidence")
        assert "No files yet" in page.text
        assert 'type="file"' in page.text

    def test_a_file_is_shown_in_words(self, rabia, acme, file):
        text = rabia.get(f"/vendors/{acme}/evidence").text
        assert "E-0001" in text
        assert "Policy or procedure" in text
        assert "Not scanned" in text
        assert file.sha256.hex() in text
        assert f"/evidence/{file.id}/download" in text

    def test_names_are_shown_as_they_are(self, rabia, acme, database, authors):
        name = "<img src=x onerror=alert(1)> {{7*7}} رپورٹ.txt"
        on_record(database, acme, authors[cast.RABIA.email], filename=name, title="")
        text = rabia.get(f"/vendors/{acme}/evidence").text
        assert "&lt;img src=x onerror=alert(1)&gt; {{7*7}} رپورٹ.txt" in text
        assert "<img" not in text

    def test_it_costs_few_statements(self, rabia, acme, database, authors):
        for number in range(12):
            on_record(database, acme, authors[cast.RABIA.email], b"%d\n" % number)
        rabia.get(f"/vendors/{acme}/evidence")
        assert len(rabia.statements) <= 10

    @pytest.mark.usefixtures("file")
    def test_a_reader_sees_no_form(self, people, acme):
        page = people.browser(cast.AMNA).get(f"/vendors/{acme}/evidence")
        assert "E-0001" in page.text
        assert 'type="file"' not in page.text


class TestTakingIn:
    def test_a_file_is_put_on_record(self, rabia, acme, database):
        answer = upload(rabia, acme, SMALL["pdf"], "رپورٹ.pdf", issued_on="2026-01-15")
        assert answer.status_code == 303
        assert "E-0001 is on record." in rabia.get(answer.location).text
        (row,) = rows(database)
        assert (row.original_name, str(row.valid_until)) == ("رپورٹ.pdf", "2027-01-15")
        assert actions(database)[-1] == "evidence.add"

    def test_the_same_bytes_again_lead_to_the_file_on_record(self, rabia, acme, database):
        upload(rabia, acme)
        answer = upload(rabia, acme, name="copy.txt")
        assert "on record already, as E-0001" in rabia.get(answer.location).text
        assert len(rows(database)) == len(objects()) == 1

    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (None, "", "Select a file."),
            (b"", "a.txt", "The selected file is empty."),
            (b"x" * (MOST_BYTES + 1), "a.txt", "The selected file must be smaller than 25MB."),
            (b"<svg/>", "a.svg", "The selected file must be a PDF, DOCX, XLSX"),
        ],
    )
    def test_a_refusal_stands_at_the_field_and_keeps_what_was_typed(
        self, rabia, acme, database, content, name, sentence
    ):
        answer = upload(rabia, acme, content, name, title="Our report 2026")
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Our report 2026" in answer.text
        assert "There is a problem" in answer.text
        assert rows(database) == objects() == []

    def test_dates_that_cannot_be(self, rabia, acme, database):
        answer = upload(rabia, acme, issued_on="2026-02-01", valid_until="2026-01-01")
        assert answer.status_code == 422
        assert "must not be before the day of issue" in answer.text
        assert "today or in the past" in upload(rabia, acme, issued_on="2027-01-01").text
        assert upload(rabia, acme, issued_on="soon").status_code == 422
        assert rows(database) == objects() == []

    @pytest.mark.parametrize("field", ["kind", "visibility"])
    def test_a_choice_nobody_offered(self, rabia, acme, database, field):
        assert upload(rabia, acme, **{field: "nonsense"}).status_code == 422
        assert rows(database) == []

    def test_a_virus(self, rabia, acme, database):
        scanner = Scanner(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        set_scanner(scanner.address)
        answer = upload(rabia, acme)
        scanner.stop()
        assert answer.status_code == 422
        assert "The selected file contains a virus." in answer.text
        assert actions(database)[-1] == "evidence.quarantine"
        (row,) = rows(database)
        assert (row.scan_state.value, len(objects())) == ("infected", 1)
        assert "Quarantined: contains a virus" in answer.text
        assert f"/evidence/{row.id}/download" not in answer.text
        assert rabia.get(f"/evidence/{row.id}/download").status_code == 422

    def test_without_the_right_to_add(self, people, acme):
        assert upload(people.browser(cast.AMNA), acme).status_code == 403
        assert objects() == []


class TestGivingOut:
    def test_an_attachment_and_nothing_else(self, rabia, file):
        answer = rabia.get(f"/evidence/{file.id}/download")
        assert answer.data == SMALL["pdf"]
        headers = answer.headers
        assert headers["Content-Disposition"].startswith('attachment; filename="SOC 2.pdf"')
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Length"] == str(len(SMALL["pdf"]))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert headers["Cache-Control"] == "no-store, private"

    def test_every_copy_stands_in_the_ledger(self, rabia, file, database):
        rabia.get(f"/evidence/{file.id}/download")
        rabia.get(f"/evidence/{file.id}/download")
        assert actions(database).count("evidence.download") == 2

    @pytest.mark.parametrize("place", [10, -1])
    def test_a_changed_file_is_refused_and_noted(self, rabia, file, database, place):
        path = object_path(file)
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        answer = rabia.get(f"/evidence/{file.id}/download")
        assert answer.status_code == 422
        assert "was changed on disk and is refused" in answer.text
        assert actions(database)[-1] == "evidence.tampered"
        assert "evidence.download" not in actions(database)

    def test_a_file_changed_further_down_breaks_off(self, rabia, acme, database, authors):
        row = on_record(database, acme, authors[cast.RABIA.email], b"line\n" * 100_000)
        path = object_path(row)
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        answer = rabia.get(f"/evidence/{row.id}/download", buffered=False)
        got = []
        with pytest.raises(Tampered):
            got.extend(answer.response)
        answer.close()
        assert 0 < sum(len(part) for part in got) < row.size
        assert actions(database)[-1] == "evidence.tampered"

    def test_a_vendor_one_may_not_know_of(self, database, authors, people, rabia):
        secret = new_vendor(database, authors, "Quiet Partner", is_need_to_know=True)
        row = on_record(database, secret, authors[cast.PERVEZ.email])
        for address in (f"/evidence/{row.id}/download", f"/vendors/{secret}/evidence"):
            assert rabia.get(address).status_code == 404
        assert upload(rabia, secret).status_code == 404
        mine = people.browser(cast.PERVEZ)
        assert mine.get(f"/evidence/{row.id}/download").data == POLICY

    def test_nobody_signed_in(self, client, file, acme):
        assert client.get(f"/evidence/{file.id}/download").status_code == 303
        assert client.get(f"/vendors/{acme}/evidence").status_code == 303


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ('a"\\b.pdf', "attachment; filename=\"a__b.pdf\"; filename*=UTF-8''a%22%5Cb.pdf"),
        ("é.pdf", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A9.pdf"),
        ("a;b\r\n.pdf", "attachment; filename=\"a;b__.pdf\"; filename*=UTF-8''a%3Bb%0D%0A.pdf"),
    ],
)
def test_a_name_never_breaks_out_of_its_header(name, header):
    assert disposition(name) == header


def test_a_file_that_ended_says_so(rabia, acme, file, database):
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        upload(rabia, acme, b"old\n", issued_on="2024-01-01")
        assert "Over" in rabia.get(f"/vendors/{acme}/evidence").text
