"""Logs hold ids and codes: a journey full of secrets leaves none of them behind."""

import json
import logging
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from foundation import logs
from foundation.web import public
from tests.client import client_of
from tests.people import PERVEZ

NEEDLE = "needle-7313"


class Written:
    """What went to standard error until now."""

    def __init__(self, capsys):
        self.capsys, self.so_far = capsys, ""

    def getvalue(self):
        self.so_far += self.capsys.readouterr().err
        return self.so_far


@pytest.fixture
def written(capsys):
    """Everything the process logs, as production writes it."""
    root = logging.getLogger()
    before = root.level
    logs.configure("json")
    yield Written(capsys)
    for handler in [each for each in root.handlers if isinstance(each, logs.Lines)]:
        root.removeHandler(handler)
    root.setLevel(before)


def lines(written):
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_line_of_facts(written, people):
    browser = people.browser(PERVEZ)
    browser.get(f"/vendors?q={NEEDLE}")
    (line,) = lines(written)
    assert set(line) == {
        "event", "level", "logger", "timestamp",
        "request_id", "method", "endpoint", "status", "ms", "actor",
    }  # fmt: skip
    assert (line["event"], line["endpoint"], line["status"]) == ("request", "vendors.index", 200)
    assert line["actor"] == str(people.author(PERVEZ).actor.id)
    assert line["actor"] != str(people.id_of(PERVEZ))
    assert isinstance(line["ms"], int)


def test_a_journey_full_of_secrets_leaves_none(written, people, app):
    stranger = client_of(app)
    stranger.get("/sign-in")
    stranger.post(
        "/sign-in", data={"email": f"{NEEDLE}@northwind.example", "password": f"pw-{NEEDLE}"}
    )
    stranger.get(f"/p/i/{NEEDLE}-{'k' * 40}")
    stranger.get(f"/set-password/{NEEDLE}{'k' * 40}")
    stranger.get(f"/nowhere/{NEEDLE}?token={NEEDLE}")
    stranger.get("/api/v1/vendors", headers={"Authorization": f"Bearer {NEEDLE}"})
    browser = people.browser(PERVEZ)
    browser.post("/vendors/new", data={"name": NEEDLE, "purpose": NEEDLE, "website": NEEDLE})
    browser.get(f"/search?q={NEEDLE}")
    browser.get("/vendors", headers={"User-Agent": NEEDLE, "Referer": f"http://x/{NEEDLE}"})
    assert len(lines(written)) >= 8
    assert NEEDLE not in written.getvalue()
    assert PERVEZ.email not in written.getvalue()
    assert PERVEZ.name not in written.getvalue()


def test_a_fault_says_where_and_not_what_somebody_wrote(written, app, monkeypatch):
    def breaks():
        raise ValueError(f"cannot read {NEEDLE} of omar@northwind.example")

    monkeypatch.setitem(app.view_functions, "operations.healthz", public(breaks))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert client_of(app).get("/healthz").status_code == 500
    fault = next(line for line in lines(written) if "fault" in line)
    assert fault["fault"] == "builtins.ValueError"
    assert fault["where"][-1].endswith("breaks")
    assert NEEDLE not in written.getvalue()


def test_a_fault_of_the_database_keeps_its_values_to_itself(written, database):
    statement = text("INSERT INTO business_unit (id, name, version) VALUES (:i, :n, 1)")
    with database.open(writes=True) as writing:
        writing.execute(statement, {"i": uuid4().hex, "n": NEEDLE})
        with pytest.raises(IntegrityError) as caught:
            writing.execute(statement, {"i": uuid4().hex, "n": NEEDLE})
    assert NEEDLE not in str(caught.value).split("[SQL")[1]
    logging.getLogger("duly").error("fault", exc_info=caught.value)
    (line,) = lines(written)
    assert line["fault"].startswith("sqlalchemy.exc.IntegrityError of ")
    assert NEEDLE not in written.getvalue()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("letter to omar@northwind.example failed", "letter to (address) failed"),
        (f"GET /p/i/{'A1-_' * 10}43", "GET /p/i/(hidden)"),
        (f"cookie {'f' * 64}", "cookie (hidden)"),
        ("report 0190b8f0-0000-7000-8000-000000000001", "report 0190b8f0-0000-7000-8000-000000000001"),
        ("Sandbox task report.render failed: ValueError", "Sandbox task report.render failed: ValueError"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_blotted_out_of_any_line(written, said, kept):
    logging.getLogger("somebody.else").warning(said)
    assert lines(written)[0]["event"] == kept


def test_on_a_terminal_lines_are_for_people(monkeypatch):
    record = logging.makeLogRecord(
        {"name": "duly.request", "levelname": "INFO", "msg": "request", "status": 200, "ms": 4}
    )
    said = logs.formatter("text").format(record)
    assert "request" in said
    assert "status=200" in said
    assert not said.startswith("{")


def test_probes_that_are_well_make_no_noise(written, client):
    client.get("/healthz")
    assert written.getvalue() == ""


def test_what_is_configured_twice_speaks_once(written):
    logs.configure("json")
    logging.getLogger("duly").warning("once")
    assert len(lines(written)) == 1


def test_a_long_text_that_is_no_address_is_looked_at_once():
    text = "a" * 200_000
    assert logs.ADDRESS.sub("(address)", f"{text} a@b.example") == f"{text} (address)"
