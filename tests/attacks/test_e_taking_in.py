"""E: files on their way in. What they are, what they are called, what they would do."""

import os
import random
from urllib.parse import quote

import pytest

from evidence.rules import ScanState
from tests.attacks import corpus
from tests.attacks.files_ground import TRACES, print_scale
from tests.evidence.makers import SMALL
from tests.people import RABIA

pytestmark = pytest.mark.slow

ROUNDS = 400 if os.environ.get("DULY_ATTACKS") == "long" else 6
"""Damaged copies of each kind that are brought; the scale of the one long test here."""
TAKEN = "PDF, DOCX, XLSX, PNG, JPG, TXT or CSV"
NAMES = {
    "../../etc/passwd.txt": "passwd.txt",
    "..\\..\\windows\\a.txt": "a.txt",
    "CON.txt": "CON.txt",
    "a/b.txt": "b.txt",
    "n" * 300 + ".txt": "n" * 196 + ".txt",
    "\u202egpj.txt": "gpj.txt",
    "<img src=x onerror=alert(1)>.txt": "<img src=x onerror=alert(1)>.txt",
    "اردو پالیسی ۲۰۲۶.txt": "اردو پالیسی ۲۰۲۶.txt",
    "Политика безопасности.txt": "Политика безопасности.txt",
    "🔐 policy.txt": "🔐 policy.txt",
    ".htaccess.txt": ".htaccess.txt",
    "%00.txt": "%00.txt",
}


@pytest.fixture(scope="module")
def vania(files):
    return files.vendor()


def refused(files, hand, content, name, *, media="application/pdf"):
    """Bring a file that has to be refused in words, without a trace of it left."""
    before = files.objects()
    got = hand.bring(content, name, media=media)
    assert got.status == 422, (name, got.status)
    assert not TRACES.search(got.text), name
    assert files.objects() == before, name
    return got.text


def test_E01_a_name_and_bytes_that_disagree_are_refused(files, vania):
    tried = 0
    for claimed in SMALL:
        for real, content in {**SMALL, "exe": b"MZ\x90\0" + bytes(50)}.items():
            is_text = {claimed, real} <= {"txt", "csv"}
            if claimed == real or is_text:
                continue
            tried += 1
            assert TAKEN in refused(files, vania, content, f"a.{claimed}"), (claimed, real)
    for name in ("a.pdf.exe", "a.exe", "pdf", "a", "a.pdf%00.exe", "a.pdf\x00.exe", ".pdf."):
        assert TAKEN in refused(files, vania, SMALL["pdf"], name), name
    assert tried > 30
    assert files.files(vania) == []


def test_E01_the_type_somebody_claims_counts_for_nothing(files):
    hand = files.vendor()
    assert hand.bring(SMALL["pdf"], "A.PDF", media="text/html").status == 303
    (row,) = files.files(hand)
    assert (row.media_type, row.original_name) == ("application/pdf", "A.PDF")
    got = hand.ask("GET", f"/p/evidence/{row.id}/download")
    assert (got.status, got.headers["content-type"]) == (200, "application/pdf")


@pytest.mark.parametrize("name", corpus.ACTIVE)
def test_E03_what_would_be_carried_out_is_refused(files, vania, name):
    text = refused(files, vania, corpus.ACTIVE[name], name)
    assert TAKEN in text or "contains macros" in text
    assert files.files(vania) == []


def test_E04_a_name_is_kept_as_words_and_never_as_a_place(files):
    hand = files.vendor("Names")
    rows = {}
    for number, (name, kept) in enumerate(NAMES.items()):
        got = hand.bring(b"file %d" % number, name)
        assert got.status == 303, (name, got.text[:200])
        row = next(each for each in files.files(hand) if each.original_name == kept)
        rows[name] = row
        assert files.object_of(row).is_file()
    told = {path.name for path in files.settings.evidence_dir.rglob("*") if path.is_file()}
    assert told >= {str(row.object_id) for row in rows.values()}
    page = hand.ask("GET", "/p/evidence").text
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.txt" in page
    assert "\u202e" not in page
    assert page.count("<bdi>") >= len(NAMES)
    for name, row in rows.items():
        got = hand.ask("GET", f"/p/evidence/{row.id}/download")
        told = got.headers["content-disposition"]
        assert told.startswith("attachment; filename="), name
        assert told.endswith(f"filename*=UTF-8''{quote(NAMES[name], safe='')}"), name


