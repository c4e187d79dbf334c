"""E: the scanner finds something, is away, stands still or chokes; never is it passed over."""

import re

import pytest
from sqlalchemy import select, update

from evidence.models import Evidence
from evidence.rules import ScanState
from portal.question_cards import anchor_of
from tests import makers
from tests.attacks import corpus
from tests.attacks.files_ground import multipart
from tests.attacks.scanner import EICAR
from tests.evidence.makers import SMALL
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA
from vendors.models import Contact, Vendor

pytestmark = pytest.mark.slow

STAFF = (PERVEZ, RABIA, LAILA, ASIF, ADIL, AMNA)
VIRUS = "The selected file contains a virus."


@pytest.fixture
def well(files):
    """Leave the scanner as it was, whatever a test did to it."""
    yield files
    files.clamd.kill()
    files.clamd.start()


def state_of(files, hand):
    (row,) = files.files(hand)
    return row.scan_state


def is_open_to(files, hand, row):
    """Return to whom of all a file opens."""
    opened = [hand.name] if hand.ask("GET", f"/p/evidence/{row.id}/download").status == 200 else []
    for who in STAFF:
        desk = files.staff(who, hand.vendor_id)
        if desk.ask("GET", f"/evidence/{row.id}/download").status == 200:
            opened.append(who.name)
    return opened


def try_at_once(files):
    """Let the worker not wait until a file's next turn."""
    with files.database.engine.begin() as line:
        line.execute(update(Evidence.__table__).values(scan_again_at=None))


@pytest.mark.parametrize("name", corpus.infected())
def test_E10_a_virus_is_kept_shut_and_everybody_concerned_hears(files, name):
    hand = files.vendor()
    got = hand.bring(corpus.infected()[name], name, media="text/plain")
    assert (got.status, VIRUS in got.text) == (422, True)
    (row,) = files.files(hand)
    assert row.scan_state is ScanState.INFECTED
    assert "Contains a virus: bring a clean copy" in hand.ask("GET", "/p/evidence").text
    assert EICAR not in files.object_of(row).read_bytes()
    ((action, detail),) = files.entries(row.id)
    assert (action, detail["sha256"]) == ("evidence.quarantine", row.sha256.hex())
    assert files.letters("virus_found", hand.vendor_id) == sorted({PERVEZ.email, ADIL.email})


def test_E10_what_is_in_quarantine_opens_for_nobody_and_goes_nowhere(files):
    hand = files.vendor()
    assert hand.bring(EICAR, "a.txt").status == 422
    (row,) = files.files(hand)
    assert is_open_to(files, hand, row) == []
    assert hand.ask("POST", f"/p/evidence/{row.id}/remove").status == 409
    # The same once more: told again, kept once.
    assert hand.bring(EICAR, "b.txt").status == 422
    assert len(files.files(hand)) == 1
    clean = hand.bring(SMALL["pdf"], "clean.pdf")
    assert clean.status == 303, "a vendor with one bad file can still bring good ones"


def test_E10_a_virus_attached_to_an_answer_is_not_attached(files):
    hand, path = asked(files)
    got = attach(hand, path, EICAR, "proof.txt")
    assert VIRUS in got.text
    (row,) = files.files(hand)
    assert row.scan_state is ScanState.INFECTED
    assert f"{row.id}/download" not in hand.ask("GET", path).text


@pytest.mark.parametrize("how", ["dead", "still"])
def test_E11_without_a_scanner_a_file_waits_and_is_scanned_later(well, how):
    files, hand = well, well.vendor()
    files.clamd.kill() if how == "dead" else files.clamd.freeze()
    assert hand.bring(SMALL["pdf"], "good.pdf").status == 303
    (row,) = files.files(hand)
    assert row.scan_state is ScanState.FAILED
    assert is_open_to(files, hand, row) == []
    assert "Scan pending" in hand.ask("GET", "/p/evidence").text
    desk = files.staff(RABIA, hand.vendor_id)
    assert (
        "Waiting for the virus scan" in desk.ask("GET", f"/vendors/{hand.vendor_id}/evidence").text
    )
    files.clamd.start() if how == "dead" else files.clamd.thaw()
    try_at_once(files)
    files.wait_for(lambda: state_of(files, hand) is ScanState.CLEAN, "nobody scanned it")
    opened = is_open_to(files, hand, row)
    assert opened == [hand.name, *(who.name for who in STAFF if who is not ADIL)]
    told = [
        detail["state"] for action, detail in files.entries(row.id) if action == "evidence.scan"
    ]
    assert told == ["clean"]


def test_E11_a_virus_that_came_while_the_scanner_was_away_is_found(well):
    files, hand = well, well.vendor()
    files.clamd.kill()
    assert hand.bring(EICAR, "sleeper.txt").status == 303
    (row,) = files.files(hand)
    assert (row.scan_state, is_open_to(files, hand, row)) == (ScanState.FAILED, [])
    files.clamd.start()
    try_at_once(files)
    files.wait_for(lambda: state_of(files, hand) is ScanState.INFECTED, "nobody scanned it")
    assert is_open_to(files, hand, row) == []
    assert files.letters("virus_found", hand.vendor_id) == sorted({PERVEZ.email, ADIL.email})
    assert len(files.letters("virus_found_in_yours", hand.vendor_id)) == 1


def test_E11_who_has_a_file_that_waits_can_go_on_with_it(well):
    files = well
    hand, path = asked(files)
    files.clamd.kill()
    attach(hand, path, SMALL["pdf"], "proof.pdf")
    page = hand.ask("GET", path).text
    assert "Scan pending" in page
    assert "proof.pdf" in page


def test_E11_what_is_too_large_for_the_scanner_stays_shut(files):
    hand = files.vendor()
    assert hand.bring(b"a" * 21_000_000, "large.txt").status == 303
    (row,) = files.files(hand)
    assert row.scan_state is ScanState.TOO_LARGE
    assert is_open_to(files, hand, row) == []
    assert "Too large for the virus scan" in hand.ask("GET", "/p/evidence").text


def asked(files):
    """Ask a vendor something, and return who answers and the page with the first questions."""
    hand = files.vendor()
    with files.database.writing() as session:
        vendor = session.get_one(Vendor, hand.vendor_id)
        contact = session.scalars(select(Contact).where(Contact.vendor_id == vendor.id)).one()
        sent = makers.make_assessment(session, vendor=vendor, contact=contact)
        at = f"/p/a/{sent.id}"
    begun = hand.ask("POST", f"{at}/start")
    return hand, begun.headers["location"]


def attach(hand, path, content, name):
    """Press "Attach" below the first question that takes a file."""
    code = re.search(r'name="attach" value="([^"]+)"', hand.ask("GET", path).text).group(1)
    anchor = anchor_of(code)
    body, boundary = multipart(
        content, name, "text/plain", {"attach": code, f"{anchor}:kind": "other"}
    )
    body = body.replace(b'name="file"', f'name="{anchor}:file"'.encode())
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return hand.ask("POST", path, body, headers)
