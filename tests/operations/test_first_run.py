"""The first page of an installation: opened by a code, once, for one of two at the same time."""

import stat
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete

from accounts.models import RoleGrant
from accounts.queries import has_administrator, list_staff
from accounts.rules import Role
from foundation import clock
from foundation.errors import Conflict
from operations import first_run
from operations.first_run_commands import FirstRun, set_up_house
from operations.serving import _say_how_to_begin
from organisation.queries import find_settings
from tests.accounts.entering import HASH, SECRET_SHOWN, code_of

NEW = {
    "organisation": "Southwind Bank",
    "country": "AE",
    "time_zone": "asia/dubai",
    "currency": "aed",
    "name": "Samira Khan",
    "email": "Samira@Southwind.example",
    "password": "velvet otter 9 marmalade",
    "again": "velvet otter 9 marmalade",
}


@pytest.fixture
def empty(database):
    """A house in which nobody is an administrator, and the code its server printed."""
    with database.writing() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR))
    yield first_run.write_code()
    first_run.forget_code()


def test_there_is_no_such_page_once_somebody_is_an_administrator(client):
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data={**NEW, "code": "x"}).status_code == 404


def test_the_sign_in_of_an_empty_house_leads_there(client, empty):
    assert client.get("/sign-in").headers["Location"] == "/setup"
    assert client.get("/setup").status_code == 200


def test_the_first_administrator_comes_in_with_a_second_factor(client, empty, database):
    client.get("/setup")
    answer = client.post("/setup", data={**NEW, "code": empty.lower().replace("-", " ")})
    assert answer.headers["Location"] == "/sign-in/enrol"
    secret = SECRET_SHOWN.search(client.get("/sign-in/enrol").text).group(1).replace(" ", "")
    assert client.post("/sign-in/enrol", data={"code": code_of(secret)}).status_code == 200
    people = client.get("/people").text
    assert "Samira Khan" in people
    with database.reading() as session:
        now = find_settings(session)
        assert (now.name, now.home_country, now.time_zone, now.currency) == (
            "Southwind Bank",
            "AE",
            "Asia/Dubai",
            "AED",
        )
    assert not first_run.is_code_there()
    assert client.get("/setup").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "AAAA-AAAA-AAAA-AAAA"}, "This is not the set-up code"),
        ({"code": ""}, "Type the set-up code."),
        ({"password": "short", "again": "short"}, "12 characters"),
        ({"again": "something else 12"}, "The two passwords differ"),
        ({"email": "nobody"}, "name@company.com"),
        ({"time_zone": "PKT"}, "is no time zone of the list"),
        ({"currency": "Rs"}, "is no currency code"),
        ({"country": "Dubai"}, "Not a valid choice"),
        ({"organisation": "\u200b"}, "Give the organisation a name"),
        ({"name": "\u200b"}, "Give a name of 1 to 200"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_stored(client, empty, database, changed, said):
    client.get("/setup")
    answer = client.post("/setup", data={**NEW, "code": empty, **changed})
    assert answer.status_code == 422
    assert said in answer.text
    with database.reading() as session:
        assert not has_administrator(session)
        assert find_settings(session).number == 1
    assert first_run.is_code_there()


def test_guessing_the_code_is_slow(client, empty):
    client.get("/setup")
    wrong = {**NEW, "code": "AAAA"}
    assert all(client.post("/setup", data=wrong).status_code == 422 for _ in range(10))
    answer = client.post("/setup", data={**NEW, "code": empty})
    assert "Too many tries" in answer.text


def test_without_a_code_the_page_says_how_to_get_one(client, empty):
    first_run.forget_code()
    assert "Start Duly with ./duly serve" in client.get("/setup").text
    assert client.post("/setup", data={**NEW, "code": ""}).status_code == 422
    assert "not the set-up code" in client.post("/setup", data={**NEW, "code": "-"}).text


def test_two_browsers_at_once_make_one_administrator(empty, database):
    typed = FirstRun("A", "AE", "Asia/Dubai", "AED", "Samira", "samira@southwind.example", HASH)
    other = FirstRun("B", "AE", "Asia/Dubai", "AED", "Omar", "omar@southwind.example", HASH)
    start, came = Barrier(2), []

    def run(who):
        start.wait()
        try:
            with database.writing() as session:
                set_up_house(session, who, at=clock.now())
            came.append("in")
        except Conflict as conflict:
            came.append(str(conflict))

    threads = [Thread(target=run, args=(who,)) for who in (typed, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(came) == "in"
    assert "Another browser set Duly up a moment ago" in min(came)
    with database.reading() as session:
        assert len(list_staff(session, Role.ADMINISTRATOR)) == 1


def test_the_server_prints_the_code_and_keeps_it_to_itself(empty, database, capsys):
    _say_how_to_begin(database)
    told = capsys.readouterr().err
    assert empty in told
    assert "/setup" in told
    assert stat.S_IMODE(first_run.code_path().stat().st_mode) == 0o600


def test_the_server_of_a_house_in_use_prints_nothing(database, capsys):
    _say_how_to_begin(database)
    assert capsys.readouterr().err == ""
    assert not first_run.is_code_there()