def test_E04_a_name_cannot_write_a_header_or_be_missing(files, vania):
    got = vania.bring(b"x", "a\r\nX-Owned: 1.txt")
    assert "x-owned" not in got.headers
    assert got.status in {400, 403, 422}
    assert vania.bring(b"x", "").status == 422
    assert files.files(vania) == []


def test_E04_the_same_name_twice_is_two_files(files):
    hand = files.vendor()
    assert [hand.bring(text, "same.txt").status for text in (b"one", b"two")] == [303, 303]
    assert len({row.object_id for row in files.files(hand)}) == 2


@pytest.mark.parametrize("name", corpus.FETCHING)
def test_E09_what_would_fetch_or_unfold_is_refused(files, vania, name):
    refused(files, vania, corpus.FETCHING[name], name)
    assert files.files(vania) == []


def test_E12_a_file_with_a_password_is_taken_and_said_to_be_shut(files):
    hand = files.vendor()
    for name, content in corpus.LOCKED.items():
        assert hand.bring(content + name.encode(), name).status == 303, name
    rows = files.files(hand)
    assert {row.scan_state for row in rows} == {ScanState.LOCKED}
    page = hand.ask("GET", "/p/evidence").text
    assert page.count("bring a copy without a password") == len(rows) == 3
    rabia = files.staff(RABIA, hand.vendor_id)
    desk = rabia.ask("GET", f"/vendors/{hand.vendor_id}/evidence").text
    assert desk.count("Locked with a password") == 3
    for row in rows:
        assert f"{row.id}/download" not in page + desk
        assert hand.ask("GET", f"/p/evidence/{row.id}/download").status == 422
        got = rabia.ask("GET", f"/evidence/{row.id}/download")
        assert (got.status, "locked with a password" in got.text) == (422, True)


@pytest.mark.parametrize("name", corpus.DAMAGED)
def test_E12_a_damaged_file_is_refused(files, vania, name):
    assert "damaged" in refused(files, vania, corpus.DAMAGED[name], name)


def test_E16_the_same_bytes_again_are_the_file_that_is_there(files):
    hand, other = files.vendor(), files.vendor()
    first, again = (hand.bring(SMALL["pdf"], "twice.pdf") for _ in range(2))
    assert (first.status, again.status) == (303, 303)
    told = hand.ask("GET", "/p/evidence", headers=hand.with_cookie(again))
    assert "You have brought this file before: it is twice.pdf." in told.text
    (mine,) = files.files(hand)
    before = files.objects()
    # Another vendor with the same bytes: a file, an object and a key of its own, and no word of it.
    first, fresh = (
        other.bring(SMALL["pdf"], "twice.pdf"),
        files.vendor().bring(b"nobody has this", "a.txt"),
    )
    assert (first.status, fresh.status) == (303, 303)
    assert first.headers["location"].split("?")[0] == fresh.headers["location"].split("?")[0]
    (theirs,) = files.files(other)
    assert len(files.objects() - before) == 2
    assert (theirs.object_id, theirs.wrapped_dek) != (mine.object_id, mine.wrapped_dek)
    assert files.object_of(theirs).read_bytes() != files.object_of(mine).read_bytes()
    assert theirs.sha256 == mine.sha256
    assert other.ask("GET", f"/p/evidence/{mine.id}/download").status == 404


@pytest.mark.parametrize("kind", SMALL)
def test_E22_damaged_copies_end_nothing_but_themselves(files, kind):
    print_scale(ROUNDS, f"damaged copies of {kind}")
    hand, chance = files.vendor(), random.Random(f"E22 {kind}")
    seen = set()
    for content in corpus.mutants(SMALL[kind], ROUNDS, chance):
        got = hand.bring(content, f"a.{kind}")
        seen.add(got.status)
        assert got.status in {303, 422}, got.text[:300]
        assert not TRACES.search(got.text)
        for row in files.files(hand)[1:]:
            hand.ask("POST", f"/p/evidence/{row.id}/remove")
    assert hand.ask("GET", "/p/evidence").status == 200
    assert "Traceback" not in files.log.read_text()
