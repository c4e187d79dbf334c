"""The product behind walls: started from nothing in a cell, and used by people from outside."""

import os
import socketserver
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from socket import AF_UNIX, socket
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller

from app import set_up
from foundation import clock
from foundation.db import Database
from foundation.settings import Settings
from tests.attacks import fort as forts
from tests.attacks import unit
from tests.attacks.browser import HOST
from tests.attacks.cell import ACCOUNT, ROOT, Cell
from tests.mail.server import free_port
from tests.operations.served import surroundings

UNITS = ROOT / "docs" / "systemd"
SCRIPT = ROOT / "duly"
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
    # As on a machine of its own: what is read-only was set up before, by root.
    set_up_first = {"PATH": os.environ["PATH"], "DULY_VENV": str(VENV)}
    subprocess.run([SCRIPT, "tier", "--help"], env=set_up_first, check=True, capture_output=True)
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
        before = cell.tried()
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
        assert not any("Traceback" in line for line in log.read_text().splitlines())


def left_of(folders):
    """Return what has to be in /tmp because our own folders lie below it."""
    below = [each for each in folders if each.is_relative_to("/tmp")]
    return sorted({each.relative_to("/tmp").parts[0] for each in below})
