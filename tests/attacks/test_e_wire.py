"""E: how files come over the wire, lying about their length, all at once, until nothing fits."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete

from evidence.models import Evidence
from evidence.sniff import MOST_BYTES
from foundation.ids import new_id
from tests.attacks.files_ground import MOST_FILES, MOST_OF_A_VENDOR, multipart, print_scale

pytestmark = pytest.mark.slow

ROUNDS = 60 if os.environ.get("DULY_ATTACKS") == "long" else 3
"""How often two bring at the same moment what only one has room for."""
MEGABYTE = 1_000_000


def text_of(size, word=b"a"):
    return (word * (size // len(word) + 1))[:size]


def form_of(hand, content, name="a.txt"):
    fields = {"vendor_id": str(hand.vendor_id), "kind": "other"}
    return multipart(content, name, "text/plain", fields)


def raw(hand, body, boundary, *, length=None, most=None):
    """Send a form over a bare socket; return the status, or 0 where nobody answered."""
    place = urlsplit(hand.url)
    lines = ["POST /p/evidence HTTP/1.1", f"Host: {place.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in hand.headers("POST").items()]
    lines.append(f"Content-Type: multipart/form-data; boundary={boundary}")
    lines.append(
        "Transfer-Encoding: chunked" if length == "chunked" else f"Content-Length: {length}"
    )
    with socket.create_connection((place.hostname, place.port), timeout=60) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        try:
            if length == "chunked":
                for at in range(0, len(body), 65_536):
                    part = body[at : at + 65_536]
                    line.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                line.sendall(b"0\r\n\r\n")
            else:
                line.sendall(body[:most])
            if most is not None:
                return 0
            with suppress(OSError):  # it hung up first: what it said can be read all the same
                line.shutdown(socket.SHUT_WR)
            answer = line.recv(65_536)
        except (BrokenPipeError, ConnectionResetError):
            return 0
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def test_E05_nothing_one_byte_and_the_largest_file_there_may_be(files):
    hand = files.vendor()
    got = hand.bring(b"", "a.txt")
    assert (got.status, "The selected file is empty." in got.text) == (422, True)
    assert hand.bring(b"a", "a.txt").status == 303
    assert hand.bring(text_of(MOST_BYTES), "most.txt").status == 303
    assert sorted(row.size for row in files.files(hand)) == [1, MOST_BYTES]
    before = files.objects()
    got = hand.bring(text_of(MOST_BYTES + 1), "more.txt")
    assert (got.status, "must be smaller than 25MB" in got.text) == (422, True)
    body, boundary = form_of(hand, text_of(2 * MOST_BYTES))
    assert raw(hand, body, boundary, length=len(body)) in {0, 413}
    assert files.objects() == before
    assert len(files.files(hand)) == 2


def test_E05_a_length_that_lies_leaves_no_part_of_a_file(files):
    hand = files.vendor()
    before = files.objects()
    body, boundary = form_of(hand, text_of(900_000))
    assert raw(hand, body, boundary, length=len(body) // 2) in {0, 400, 413, 422}
    assert raw(hand, body, boundary, length=-1) in {0, 400}
    assert raw(hand, body, boundary, length="9" * 30) in {0, 400, 413}
    # The end of the form came, only what would follow it did not: the file is whole.
    assert raw(hand, body, boundary, length=len(body) + 5000) in {0, 303, 400, 408, 413, 422}
    assert {row.size for row in files.files(hand)} <= {900_000}
    before, known = files.objects(), len(files.files(hand))
    # Hanging up shortly before the end.
    assert raw(hand, body, boundary, length=len(body), most=int(len(body) * 0.99)) == 0
    assert hand.bring(b"the line is free again", "after.txt").status == 303
    assert [row.original_name for row in files.files(hand)[known:]] == ["after.txt"]
    assert len(files.objects() - before) == 1
    assert list(files.spool.glob("*.txt")) == list(files.settings.evidence_dir.glob("tmp/*")) == []


def test_E05_a_form_in_pieces_without_a_length_is_taken_or_refused_whole(files):
    hand = files.vendor()
    body, boundary = form_of(hand, text_of(900_000))
    status = raw(hand, body, boundary, length="chunked")
    rows = files.files(hand)
    assert (status, [row.size for row in rows]) in [(303, [900_000]), (411, []), (400, [])]
    endless, boundary = form_of(hand, text_of(2 * MOST_BYTES))
    assert raw(hand, endless, boundary, length="chunked") in {0, 400, 411, 413}
    assert len(files.files(hand)) == len(rows)


def test_E07_the_room_of_a_vendor_ends_and_says_how_much_is_left(files):
    hand, half = files.vendor(), MOST_OF_A_VENDOR * MEGABYTE // 2 - MEGABYTE
    half = min(half, MOST_BYTES)
    n_fit = MOST_OF_A_VENDOR * MEGABYTE // half
    for number in range(n_fit):
        assert hand.bring(text_of(half, b"%d" % number), "a.txt").status == 303
    before = files.objects()
    got = hand.bring(text_of(half, b"no room"), "b.txt")
    left = (MOST_OF_A_VENDOR * MEGABYTE - n_fit * half) / MEGABYTE
    assert got.status == 422
    assert (
        f"There is no room for a file of {half / MEGABYTE:.1f} MB: {left:.1f} MB are left"
        in got.text
    )
    assert files.objects() == before
    assert files.vendor().bring(b"others have room", "a.txt").status == 303


def test_E07_a_vendor_has_so_many_files_and_no_more(files):
    hand = files.vendor()
    for number in range(MOST_FILES):
        assert hand.bring(b"file %d" % number, "a.txt").status == 303
    got = hand.bring(b"one too many", "a.txt")
    assert (got.status, f"There are {MOST_FILES} files on record" in got.text) == (422, True)
    removed = files.files(hand)[0].id
    assert hand.ask("POST", f"/p/evidence/{removed}/remove").status == 303
    assert hand.bring(b"one too many", "a.txt").status == 303


def test_E07_all_vendors_together_have_only_so_much_room(files):
    hand, other = files.vendor(), files.vendor()
    assert other.bring(b"a file", "a.txt").status == 303
    (row,) = files.files(other)
    columns = {c.name: getattr(row, c.name) for c in Evidence.__table__.columns}
    huge = columns | {
        "id": new_id(),
        "object_id": new_id(),
        "reference": "E-9999",
        "size": files.settings.storage_mb * MEGABYTE,
    }
    with files.database.engine.begin() as line:
        line.execute(Evidence.__table__.insert().values(**huge))
    try:
        got = hand.bring(b"no room anywhere", "a.txt")
        assert (got.status, "are left for all files together" in got.text) == (422, True)
    finally:
        with files.database.engine.begin() as line:
            line.execute(delete(Evidence.__table__).where(Evidence.id == huge["id"]))
    assert hand.bring(b"no room anywhere", "a.txt").status == 303


def test_E07_two_who_bring_at_once_never_get_more_than_there_is(files):
    print_scale(ROUNDS, "races for the last place")
    for number in range(ROUNDS):
        hand = files.vendor()
        for filled in range(MOST_FILES - 1):
            assert hand.bring(b"%d filled %d" % (number, filled), "a.txt").status == 303
        gate = threading.Barrier(4)

        def bring(each, hand=hand, gate=gate):
            gate.wait()
            return hand.bring(text_of(200_000, b"%d" % each), f"{each}.txt").status

        with ThreadPoolExecutor(4) as crowd:
            told = sorted(crowd.map(bring, range(4)))
        assert told == [303, 422, 422, 422]
        assert len(files.files(hand)) == MOST_FILES


def test_E16_the_same_bytes_at_the_same_moment_are_one_file(files):
    for number in range(ROUNDS):
        hand, gate = files.vendor(), threading.Barrier(4)
        same = text_of(300_000, b"same %d" % number)

        def bring(_, hand=hand, gate=gate, content=same):
            gate.wait()
            return hand.bring(content, "a.txt").status

        with ThreadPoolExecutor(4) as crowd:
            assert set(crowd.map(bring, range(4))) == {303}
        (row,) = files.files(hand)
        assert files.object_of(row).is_file()
