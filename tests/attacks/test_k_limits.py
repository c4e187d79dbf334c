"""K: the whole product with no right but to its own folders, and no network but the loopback.

The walls are those of the kernel (`tests/attacks/cell.py`), the calls those of the units we ship.
"""

import errno
import json
import os
import sys
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from evidence.models import Evidence
from evidence.rules import ScanState
from questionnaires.answer_models import AnswerEvent
from questionnaires.models import Assessment
from reminders.models import Heartbeat
from reports.models import Report
from reports.rules import ReportState
from tests.attacks import unit
from tests.attacks.browser import TOKEN
from tests.attacks.cell import ROOT
from tests.attacks.walled import behind, behind_walls, walled
from tests.people import LAILA, RABIA, VANIA
from vendors.models import Vendor

pytestmark = pytest.mark.slow

__all__ = ["behind"]

FROM_HERE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def test_K06_the_main_job_is_done_behind_walls(behind):
    fort = behind.fort
    vania = fort.come_in(VANIA)
    mine = select(Assessment).join(Vendor).where(Vendor.name == "Acme Cloud")
    (sent,) = fort.read(mine)
    vania.get(f"/p/a/{sent.id}")
    vania.post(f"/p/a/{sent.id}/start")
    told = vania.post(
        f"/p/a/{sent.id}/answers", code="enc_in_transit", version="0", sequence="1", options="yes"
    )
    assert told.status == 200, told.text
    assert len(fort.read(select(AnswerEvent))) == 1
    content = b"Policy: all of this is true.\n" * 40_000
    assert bring(vania, sent.vendor_id, content).status == 303
    (proof,) = fort.read(select(Evidence))
    assert proof.scan_state is ScanState.NOT_SCANNED
    rabia = fort.sign_in(RABIA)
    assert "Not scanned" in rabia.get(f"/vendors/{sent.vendor_id}/evidence").text
    laila = fort.sign_in(LAILA)
    laila.get(f"/vendors/{sent.vendor_id}/reports")
    assert laila.post(f"/vendors/{sent.vendor_id}/reports").status == 303
    ready = select(Report).where(Report.state.in_([ReportState.ISSUED, ReportState.FAILED]))
    (report,) = fort.wait(lambda: fort.read(ready))
    assert report.state is ReportState.ISSUED, report.failure
    paper = laila.get(f"/reports/{report.id}/download")
    assert (paper.status, paper.text[:5]) == (200, "%PDF-")


def bring(browser, vendor_id, content):
    """Upload a file as the page of a vendor's person does."""
    page = browser.get("/p/evidence")
    fields = {"vendor_id": str(vendor_id), "kind": "policy", "title": "Our policy"}
    fields["csrf_token"] = TOKEN.search(page.text)[1]
    file = FileStorage(BytesIO(content), filename="policy.txt")
    boundary, body = encode_multipart({**fields, "file": file})
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return browser.send("POST", "/p/evidence", body, kind)


def test_K06_the_doctor_finds_nothing_broken_behind_walls(behind):
    behind.fort.wait(lambda: behind.fort.read(select(Heartbeat)))
    done = behind.duly("doctor", "--json")
    assert done.stderr == ""
    lines = {each["name"]: each for each in json.loads(done.stdout)["checks"]}
    assert [each for each in lines.values() if each["grade"] == "problem"] == [], done.stderr
    assert lines["Malware scanner"]["said"] == "No scanner is set"
    assert lines["Mail server"]["said"] == "127.0.0.1 answers, without encryption"
    assert "few system calls" in lines["Sandbox for files"]["said"].lower()
    assert lines["PDF"]["said"].startswith("A page of ")


def test_K06_a_backup_goes_into_the_data_and_nowhere_else(behind):
    kept = behind.folder / "data" / "backup.tar"
    done = behind.duly("backup", kept)
    assert done.returncode == 0, done.stderr
    assert behind.duly("restore", kept, "--check").returncode == 0
    refused = behind.duly("backup", ROOT / "backup.tar")
    assert refused.returncode == 1
    assert "Read-only file system" in refused.stderr
    assert "Traceback" not in refused.stderr


