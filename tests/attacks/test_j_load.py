"""J: big files come in by the dozen while others are taken away and reports are printed."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app import set_up
from bench.soak_server import children_of
from evidence.intake import BUSY
from operations.serving import THREADS
from reports.models import Report
from reports.rules import ReportState
from tests import makers
from tests.attacks.files_ground import furnished, is_whole, print_scale
from tests.attacks.load_ground import (
    MEGABYTE,
    Watch,
    bring,
    look,
    packing,
    scanned,
    take,
    wait_until,
)
from tests.attacks.rounds import IS_LONG
from tests.attacks.scanner import Clamd
from tests.operations import served
from tests.people import LAILA, Character
from tests.reviews import stories

pytestmark = pytest.mark.slow

UPLOADS, MEGABYTES, COPIES, REPORTS = (50, 25, 20, 5) if IS_LONG else (10, 8, 6, 2)
ROOM = MEGABYTES * 3 // 2
"""Megabytes each vendor may have: one of these files and not two."""
PROCESSES = 2
MORE = THREADS * 8
"""Megabytes a web process may hold more than at rest, however big the files are: each of its
threads has the part of the spool that stays in memory (half a megabyte), one part of 64 kB on its
way in, one of 1 MB on its way out, and what the allocator keeps of these; some of them freeze the
facts of a report, the first of this process. Whole files in memory were 15 MB a thread with 8 MB
each, and would be three times that with 25 MB."""
AT_ONCE = max(2, os.cpu_count() or 1)
"""Closer looks one process takes at once."""
IN_JOBS = PROCESSES * AT_ONCE * (4 * MEGABYTES + 60)
"""Megabytes that all closer looks together may hold: so many at once in each process, each with the
file as it came, as it is read, and as its parser has it, beside the parser itself."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory, server):
    """The product with a scanner that takes files of 25 MB, and room for one file of each vendor."""
    scanner = Clamd(tmp_path_factory.mktemp("clamd"), largest="30M")
    scanner.start()
    address = server.new_database("duly_load") if server else ""
    made = furnished(tmp_path_factory.mktemp("load"), address, scanner)
    made.settings = made.settings.model_copy(
        update={"vendor_storage_mb": ROOM, "storage_mb": 100_000}
    )
    env = served.surroundings(
        made.settings,
        DULY_CLAMD=scanner.address,
        DULY_VENDOR_STORAGE_MB=str(ROOM),
        TMPDIR=str(made.spool),
    )
    port = urlsplit(made.url).port
    with served.serving(env, port, made.log) as web, served.working(env, made.log) as worker:
        yield made, web.pid, worker.pid
    is_whole(made)
    made.database.engine.dispose()
    scanner.kill()


@pytest.fixture(autouse=True)
def _at_home(ground):
    set_up(ground[0].settings)


def reviewed(ground, number):
    """Return a vendor that handed everything in, as the desk sees it."""
    with ground.database.writing() as session:
        vendor = makers.make_vendor(session, name=f"Reviewed {number}")
        who = Character(f"Vania {number}", f"vania{number}@reviewed.example", ())
        stories.submitted(session, vendor=vendor, who=who)
        vendor_id = vendor.id
    return ground.staff(LAILA, vendor_id)


def order(desk):
    return look(desk, f"/vendors/{desk.vendor_id}/reports", "POST")


def issued(ground):
    with ground.database.reading() as session:
        return [each is ReportState.ISSUED for each in session.scalars(select(Report.state))]


