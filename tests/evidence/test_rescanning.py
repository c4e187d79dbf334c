"""Files that wait are scanned once the scanner answers, and never before are they given out."""

import socket
import struct
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from audit.models import Entry
from evidence.models import Evidence
from evidence.rescanning import scan_waiting
from evidence.rules import ScanState
from foundation import clock
from mail.models import Letter
from tests import people as cast
from tests.evidence.stories import new_vendor, object_path, on_record, set_scanner

MINUTE = timedelta(minutes=1)


class Desk:
    """A scanner that answers as long as it is open; `says` is what it finds."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.says = b"OK"
        self.seen = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as file:
                if file.read(6) == b"zPING\0":
                    line.sendall(b"PONG\0")
                    continue
                assert file.read(4) == b"EAM\0"
                content = b""
                while size := struct.unpack(">I", file.read(4))[0]:
                    content += file.read(size)
                self.seen.append(content)
                line.sendall(b"stream: " + self.says + b"\0")

    def close(self):
        self._server.close()


@pytest.fixture
def desk(database):
    made = Desk()
    yield made
    made.close()


@pytest.fixture
def waiting(database, authors):
    """A file that came while nobody answered."""
    rabia, vendor_id = authors[cast.RABIA.email], new_vendor(database, authors)
    set_scanner("/no/such/socket")
    return on_record(database, vendor_id, rabia)


def state(database, row):
    with database.reading() as session:
        return session.get_one(Evidence, row.id).scan_state


def test_it_waits_until_the_scanner_is_there(database, desk, waiting):
    assert waiting.scan_state is ScanState.FAILED
    assert scan_waiting(database, clock.now()) == 0
    set_scanner(desk.address)
    assert scan_waiting(database, clock.now()) == 1
    assert state(database, waiting) is ScanState.CLEAN
    assert desk.seen == [b"Our security policy.\n"]
    assert scan_waiting(database, clock.now()) == 0, "what is known is not asked again"


def test_a_virus_found_late_is_told_to_staff_and_to_who_brought_it(database, desk, waiting):
    desk.says = b"Win.Test FOUND"
    set_scanner(desk.address)
    scan_waiting(database, clock.now())
    assert state(database, waiting) is ScanState.INFECTED
    with database.reading() as session:
        told = {(each.kind, each.to_email) for each in session.scalars(select(Letter))}
        last = session.scalars(select(Entry).order_by(Entry.seq.desc())).first()
    assert told == {
        ("virus_found", cast.PERVEZ.email),
        ("virus_found", cast.ADIL.email),
        ("virus_found_in_yours", cast.RABIA.email),
    }
    assert (last.action, last.detail["state"]) == ("evidence.scan", "infected")


@pytest.mark.parametrize("said", [b"", b"Can't allocate memory ERROR", b"OK FOUND ERROR"])
def test_an_unclear_word_lets_it_wait_a_minute_longer(database, desk, waiting, said):
    desk.says, at = said, clock.now()
    set_scanner(desk.address)
    for moment in (at, at + MINUTE / 2, at + MINUTE):
        scan_waiting(database, moment)
        assert state(database, waiting) is ScanState.FAILED
    assert len(desk.seen) == 2


def test_a_changed_file_is_not_blessed_by_the_scanner(database, desk, waiting):
    path = object_path(waiting)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    set_scanner(desk.address)
    for _ in range(2):
        assert scan_waiting(database, clock.now()) == 0
    assert state(database, waiting) is ScanState.FAILED
    with database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.action == "evidence.tampered")).all()
        letters = session.scalars(select(Letter.to_email)).all()
    assert (len(found), letters) == (1, [cast.ADIL.email])


def test_files_from_before_there_was_a_scanner_are_scanned(database, authors, desk):
    row = on_record(database, new_vendor(database, authors), authors[cast.RABIA.email])
    assert row.scan_state is ScanState.NOT_SCANNED
    set_scanner(desk.address)
    assert scan_waiting(database, clock.now()) == 1
    assert state(database, row) is ScanState.CLEAN