PROBES = """
import ctypes, json, os, signal, socket, sys
said = {}
def probe(name, act):
    try:
        act()
        said[name] = "done"
    except OSError as refusal:
        said[name] = refusal.errno
def called(number, *words):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *words) < 0:
        raise OSError(ctypes.get_errno(), "")
pid, code, ptrace = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for place in (code, "/etc", "/dev/shm", "/var/tmp", "/usr", "/"):
    probe("write " + place, lambda: open(place + "/x", "w"))
probe("become root", lambda: os.setuid(0))
probe("own a file", lambda: os.chown("/tmp", 0, 0))
probe("mount", lambda: called({"x86_64": 165}.get(os.uname().machine, 40), 0, b"/tmp", b"tmpfs", 0, 0))
for name in ("mem", "environ", "maps"):
    probe("read " + name, lambda: open(f"/proc/{pid}/{name}", "rb").read(1))
probe("attach", lambda: called(ptrace, 16, pid, 0, 0))
probe("see others", lambda: os.kill(int(sys.argv[4]), 0))
"""


def inside(cell, script, *words, env, through=()):
    done = cell.run(*through, sys.executable, "-P", "-c", script, *words, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_K06_the_account_can_do_nothing_else(behind):
    """The walls hold, so that what the product could do behind them means something.

    The memory of our processes is shut against another process of the same account, too.
    """
    ptrace = {"x86_64": 101}.get(os.uname().machine, 117)
    web = inside(behind.cell, FIND_WEB, env=behind.env)
    script = PROBES + "print(json.dumps(said))"
    for pid in web:
        said = inside(behind.cell, script, pid, ROOT, ptrace, os.getpid(), env=behind.env)
        written = {said.pop(name) for name in list(said) if name.startswith("write")}
        assert written <= {errno.EROFS, errno.EACCES}, said
        assert set(said.values()) <= {errno.EPERM, errno.EACCES, errno.ESRCH, errno.ENOENT}, said


FIND_WEB = """
import json, pathlib
found = [p.name for p in pathlib.Path("/proc").glob("[0-9]*")
         if b"operations.cli" in (p / "cmdline").read_bytes()]
print(json.dumps(found))
"""


CALLS = """
probe("another kind of network", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
probe("code in memory", lambda: mmap.mmap(-1, 4096, prot=7))
unshare = {"x86_64": 272}.get(os.uname().machine, 97)
probe("own mounts", lambda: called(unshare, 0x10020000))
probe("a clock", lambda: time.clock_settime(0, time.time()))
probe("an own network", lambda: called(unshare, 0x50000000))
print(json.dumps(said))
"""


def test_K06_the_calls_are_those_of_the_units(tmp_path):
    if not unit.can_apply():
        pytest.skip("this machine has no systemd-analyze or no libseccomp")
    beginning = "import mmap, time\n" + PROBES.partition("pid, code")[0] + CALLS
    with behind_walls(tmp_path) as cell:
        for name in ("web", "worker"):
            said = inside(cell, beginning, env=FROM_HERE, through=walled(name))
            assert said.pop("an own network") in {"done", errno.EPERM}, "as the system allows"
            assert said.pop("another kind of network") == errno.EAFNOSUPPORT
            assert set(said.values()) == {errno.EPERM}, said


def test_K06_whoever_would_leave_is_refused_and_counted(tmp_path):
    """The counter counts: nobody left because nobody tried."""
    out = "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 5)\n"
    out += "except OSError as no:\n    print(no.errno)\n"
    with behind_walls(tmp_path) as cell:
        assert cell.tried() == 0
        assert inside(cell, out, env={}) == errno.ENETUNREACH
        assert cell.tried() == 1
