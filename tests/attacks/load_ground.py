"""Many who bring and take big files at once, and somebody who watches the processes meanwhile."""

import hashlib
import http.client
import io
import os
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pikepdf

from bench.soak_server import children_of
from tests.attacks.files_ground import Ground, Hand
from tests.operations.served import PATIENCE

MEGABYTE = 1024 * 1024
MARK = b"which of all these files it is: "
_numbers = count(1)


@dataclass(frozen=True)
class Parcel:
    """A big file like no other, made of parts that all files share."""

    before: memoryview
    own: bytes
    after: memoryview

    @property
    def parts(self):
        return self.before, self.own, self.after

    @property
    def size(self):
        return sum(len(each) for each in self.parts)

    @property
    def sha256(self):
        told = hashlib.sha256()
        for each in self.parts:
            told.update(each)
        return told.hexdigest()


def packing(megabytes):
    """Return what makes parcels of a size: PDFs that differ in one number."""
    document = pikepdf.new()
    document.add_blank_page()
    content = MARK + b"0" * 12 + os.urandom(megabytes * MEGABYTE - 4096)
    document.Root.Weight = document.make_stream(content)
    document.save(file := io.BytesIO(), compress_streams=False)
    whole = memoryview(file.getvalue())
    at = file.getvalue().index(MARK) + len(MARK)
    assert len(whole) <= megabytes * MEGABYTE

    def pack():
        return Parcel(whole[:at], b"%012d" % next(_numbers), whole[at + 12 :])

    return pack


def bring(hand: Hand, parcel: Parcel, headers):
    """Upload a parcel piece by piece; return status and text. `headers` are the hand's own."""
    boundary = uuid4().hex
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in {"vendor_id": hand.vendor_id, "kind": "other"}.items()
    ) + (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    tail = f"\r\n--{boundary}--\r\n".encode()
    told = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(head) + parcel.size + len(tail)),
    }
    line = http.client.HTTPConnection(urlsplit(hand.url).netloc, timeout=PATIENCE)
    try:
        line.request("POST", "/p/evidence", (head.encode(), *parcel.parts, tail), headers | told)
        got = line.getresponse()
        return got.status, got.read().decode("utf-8", "replace")
    finally:
        line.close()


def take(hand: Hand, file_id):
    """Take a file away piece by piece; return status and the hash of what came."""
    line = http.client.HTTPConnection(urlsplit(hand.url).netloc, timeout=PATIENCE)
    try:
        line.request("GET", f"/p/evidence/{file_id}/download", headers=hand.headers("GET"))
        got, told = line.getresponse(), hashlib.sha256()
        while part := got.read(MEGABYTE):
            told.update(part)
        return got.status, told.hexdigest()
    finally:
        line.close()


def look(hand: Hand, path="/p/evidence", method="GET"):
    """Open a page; it comes when one of all the busy threads is free, and not before."""
    line = http.client.HTTPConnection(urlsplit(hand.url).netloc, timeout=PATIENCE)
    try:
        line.request(method, path, headers=hand.headers(method))
        got = line.getresponse()
        got.read()
        return got.status
    finally:
        line.close()


class Watch:
    """Samples what a server's processes hold until it is told to stop."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.webs = set(children_of(master))
        self.at_rest = {pid: resident(pid) for pid in self.webs}
        self.most = dict(self.at_rest)
        self.most_in_jobs = 0.0

    @contextmanager
    def open(self):
        over = threading.Event()
        sampling = threading.Thread(target=self._sample, args=(over,))
        sampling.start()
        try:
            yield self
        finally:
            over.set()
            sampling.join()

    @property
    def more(self):
        """Megabytes the web process that grew most held above what it held at rest."""
        return max(self.most[pid] - self.at_rest[pid] for pid in self.webs)

    def _sample(self, over):
        while not over.wait(0.02):
            for pid in self.webs:
                self.most[pid] = max(self.most[pid], resident(pid))
            helpers = [each for pid in self.webs for each in children_of(pid)]
            jobs = sum(resident(job, "RssAnon") for each in helpers for job in children_of(each))
            self.most_in_jobs = max(self.most_in_jobs, jobs)


def resident(pid, what="VmRSS"):
    """Return megabytes; 0 of whoever is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in lines if x.startswith(f"{what}:")), 0.0)


def scanned(ground: Ground, hands):
    """Wait until the scanner has looked at every file of these hands."""

    def is_so():
        states = {row.scan_state.value for hand in hands for row in ground.files(hand)}
        return states <= {"clean"}

    wait_until(is_so, "A file was not scanned.")


def wait_until(is_so, why):
    """Wait as long as a machine may take that has all this to do; nothing is judged by it."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, why
        time.sleep(0.1)
