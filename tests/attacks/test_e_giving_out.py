"""E: files on their way out, and as they lie there: no plaintext anywhere, nothing changed unseen."""

import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from audit.actions import SYSTEM
from evidence.encrypting_anew import Renewed, renew
from evidence.erasing import crypto_erase
from evidence.models import Evidence
from evidence.rules import ScanState
from foundation import clock
from foundation.crypto import CHUNK_BYTES, TAG_BYTES
from tests.attacks.files_ground import rechanged
from tests.evidence.makers import SMALL
from tests.operations.served import command, surroundings
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA

pytestmark = pytest.mark.slow

READERS = (PERVEZ, RABIA, LAILA, ASIF, AMNA)
CARRIED = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store, private",
    "cross-origin-resource-policy": "same-origin",
}
CANARY = b"CANARY-7f3a-plaintext-"
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES


def with_file(files, content=SMALL["pdf"], name="a.pdf"):
    hand = files.vendor()
    got = hand.bring(content, name)
    assert got.status == 303, got.text[:300]
    (row,) = files.files(hand)
    return hand, row


def copy_of(hand, row, **headers):
    path = f"/p/evidence/{row.id}/download"
    return hand.ask("GET", path, headers=headers)


@pytest.mark.parametrize("kind", SMALL)
def test_E14_whoever_takes_a_copy_gets_an_attachment_and_nothing_else(files, kind):
    hand, row = with_file(files, SMALL[kind], f"رپورٹ.{kind}")
    for who in (hand, *(files.staff(each, hand.vendor_id) for each in READERS)):
        is_theirs = who.cookie == "duly_portal"
        path = f"/p/evidence/{row.id}/download" if is_theirs else f"/evidence/{row.id}/download"
        got = who.ask("GET", path, headers={"Range": "bytes=0-9"})
        assert (got.status, got.body) == (200, SMALL[kind]), who.name
        assert {name: got.headers[name] for name in CARRIED} == CARRIED
        assert got.headers["content-type"] == row.media_type
        assert got.headers["content-length"] == str(len(SMALL[kind]))
        assert got.headers["content-disposition"].startswith("attachment; ")
        assert "filename*=UTF-8''%D8%B1" in got.headers["content-disposition"]
        assert "content-range" not in got.headers
    taken = [action for action, _ in files.entries(row.id)].count("evidence.download")
    assert taken == len(READERS) + 1


def test_E14_an_administrator_and_another_vendor_get_nothing(files):
    hand, row = with_file(files)
    assert copy_of(files.vendor(), row).status == 404
    assert (
        files.staff(ADIL, hand.vendor_id).ask("GET", f"/evidence/{row.id}/download").status == 403
    )


