"""The shell: plates, one transaction per request, forged forms, repeated forms."""

import io

import psycopg
import pytest
from flask import Blueprint, redirect, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import create_app
from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.models import Entry
from audit.queries import first_bad_entry
from foundation import clock
from foundation.db import session, side_write
from foundation.errors import Refused
from foundation.ids import new_id
from foundation.web import House, public
from organisation.models import BusinessUnit
from tests.client import HouseClient, client_of

bp = Blueprint("trial", __name__)
DEADLOCKS: list[None] = []
"""How often the door of that name was the one to give way."""


def _add_unit(name: str) -> None:
    session().add(BusinessUnit(id=new_id(), name=name))
    record(
        session(),
        at=clock.now(),
        actor=SYSTEM,
        action=Action.ORGANISATION_EDIT,
        subject=("unit", new_id()),
    )


@bp.post("/trial/add")
@public
def add():
    _add_unit(request.form["name"])
    return redirect("/trial/done", code=303)


@bp.post("/trial/add-and-refuse")
@public
def add_and_refuse():
    _add_unit(request.form["name"])
    return "no", 422


@bp.post("/trial/add-and-raise")
@public
def add_and_raise():
    _add_unit(request.form["name"])
    raise Refused("The name is not wanted. Choose another.", reasons=("It is too short.",))


@bp.post("/trial/deadlock")
@public
def deadlock():
    given = request.files["file"].stream.read().decode()
    _add_unit(f"{given} the {len(DEADLOCKS)}.")
    if len(DEADLOCKS) < int(request.form["times"]):
        DEADLOCKS.append(None)
        session().flush()
        raise OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected("of the driver"))
    return redirect("/trial/done", code=303)


@bp.post("/trial/break")
@public
def break_down():
    _add_unit("Broken")
    raise ZeroDivisionError("secret inner words")


@bp.get("/trial/dirty")
@public
def dirty():
    _add_unit("Dirty")
    session().flush()
    return "written"


@bp.get("/trial/aside")
@public
def aside():
    with side_write() as apart:
        apart.add(BusinessUnit(id=new_id(), name="Aside"))
    return "noted"


@bp.post("/trial/aside-inside")
@public
def aside_inside():
    _add_unit("Inside")
    session().flush()
    with side_write():
        return "never"


@pytest.fixture(scope="module")
def house_on_trial(ground) -> House:
    """The application with doors of our own, made once."""
    app = create_app(ground.settings(ground.folder))
    app.extensions["database"].engine.dispose()
    app.register_blueprint(bp)
    return app


@pytest.fixture
def trial(house_on_trial, database) -> HouseClient:
    house_on_trial.extensions["database"] = database
    return client_of(house_on_trial)


@pytest.fixture
def units(database):
    def names() -> set[str]:
        with database.reading() as reading:
            return set(reading.scalars(select(BusinessUnit.name)))

    return names


def test_a_post_commits_change_and_ledger_together(trial, units, database):
    assert trial.post("/trial/add", data={"name": "Treasury"}).status_code == 303
    assert units() == {"Treasury"}
    with database.reading() as reading:
        newest = reading.scalars(select(Entry).order_by(Entry.seq.desc())).first()
        assert newest.action == Action.ORGANISATION_EDIT
        assert newest.request_id
        assert first_bad_entry(reading) is None


def test_a_refused_post_leaves_nothing_behind(trial, units, database):
    with database.reading() as reading:
        before = len(reading.scalars(select(Entry)).all())
    assert trial.post("/trial/add-and-refuse", data={"name": "Treasury"}).status_code == 422
    raised = trial.post("/trial/add-and-raise", data={"name": "Treasury"})
    assert raised.status_code == 422
    assert "The name is not wanted. Choose another." in raised.get_data(as_text=True)
    assert units() == set()
    with database.reading() as reading:
        assert len(reading.scalars(select(Entry)).all()) == before


def test_a_fault_shows_a_reference_and_no_inner_words(trial, units):
    answer = trial.post("/trial/break")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "secret inner words" not in text
    assert "Traceback" not in text
    assert units() == set()


def test_the_database_itself_refuses_a_get_that_writes(trial, units):
    client = FlaskClient(trial.application)
    assert client.get("/trial/dirty").status_code == 500
    assert units() == set()


def test_a_side_write_survives_a_get(trial, units):
    FlaskClient(trial.application).get("/trial/aside")
    assert units() == {"Aside"}


def test_a_side_write_inside_the_writing_is_refused(trial, units):
    assert trial.post("/trial/aside-inside").status_code == 500
    assert units() == set()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "0" * 64},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
    ],
)
def test_a_forged_form_changes_nothing(trial, units, headers):
    trial.get("/sign-in")
    with_token = "X-CSRF-Token" not in headers and headers != {}
    answer = trial.post(
        "/trial/add", data={"name": "Forged"}, headers=headers, with_csrf=with_token
    )
    assert answer.status_code == 403
    assert units() == set()


def test_another_browsers_token_is_not_mine(trial, units):
    other = client_of(trial.application)
    other.get("/sign-in")
    answer = trial.post(
        "/trial/add", data={"name": "X"}, headers={"X-CSRF-Token": other.csrf}, with_csrf=False
    )
    assert answer.status_code == 403
    assert units() == set()


def test_a_form_sent_twice_works_once(trial, units):
    data = {"name": "Treasury", "once": "k" * 20}
    first = trial.post("/trial/add", data=data)
    again = trial.post("/trial/add", data=data)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert units() == {"Treasury"}


@pytest.mark.parametrize(("times", "status"), [(1, 303), (3, 303), (4, 500)])
def test_who_gives_way_in_a_deadlock_is_done_anew_and_not_for_ever(trial, units, times, status):
    DEADLOCKS.clear()
    sent = {"times": str(times), "file": (io.BytesIO(b"Treasury"), "name.txt")}
    answer = trial.post("/trial/deadlock", data=sent, content_type="multipart/form-data")
    assert answer.status_code == status
    assert units() == ({f"Treasury the {times}."} if status == 303 else set())


def test_the_same_key_with_other_contents_is_refused(trial, units):
    trial.post("/trial/add", data={"name": "Treasury", "once": "k" * 20})
    assert trial.post("/trial/add", data={"name": "Legal", "once": "k" * 20}).status_code == 422
    assert units() == {"Treasury"}


def test_every_answer_carries_the_headers(trial):
    for address in ("/sign-in", "/nowhere", "/static/app.css"):
        headers = trial.get(address).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert trial.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_verbs_nobody_declared_are_refused(trial):
    assert trial.open("/sign-in", method="TRACE").status_code == 405
    assert trial.post("/trial/dirty").status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/vendors/%2e%2e/people", "//people", "/people;x", "/%00", "/vendors/" + "9" * 2000],
)
def test_strange_addresses_find_nothing(trial, address):
    assert trial.get(address).status_code in {303, 308, 404}


@pytest.mark.parametrize("host", ["evil.example", "[::1", "localhost"])
def test_another_spelling_of_an_address_leads_nowhere_but_into_this_house(trial, host):
    found = trial.get("/p", headers={"Host": host})
    assert (found.status_code, found.headers["Location"]) == (308, "/p/")
    assert "evil" not in found.text
