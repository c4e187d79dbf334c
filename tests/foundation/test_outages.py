"""What somebody is told when the database or the disk is away, and what stays of what they typed."""

import errno
import sqlite3

import psycopg
import pytest
from flask import flash
from sqlalchemy.exc import OperationalError

from foundation.outages import NO_SPACE, NO_STORE, STORE_AWAY
from foundation.web import public


def sqlite_fault(code):
    fault = sqlite3.OperationalError("of the driver")
    fault.sqlite_errorcode = code
    return fault


def of_database(orig):
    return OperationalError("INSERT", {}, orig)


OUTAGES = {
    "gone": (of_database(psycopg.OperationalError("no connection")), 503, ""),
    "shut down": (of_database(psycopg.errors.AdminShutdown("of the driver")), 503, ""),
    "busy": (of_database(sqlite_fault(sqlite3.SQLITE_BUSY)), 503, ""),
    "unreadable": (of_database(sqlite_fault(sqlite3.SQLITE_IOERR_READ)), 503, ""),
    "read only": (of_database(sqlite_fault(sqlite3.SQLITE_READONLY)), 503, ""),
    "file full": (of_database(sqlite_fault(sqlite3.SQLITE_FULL)), 507, NO_SPACE),
    "server full": (of_database(psycopg.errors.DiskFull("of the driver")), 507, NO_SPACE),
    "disk full": (OSError(errno.ENOSPC, "of the system"), 507, NO_SPACE),
    "no right": (PermissionError(errno.EACCES, "of the system"), 503, NO_STORE),
    "broken disk": (OSError(errno.EIO, "of the system"), 503, NO_STORE),
    "no such table": (of_database(sqlite_fault(sqlite3.SQLITE_ERROR)), 500, ""),
    "no such file": (FileNotFoundError(errno.ENOENT, "of the system"), 500, ""),
}


TOLD = {NO_SPACE: "The disk is full.", NO_STORE: STORE_AWAY}


@pytest.fixture
def trial(house, database):
    """Let the page of a form fail; its door is put back afterwards."""
    house.extensions["database"] = database
    before = house.view_functions["reports.verify_file"]

    def fail_with(fault):
        @public
        def failing():
            raise fault

        house.view_functions["reports.verify_file"] = failing

    yield fail_with
    house.view_functions["reports.verify_file"] = before


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_is_told_from_a_fault_and_keeps_what_was_typed(client, trial, name):
    fault, status, sentence = OUTAGES[name]
    trial(fault)
    client.get("/sign-in")
    csrf = client.csrf
    typed = {"reason": "It took me an hour. <b>", "csrf_token": csrf, "once": "k" * 20}
    reply = client.post("/verify", data=typed)
    text = reply.get_data(as_text=True)
    assert reply.status_code == status
    assert "of the driver" not in text
    assert "of the system" not in text
    assert (reply.headers.get("Retry-After") is not None) == (status != 500)
    kept = [
        f'name="once" value="{"k" * 20}"',
        '<pre dir="auto">It took me an hour. &lt;b&gt;</pre>',
        f'name="csrf_token" value="{csrf}"',
    ]
    assert [part in text for part in kept] == [status != 500] * 3
    assert TOLD.get(sentence, "") in text
    assert "./duly" not in text, "a page is read by people of vendors, too"


def test_neither_passwords_nor_forms_of_other_sites_are_printed_again(client, trial):
    trial(OUTAGES["gone"][0])
    client.get("/sign-in")
    secret = {"password": "correct horse battery", "csrf_token": client.csrf}
    assert "battery" not in client.post("/verify", data=secret).get_data(as_text=True)
    bare = {"reason": "Typed by nobody."}
    assert "Typed by nobody" not in client.post("/verify", data=bare).get_data(as_text=True)


def test_a_program_is_told_to_come_again(client, trial):
    trial(OUTAGES["gone"][0])
    reply = client.post("/verify", data={"reason": "x"}, headers={"Accept": "application/json"})
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert "does not answer" in reply.get_json()["error"]


@pytest.mark.parametrize(("kind", "sentence"), [("disk full", NO_SPACE), ("no right", NO_STORE)])
def test_a_program_is_told_what_whoever_runs_it_can_do(client, trial, kind, sentence):
    trial(OUTAGES[kind][0])
    reply = client.post("/verify", data={"reason": "x"}, headers={"Accept": "application/json"})
    assert reply.get_json()["error"] == sentence


def test_nothing_is_called_saved_that_was_not(client, house, database):
    """What a view says comes before the commit, which may fail."""
    house.extensions["database"] = database
    before = house.view_functions["reports.verify_file"]

    @public
    def failing():
        flash("Saved for good.", "ok")
        raise OUTAGES["busy"][0]

    house.view_functions["reports.verify_file"] = failing
    client.get("/sign-in")
    told = client.post("/verify", data={"csrf_token": client.csrf}).get_data(as_text=True)
    house.view_functions["reports.verify_file"] = before
    assert "Saved for good." not in told
    assert "Saved for good." not in client.get("/sign-in").get_data(as_text=True)