class Storm:
    """Everybody at once, and what each was told."""

    def __init__(self, ground, pack):
        self.ground = ground
        self.hands = [ground.vendor() for _ in range(UPLOADS)]
        self.parcels = [pack() for _ in self.hands]
        self.desks = [reviewed(ground, number) for number in range(REPORTS)]
        self.stored = ground.vendor()
        self.there = pack()
        assert bring(self.stored, self.there, self.stored.headers("POST"))[0] == 303
        scanned(ground, [self.stored])
        (self.file,) = ground.files(self.stored)

    def break_loose(self):
        """Let everybody begin at the same moment; somebody opens pages meanwhile."""
        headers = [each.headers("POST") for each in self.hands]
        together = Barrier(UPLOADS + COPIES + REPORTS)

        def begin(do, *given):
            together.wait(served.PATIENCE)
            return do(*given)

        calm = self.ground.vendor()
        with ThreadPoolExecutor(UPLOADS + COPIES + REPORTS) as pool:
            given = zip(self.hands, self.parcels, headers, strict=True)
            sent = [pool.submit(begin, bring, *each) for each in given]
            taken = [pool.submit(begin, take, self.stored, self.file.id) for _ in range(COPIES)]
            ordered = [pool.submit(begin, order, each) for each in self.desks]
            self.looks = []
            while not all(each.done() for each in (*sent, *taken, *ordered)):
                began = time.monotonic()
                assert look(calm) == 200
                self.looks.append(time.monotonic() - began)
                time.sleep(0.1)
        self.told = [each.result() for each in sent]
        self.taken = [each.result() for each in taken]
        self.ordered = [each.result() for each in ordered]


def test_J03_big_files_in_and_out_and_reports_at_once(ground):
    ground, master, worker = ground
    print_scale(UPLOADS, f"uploads of {MEGABYTES} MB, {COPIES} downloads, {REPORTS} reports")
    storm = Storm(ground, packing(MEGABYTES))
    watch = Watch(master)
    assert len(watch.webs) == PROCESSES
    began = time.monotonic()
    with watch.open():
        storm.break_loose()
        over = time.monotonic() - began
        wait_until(lambda: all(issued(ground)), "A report was not built.")
    print(  # noqa: T201  the figures of a long run
        f"{over:.1f} s; a page meanwhile {max(storm.looks):.2f} s at worst; "
        f"{watch.more:.0f} MB more in a web process, {watch.most_in_jobs:.0f} MB in closer looks"
    )
    # Whoever was acknowledged has the file, byte for byte; whoever was refused has nothing.
    kept = []
    for hand, parcel, (status, text) in zip(storm.hands, storm.parcels, storm.told, strict=True):
        rows = ground.files(hand)
        if status == 303:
            assert [row.sha256.hex() for row in rows] == [parcel.sha256]
            kept.append((hand, rows[0].id, parcel))
        else:
            assert (status, BUSY in text, rows) == (422, True, [])
    assert len(kept) >= UPLOADS // 2
    assert set(storm.taken) == {(200, storm.there.sha256)}
    assert set(storm.ordered) == {303}
    assert len(issued(ground)) == REPORTS
    scanned(ground, [hand for hand, _, _ in kept])
    for hand, file_id, parcel in kept:
        assert take(hand, file_id) == (200, parcel.sha256)
    # Nobody died or stood still, and nobody held more than a few parts of what went through.
    assert set(children_of(master)) == watch.webs
    assert children_of(worker), "the worker's helper is gone"
    assert "WORKER TIMEOUT" not in ground.log.read_text()
    assert watch.more < MORE
    assert watch.most_in_jobs < IN_JOBS
    lying = [each for each in ground.spool.rglob("*") if each.is_file()]
    assert [each for each in lying if not each.parent.name.startswith("duly-metrics-")] == []


def test_J03_of_many_at_once_as_many_are_taken_as_there_is_room_for(ground):
    ground, _, _ = ground
    pack, hand = packing(MEGABYTES), ground.vendor()
    before = ground.objects()
    parcels, headers = [pack() for _ in range(3)], hand.headers("POST")
    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(lambda each: bring(hand, each, headers), parcels))
    assert sorted(status for status, _ in told) == [303, 422, 422]
    assert all("There is no room for a file of" in text for status, text in told if status == 422)
    (row,) = ground.files(hand)
    assert row.sha256.hex() in {each.sha256 for each in parcels}
    assert ground.objects() - before == {ground.object_of(row)}
    assert row.size <= MEGABYTES * MEGABYTE
