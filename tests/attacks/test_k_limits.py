"""K: the whole product with no right but to its own folders, and no network but the loopback.

The walls are those of the kernel (`tests/attacks/cell.py`), the calls those of the units we ship.
"""

import errno
import json
import os
import socketserver
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import which
from socket import AF_UNIX, socket
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app import set_up
from evidence.models import Evidence
from evidence.rules import ScanState
from foundation import clock
from foundation.db import Database
from foundation.settings import Settings
from questionnaires.answer_models import AnswerEvent
from questionnaires.models import Assessment
from reminders.models import Heartbeat
from reports.models import Report
from reports.rules import ReportState
from tests.attacks import fort as forts
from tests.attacks import unit
from tests.attacks.browser import HOST, TOKEN
from tests.attacks.cell import ACCOUNT, ROOT, Cell
from tests.mail.server import free_port
from tests.operations.served import surroundings
from tests.people import LAILA, RABIA, VANIA
from vendors.models import Vendor

pytestmark = pytest.mark.slow

UNITS = ROOT / "docs" / "systemd"
SCRIPT = ROOT / "duly"
FROM_HERE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
VENV = Path(sys.prefix).resolve()
TOOLS = ("unshare", "nsenter", "setpriv")


class Still:
    """The hand of a clock nobody moves."""

    def now(self):
        return clock.of_machine()

    def forward(self, span):
        pass


@dataclass
class Walled:
    """The product behind its walls."""

    cell: Cell
    fort: forts.Fort
    folder: Path
    env: dict
    web: object = None
    worker: object = None

    def duly(self, *words):
        """Run a command of ours inside, under the calls of the worker's unit."""
        return self.cell.run(*walled("worker"), SCRIPT, *words, env=self.env)


def walled(name):
    """Return what goes before a command so that it has the calls of a unit, where it can be had."""
    launcher = [sys.executable, "-P", "-m", "tests.attacks.unit", UNITS / f"duly-{name}.service"]
    return launcher if unit.can_apply() else []


class Relay(socketserver.ThreadingTCPServer):
    """Lets somebody reach PostgreSQL's socket, whose folder is not in the cell, by the loopback."""

    daemon_threads = True

    def __init__(self, path):
        self.path = path
        super().__init__(("127.0.0.1", 0), Passing)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Passing(socketserver.BaseRequestHandler):
    def handle(self):
        with socket(AF_UNIX) as there:
            there.connect(self.server.path)
            back = threading.Thread(target=pass_on, args=(there, self.request), daemon=True)
            back.start()
            pass_on(self.request, there)


def pass_on(one, other):
    try:
        while part := one.recv(65_536):
            other.sendall(part)
        other.shutdown(1)
    except OSError:
        pass  # the other side is gone: so is this one


@contextmanager
def reachable(address):
    """Give the address by which a database is reached from inside."""
    if not address:
        yield ""
        return
    parts = urlsplit(address)
    folder = parse_qs(parts.query)["host"][0]
    relay = Relay(f"{folder}/.s.PGSQL.5432")
    try:
        there = f"127.0.0.1:{relay.server_address[1]}"
        yield f"{parts.scheme}://{parts.username or 'postgres'}@{there}{parts.path}"
    finally:
        relay.shutdown()
        relay.server_close()


def everything_in(folder):
    """Return each file of our code with the moment it was changed last."""
    kept = (path for path in folder.rglob("*") if not {".git", ".duly"} & set(path.parts))
    return {path: path.lstat().st_mtime_ns for path in kept if not path.is_symlink()}


def skip_without_rights():
    if os.geteuid() or not all(map(which, TOOLS)):
        pytest.skip("only root, with unshare, nsenter and setpriv, can put up such walls")


@contextmanager
def behind_walls(*folders):
    skip_without_rights()
    try:
        cell = Cell(*folders)
    except OSError as refusal:
        pytest.skip(f"{refusal}")
    try:
        yield cell
    finally:
        cell.close()


@pytest.fixture(scope="module")
def behind(tmp_path_factory, server):
    """Started from nothing inside, used by everybody, and stopped; then its traces are looked at."""
    skip_without_rights()
    folder = tmp_path_factory.mktemp("limits")
    folders = [folder / "data", folder / "keys"]
    for each in folders:
        each.mkdir(mode=0o700)
        os.chown(each, ACCOUNT, ACCOUNT)
    address = server.new_database("duly_limits") if server else ""
    with behind_walls(*folders) as cell, cell.network(), reachable(address) as inside:
        post, port = forts.Postbox(), free_port()
        controller = Controller(post, hostname="127.0.0.1", port=free_port())
        controller.start()
        settings = Settings(
            data_dir=folders[0], keys_file=folders[1] / "keys.json", database_url=address,
            base_url=f"https://{HOST}", smtp_url=f"smtp://127.0.0.1:{controller.port}",
        )  # fmt: skip
        changed = {"DULY_SMTP_URL": settings.smtp_url, "DULY_DATABASE_URL": inside}
        env = surroundings(settings, DULY_VENV=str(VENV), **changed)
        log = folder / "product.log"
        code, before = everything_in(ROOT), cell.tried()
        made = Walled(cell, None, folder, env)
        migrated = made.duly("migrate")
        assert migrated.returncode == 0, migrated.stderr
        set_up(settings)
        database = Database(settings.database_address)
        made.fort = forts.Fort(port, database, settings, Still(), post, log, lambda: None)
        forts.people(made.fort)
        made.worker = cell.start(
            *walled("worker"), SCRIPT, "worker", "--every", "0.2", env=env, log=log
        )
        made.web = cell.start(*walled("web"), SCRIPT, "serve", "--port", port, env=env, log=log)
        forts._wait_for(port, log)
        yield made
        assert [cell.stop(made.web), cell.stop(made.worker)] == [0, 0], log.read_text()[-4000:]
        controller.stop()
        database.engine.dispose()
        assert sorted(each.name for each in cell.tmp.iterdir()) == left_of(folders)
        assert cell.tried() == before, "somebody tried to leave"
        assert everything_in(ROOT) == code
        assert not any("Traceback" in line for line in log.read_text().splitlines())


def left_of(folders):
    """Return what has to be in /tmp because our own folders lie below it."""
    below = [each for each in folders if each.is_relative_to("/tmp")]
    return sorted({each.relative_to("/tmp").parts[0] for each in below})


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