def test_E18_nothing_of_a_file_lies_anywhere_in_the_open(files):
    canary = CANARY * (3_000_000 // len(CANARY))
    hand, row = with_file(files, canary, "canary.txt")
    assert copy_of(hand, row).body == canary
    backup = files.settings.data_dir / "whole.tar"
    done = told_by(files, "backup", str(backup))
    assert done.returncode == 0, done.stderr
    crypto = files.object_of(row)
    assert crypto.stat().st_size > len(canary)
    places = [files.settings.data_dir, files.clamd.folder, Path("/dev/shm")]
    holding = [each for place in places for each in _files_below(place) if CANARY in _bytes(each)]
    assert holding == []
    assert CANARY.decode() not in files.log.read_text()
    assert not _is_in_the_database(files, CANARY.decode())
    assert list(files.spool.iterdir()) == [each for each in files.spool.iterdir() if each.is_dir()]
    backup.unlink()


def test_E18_no_process_of_the_product_leaves_its_memory_on_the_disk(files):
    limits = [
        (each / "limits").read_text()
        for each in Path("/proc").glob("[0-9]*")
        if str(files.settings.data_dir) in _environment(each)
        and b"operations.cli" in _bytes(each / "cmdline")
    ]
    assert len(limits) >= 2, "web and worker"
    assert all(re.search(r"Max core file size +0 +0 ", each) for each in limits)


def _environment(process):
    return _bytes(process / "environ").decode(errors="replace")


def _files_below(place):
    return [each for each in place.rglob("*") if each.is_file()]


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _is_in_the_database(files, wanted):
    """Look through every row of every table, whatever the database."""
    with files.database.engine.connect() as line:
        tables = Evidence.metadata.tables
        return any(
            wanted in str(row) or any(wanted.encode() in v for v in row if isinstance(v, bytes))
            for name in tables
            for row in line.execute(text(f'SELECT * FROM "{name}"'))
        )


def told_by(files, *words):
    """Run a command of the product on its own data."""
    return subprocess.run(
        command(*words),
        env=surroundings(files.settings, DULY_CLAMD=files.clamd.address),
        capture_output=True,
        text=True,
        check=False,
    )


BYTES = {
    "a bit of the header": lambda content: content[:10] + bytes([content[10] ^ 1]) + content[11:],
    "a bit in the middle": lambda content: _flip(content, len(content) // 2),
    "the last bit": lambda content: _flip(content, len(content) - 1),
    "cut at a chunk": lambda content: content[: _start(content) + SEALED_CHUNK],
    "cut short": lambda content: content[:-5],
    "emptied": lambda _content: b"",
    "two chunks swapped": lambda content: _swapped(content),  # noqa: PLW0108  defined below
    "more behind it": lambda content: content + content[-SEALED_CHUNK:],
}


def _start(content):
    return (len(content) - 3 * SEALED_CHUNK) if len(content) > 3 * SEALED_CHUNK else 100


def _flip(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _swapped(content):
    start, size = _start(content), SEALED_CHUNK
    one, two = content[start : start + size], content[start + size : start + 2 * size]
    return content[:start] + two + one + content[start + 2 * size :]


@pytest.fixture(scope="module")
def stored(files):
    """Three whole chunks, so that each can be taken for another."""
    return with_file(files, b"abcdefgh" * (3 * CHUNK_BYTES // 8), "chunks.txt")


@pytest.mark.parametrize("how", BYTES)
def test_E19_bytes_that_were_changed_are_never_given_out(files, stored, how):
    hand, row = stored
    path = files.object_of(row)
    whole = path.read_bytes()
    path.write_bytes(BYTES[how](whole))
    try:
        shows_it_fails_closed(files, hand, row)
    finally:
        path.write_bytes(whole)
    assert copy_of(hand, row).body == b"abcdefgh" * (3 * CHUNK_BYTES // 8)


def test_E19_an_object_that_is_gone_is_told(files, stored):
    hand, row = stored
    path = files.object_of(row)
    path.rename(path.with_suffix(".away"))
    try:
        shows_it_fails_closed(files, hand, row)
    finally:
        path.with_suffix(".away").rename(path)


def test_E19_objects_of_two_files_swapped_open_for_nobody(files):
    one, two = with_file(files, b"file one", "1.txt"), with_file(files, b"file two", "2.txt")
    here, there = files.object_of(one[1]), files.object_of(two[1])
    first, second = here.read_bytes(), there.read_bytes()
    here.write_bytes(second)
    there.write_bytes(first)
    shows_it_fails_closed(files, *one)
    shows_it_fails_closed(files, *two)
    here.write_bytes(first)
    there.write_bytes(second)


ROWS = (
    "vendor_id",
    "wrapped_dek",
    "object_id",
    "sha256",
    "size",
    "row_mac",
    "scan_state",
    "sealed_version",
    "sealed_for_id",
    "kek_id",
)


@pytest.mark.parametrize("column", ROWS)
def test_E19_a_row_that_was_changed_opens_for_nobody(files, stored, column):
    hand, row = stored
    other, theirs = with_file(files, b"another file", "other.txt")
    changed = {
        "scan_state": ScanState.NOT_SCANNED,
        "sealed_version": 2,
        "sealed_for_id": other.vendor_id,
        "size": 5,
        "kek_id": "k9",
    }
    value = changed.get(column, getattr(theirs, column))
    if column == "object_id":
        files.object_of(theirs).rename(files.object_of(theirs).with_suffix(".away"))
        _free(files, theirs)
    with rechanged(files, row, **{column: value}):
        reader = other if column == "vendor_id" else hand
        shows_it_fails_closed(files, reader, row)
    assert copy_of(hand, row).status == 200


def _free(files, row):
    """Let another row take the object of this one, which is erased for it."""
    with files.database.writing() as session:
        crypto_erase(session, session.get_one(Evidence, row.id), SYSTEM, "for a test")
        session.get_one(Evidence, row.id).object_id = row.id


def test_E19_other_files_open_while_one_is_refused(files, stored):
    hand, row = stored
    other, theirs = with_file(files)
    path = files.object_of(row)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert _whole(hand, row) is None
    assert copy_of(other, theirs).status == 200
    path.write_bytes(whole)


def test_E19_bytes_of_yesterday_do_not_open_with_the_row_of_today(files):
    hand, row = with_file(files, b"first version " * 9000, "a.txt")
    old = files.object_of(row).read_bytes()
    done = Renewed()
    renew(files.database, row.id, done, clock.now())
    assert (done.files, done.refused) == (1, [])
    (fresh,) = files.files(hand)
    assert (fresh.sealed_version, fresh.object_id != row.object_id) == (2, True)
    assert copy_of(hand, fresh).status == 200
    path = files.object_of(fresh)
    new = path.read_bytes()
    path.write_bytes(old)
    shows_it_fails_closed(files, hand, fresh)
    path.write_bytes(new)


def shows_it_fails_closed(files, hand, row):
    """Take a copy: not one changed byte comes; ledger and administrators hear of it."""
    before = len(tampered(files, row))
    whole = _whole(hand, row)
    assert whole is None, "a changed file was given out"
    assert len(tampered(files, row)) == before + 1
    with files.database.reading() as session:
        chosen = text("SELECT to_email FROM outbox_letter WHERE dedupe_key LIKE :key")
        key = {"key": f"evidence_refused:{row.id}%"}
        assert set(session.scalars(chosen, key)) == {ADIL.email}


def tampered(files, row):
    return [detail for action, detail in files.entries(row.id) if action == "evidence.tampered"]


def _whole(hand, row):
    """Return what came, or None where it was refused or broken off before its announced end."""
    try:
        got = copy_of(hand, row)
    except Exception:  # noqa: BLE001  a line that was cut is an answer, too
        return None
    if got.status != 200 or len(got.body) < int(got.headers["content-length"]):
        return None
    return got.body
