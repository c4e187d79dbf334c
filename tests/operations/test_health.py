"""What machines ask: alive, ready, and the numbers; none of it needs a session or tells a name."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from foundation import clock
from foundation import settings as used
from foundation.db import Database
from foundation.settings import ROOT
from mail.commands import queue
from mail.letters import Text
from operations.cli import main
from reminders.commands import beat
from tests.client import client_of
from tests.mail.server import free_port
from tests.makers import make_vendor

TOKEN = "a-token-of-a-collector"


@pytest.fixture
def collector(app):
    before = used.current()
    used.configure(before.model_copy(update={"metrics_token": TOKEN}))
    yield client_of(app)
    used.configure(before)


def scrape(client, token=TOKEN):
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def away(app):
    app.extensions["database"] = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_alive_without_a_database_even_for_somebody_with_a_cookie(app, client):
    away(app)
    client.set_cookie("duly_staff", "x" * 43, domain="localhost")
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["failed"]) == (503, ["database"])
    for address in ("/sign-in", "/metrics"):
        page = client.get(address)
        assert page.status_code in {503, 404}
        assert "The database does not answer" in page.text


def test_not_ready_says_which_part(app, client, database, tmp_path):
    assert client.get("/readyz").status_code == 200
    used.configure(used.current().model_copy(update={"data_dir": Path("/proc/1")}))
    app.extensions["database"] = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["failed"]) == (503, ["schema", "storage"])


def test_the_numbers_are_for_whoever_has_the_token(collector):
    assert scrape(collector).status_code == 200
    for token in ("", "wrong", TOKEN[:-1]):
        assert scrape(collector, token).status_code == 404
    assert collector.get("/metrics").status_code == 404
    assert collector.get(f"/metrics?token={TOKEN}").status_code == 404


def test_without_a_token_that_is_set_there_are_no_numbers(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_the_numbers_tell_how_much_waits_and_since_when(collector, database):
    with database.writing() as session:
        make_vendor(session, name="Secretive Holdings")
        queue(
            session,
            dedupe_key="t:1",
            kind="test",
            to=("omar@northwind.example", "Omar"),
            text=Text("[N] Hello", "Hello"),
            at=clock.now(),
        )
        beat(session, summary="nothing", at=clock.now())
    with clock.fixed(clock.now() + clock.timedelta(minutes=3)):
        collector.get("/vendors/V-0001?q=Secretive")
        collector.get("/nowhere/omar@northwind.example")
        told = scrape(collector).text
    assert 'duly_outbox_letters{state="queued"} 1.0' in told
    assert "duly_outbox_oldest_due_seconds 180.0" in told
    assert 'duly_heartbeat_age_seconds{name="worker"} 180.0' in told
    assert 'duly_jobs{state="waiting"} 0.0' in told
    assert "duly_database_up 1.0" in told
    assert re.search(r'duly_requests_total\{endpoint="none",method="GET",status="404"\} \d', told)
    assert "Secretive" not in told
    assert "omar" not in told
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", told), "no id is a label"


def test_without_a_database_the_counts_still_come(collector, app):
    away(app)
    told = scrape(collector).text
    assert "duly_database_up 0.0" in told
    assert "duly_outbox" not in told


@pytest.mark.slow
def test_two_web_processes_are_counted_together(tmp_path):
    """Through the shipped server: each answer comes from either process, the sum is the same."""
    port = free_port()
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(tmp_path / "data"),
        "DULY_BASE_URL": f"http://localhost:{port}",
        "DULY_METRICS_TOKEN": TOKEN,
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "operations.cli"]
    subprocess.run([*command, "migrate"], cwd=ROOT, env=surroundings, check=True)
    log = (tmp_path / "log").open("w")
    server = subprocess.Popen(
        [*command, "serve", "--port", str(port)], cwd=ROOT, env=surroundings, stderr=log
    )
    try:
        counted = [_counted_after(port, number) for number in (0, 20, 20)]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    assert counted[2] - counted[1] == counted[1] - counted[0] == 20
    assert list(tmp_path.glob("duly-metrics-*")) == [], "nothing is left when it stops"
    said = (tmp_path / "log").read_text()
    assert '"endpoint": "accounts.sign_in"' in said
    assert "needle" not in said


def _counted_after(port, number):
    for _ in range(number):
        _get(port, "/sign-in?needle=needle@needle.example")
    request = {"Authorization": f"Bearer {TOKEN}"}
    told = _get(port, "/metrics", request)
    found = re.search(r'duly_requests_total\{endpoint="accounts.sign_in".*\} ([0-9.]+)', told)
    return float(found[1]) if found else 0.0


def _get(port, address, headers=None):
    asked = urllib.request.Request(f"http://localhost:{port}{address}", headers=headers or {})
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)


def test_the_token_of_metrics_is_no_word_of_any_page(collector):
    assert TOKEN not in collector.get("/sign-in").text
    assert main(["config"]) == 0
