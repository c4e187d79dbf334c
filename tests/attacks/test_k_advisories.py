"""K02: what is locked is asked about; what is named, passed over or not asked fails, each by name."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.setup.conftest import ROOT, furnished, laid_out
from tests.setup.test_locks import LOCKS, PIN, requirements_of

pytestmark = pytest.mark.slow

TOOL = ROOT / "tests" / "advisories.py"
NOBODY = "http://127.0.0.1:9/v1/query"
FEW = {"pillow": "12.3.0", "mako": "1.3.10", "lxml": "6.1.1"}
ADVISORY = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "summary": "A picture may run what it wants.",
    "affected": [{"package": {"name": "pillow", "ecosystem": "PyPI"}}],
}


class Service(ThreadingHTTPServer):
    """A service that speaks OSV's protocol: one question and one answer for each package."""

    def __init__(self):
        self.asked, self.known, self.broken_at = [], {}, ""
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1/query"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name, version = question["package"]["name"], question["version"]
        assert question["package"]["ecosystem"] == "PyPI"
        self.server.asked.append((name, version))
        found = self.server.known.get(name)
        answer = json.dumps({"vulns": [found]} if found else {}).encode()
        self.send_response(503 if name == self.server.broken_at else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass


@pytest.fixture
def service():
    with Service() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A tree with few packages, in which pip-audit was installed the way everybody gets it."""
    if os.environ.get("TESTS_APART"):
        pytest.skip("without a network pip-audit cannot be installed")
    tree = laid_out(tmp_path_factory.mktemp("audited") / "a tree")
    for lock in ("installer", "base", "test"):
        wanted = [f"{name}=={at} --hash=sha256:{64 * '0'}" for name, at in FEW.items()]
        tree.write(f"requirements/{lock}.lock", "\n".join(["# few", *wanted, ""]))
    tree.write("tests/advisories.py", TOOL.read_text())
    furnished(tree)
    told = tree.duly("check", "--advisories", env={"DULY_ADVISORIES": NOBODY})
    if "could not be installed" in told.stderr:
        pytest.skip("pip-audit cannot be installed from here")
    assert told.returncode == 3, told.stderr
    assert told.stdout.count(f"Not asked: {NOBODY} gave no answer") == len(LOCKS)
    assert "names none" not in told.stdout
    return tree


def asked(tree, service):
    told = tree.duly("check", "--advisories", env={"DULY_ADVISORIES": service.address})
    assert "Traceback" not in told.stdout + told.stderr
    return told.returncode, told.stdout


def test_K02_every_package_we_lock_is_asked_about(checkout, service):
    python = checkout.root / ".venv" / "audit" / "bin" / "python"
    told = checkout.run(str(python), str(TOOL), env={"DULY_ADVISORIES": service.address})
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("and names none of them.") == len(LOCKS)
    pinned = [(PIN.match(line), ";" in line) for lock in LOCKS for line in requirements_of(lock)]
    pins = {(found[1], found[2]): is_some for found, is_some in pinned}
    assert set(service.asked) <= set(pins)
    elsewhere = [pin for pin in pins.keys() - set(service.asked) if not pins[pin]]
    assert elsewhere == [], "only what other systems need is left out"


def test_K02_what_is_named_or_cannot_be_judged_fails(checkout, service):
    service.known = {
        "pillow": ADVISORY,
        "mako": ADVISORY | {"id": "PYSEC-2026-2", "schema_version": "9.0.0"},
        "lxml": ADVISORY | {"id": "PYSEC-2026-3", "affected": None},
    }
    code, said = asked(checkout, service)
    assert code == 1
    assert f"pillow {FEW['pillow']}: PYSEC-2026-1\n    A picture may run what it wants." in said
    assert "Not judged: Unsupported OSV schema version: 9.0.0" in said
    assert "Not judged: OSV vuln entry 'PYSEC-2026-3' is missing 'affected' list" in said
    assert said.count("names none of them") == 1, "of the tool's own"


def test_K02_a_package_that_cannot_be_looked_up_fails(checkout, service):
    lock = checkout.root / "requirements" / "test.lock"
    kept = lock.read_text()
    lock.write_text(f"{kept}nameless>=1\n")
    code, said = asked(checkout, service)
    lock.write_text(kept)
    assert code == 1
    assert "Not judged: requirement nameless>=1 does not contain a hash" in said


def test_K02_a_service_that_breaks_off_was_not_asked(checkout, service):
    service.broken_at = "pip-audit"
    code, said = asked(checkout, service)
    assert code == 3
    assert said.count(f"Not asked: {service.address}") == 1
    assert said.count("and names none of them.") == len(LOCKS) - 1
