"""Is this paper genuine? The register answers from the file alone, whatever it is given."""

import io

import pikepdf
import pytest

from reports.dossier import to_json
from reports.papers import Paper
from reports.printing import print_report
from reports.verify import verify
from reports.verify_views import TRIES
from reports.verifying import MOST_BYTES, Answer, Marks, of_unknown
from tests.reports import sample
from tests.reports.issuing import issue

pytestmark = pytest.mark.slow
"""Real papers are printed here."""


@pytest.fixture
def issued(database, people, acme):
    """Return the bytes of each paper of an issued report."""
    return issue(database, people, acme)


def test_every_paper_is_genuine_as_it_was_issued(database, issued):
    for paper in Paper:
        found = verify(database, issued[paper])
        assert (found.answer, found.entry.paper) == (Answer.GENUINE, paper), found.sentence
        assert "byte for byte" in found.sentence


def test_one_changed_byte_anywhere_is_altered(database, issued):
    content = issued[Paper.FULL]
    places = [*range(9, len(content), len(content) // 24), len(content) - 3]
    mark = content.index(b"duly-data:") + 20
    for place in (0, *places, mark):
        changed = bytearray(content)
        changed[place] ^= 0x01
        found = verify(database, bytes(changed))
        assert found.answer is Answer.ALTERED, (place, found.sentence)
        assert found.entry.reference == "D-0001"


def test_a_newer_report_supersedes_the_older_one(database, people, acme, issued):
    newer = issue(database, people, acme, number=2)
    found = verify(database, issued[Paper.VENDOR])
    assert found.answer is Answer.SUPERSEDED
    assert "number 2 (D-0002) has taken its place" in found.sentence
    assert verify(database, newer[Paper.FULL]).answer is Answer.GENUINE


def test_data_of_ours_in_a_paper_of_somebody_else_is_altered(database, issued):
    content = issued[Paper.FULL]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        data = pdf.attachments["dossier.json"].get_file().read_bytes()
    assert verify(database, with_file(data)).answer is Answer.ALTERED


UGLY = {
    "empty": (b"", "empty"),
    "not a PDF": (b"PK\x03\x04" + b"x" * 500, "not a PDF"),
    "only a header": (b"%PDF-1.7\n", "damaged or cut off"),
    "text that names a hash": (b"duly-data:" + b"ab" * 32, "not a PDF"),
    "of somebody else": (None, "knows nothing"),
    "locked": (b"locked", "locked with a password"),
}


@pytest.mark.parametrize("name", UGLY)
def test_ugly_files_are_unknown_and_say_why(database, people, name):
    content, words = UGLY[name]
    if content is None:
        content = with_file(b'{"format":"duly-dossier-2","reference":"D-0001"}')
    elif content == b"locked":
        content = with_file(b"{}", encryption=pikepdf.Encryption(owner="a", user="b"))
    found = verify(database, content)
    assert found.answer is Answer.UNKNOWN
    assert words in found.sentence
    assert found.entry is None


def test_a_draft_is_unknown_and_says_it_is_one(database, people):
    drawn = print_report(to_json(sample.bare()), is_draft=True)
    found = verify(database, drawn)
    assert (found.answer, "draft" in found.sentence) == (Answer.UNKNOWN, True)


def test_a_report_that_was_cut_off_is_never_genuine(database, issued):
    content = issued[Paper.FULL]
    for share in (0.1, 0.5, 0.9):
        found = verify(database, content[: int(len(content) * share)])
        assert found.answer in {Answer.ALTERED, Answer.UNKNOWN}


def test_a_report_locked_afterwards_is_not_genuine(database, issued):
    content = issued[Paper.FULL]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert verify(database, out.getvalue()).answer is Answer.UNKNOWN


def test_what_is_too_large_is_not_looked_into(database, people):
    assert verify(database, b"%PDF-" + bytes(MOST_BYTES)).answer is Answer.UNKNOWN
    assert "larger than any report" in of_unknown(MOST_BYTES + 1, Marks()).sentence


def test_anybody_may_ask_without_an_account_or_a_script(client, database, issued):
    stranger = client
    assert "Check it" in stranger.get("/verify").text
    content = issued[Paper.FULL]
    said = post(stranger, content).text
    assert "Genuine" in said
    assert "D-0001" in said
    assert "Borealis" not in said, "nothing beyond the answer"
    assert "Altered" in post(stranger, content.replace(b"%PDF-1.7", b"%PDF-1.6")).text
    assert "Unknown" in post(stranger, b"x").text


def test_no_file_is_said_at_the_field(client):
    answer = client.post("/verify", data={"file": (io.BytesIO(b""), "")})
    assert answer.status_code == 422
    assert "Choose the PDF to check." in answer.text


def test_too_many_tries_wait(client):
    stranger = client
    answers = [post(stranger, b"x").status_code for _ in range(TRIES + 1)]
    assert answers == [200] * TRIES + [422]


def test_a_hidden_vendor_does_not_show(client, database, acme, issued):
    from vendors.models import Vendor

    with database.writing() as session:
        session.get_one(Vendor, acme).is_need_to_know = True
    said = post(client, issued[Paper.BOARD]).text
    assert "Acme" not in said


def post(browser, content):
    return browser.post("/verify", data={"file": (io.BytesIO(content), "report.pdf")})


def with_file(data, **kept):
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["dossier.json"] = pikepdf.AttachedFileSpec(pdf, data)
        pdf.save(out, **kept)
    return out.getvalue()
