"""People: administrators let people in; nobody rises by themselves, and one administrator stays."""

import pytest
from sqlalchemy import select

from accounts import commands, queries
from accounts.rules import Role
from audit.models import Entry
from foundation import clock
from foundation.errors import Refused
from identity.models import Person
from tests.people import ADIL, AMNA, RABIA

NEW = {
    "name": "Omar Farid",
    "email": "Omar@Northwind.example",
    "job_title": "Buyer",
    "roles": ["procurement"],
}


@pytest.fixture
def adil(people):
    return people.browser(ADIL)


def _roles(database, person_id):
    with database.reading() as session:
        return queries.roles_of(session, person_id)


def test_the_list_names_everybody(adil):
    page = adil.get("/people")
    assert page.status_code == 200
    assert "Rabia Siddiqui" in page.text
    assert "Risk analyst" in page.text
    assert "analyst</" not in page.text.replace("Risk analyst</", "")


@pytest.mark.parametrize("who", [RABIA, AMNA])
def test_it_needs_the_right(people, who):
    browser = people.browser(who)
    person_id = people.id_of(RABIA)
    assert browser.get("/people").status_code == 403
    assert browser.get(f"/people/{person_id}").status_code == 403
    for act in ("roles", "invite", "link", "disable", "enable", "reset-factor"):
        answer = browser.post(f"/people/{person_id}/{act}", data={"roles": ["administrator"]})
        assert answer.status_code == 403
    assert browser.post("/people/new", data=NEW).status_code == 403


def test_a_stranger_is_sent_to_the_door(client):
    assert client.get("/people").headers["Location"] == "/sign-in?next=/people"


def test_a_person_who_is_not_there_is_404(adil, authors):
    assert adil.get("/people/00000000-0000-4000-8000-000000000000").status_code == 404


def test_somebody_new_gets_a_letter_and_a_link_to_copy(adil, database):
    adil.get("/people/new")
    answer = adil.post("/people/new", data=NEW)
    assert answer.status_code == 303
    page = adil.get(answer.headers["Location"])
    assert "omar@northwind.example" in page.text
    copied = adil.post(answer.headers["Location"] + "/link")
    assert "http://localhost/account/set-password/" in copied.text
    with database.reading() as session:
        actions = list(session.scalars(select(Entry.action).order_by(Entry.seq.desc()).limit(4)))
        zone = session.scalars(select(Person.time_zone).where(Person.name == NEW["name"])).one()
    assert actions == ["invitation.copy", "invitation.create", "role.grant", "staff.add"]
    assert zone == "Asia/Karachi"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "no address"}, "Write it like name@company.com"),
        ({"email": RABIA.email}, "is in the list of people already"),
        ({"name": ""}, "Type the name."),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["owner"]}, "not a valid choice"),
    ],
)
def test_it_refuses_bad_input(adil, database, changed, said):
    adil.get("/people/new")
    answer = adil.post("/people/new", data={**NEW, **changed})
    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'")


def test_a_role_given_or_taken_away_signs_out(adil, people, database):
    rabia, person_id = people.browser(RABIA), people.id_of(RABIA)
    assert rabia.get("/people").status_code == 403
    path = f"/people/{person_id}"
    adil.get(path)
    adil.post(path + "/roles", data={"roles": ["analyst", "administrator"]})
    assert rabia.get("/people").status_code == 303, "whoever copied her session does not rise"
    again = people.browser(RABIA)
    assert again.get("/people").status_code == 200
    adil.post(path + "/roles", data={"roles": ["analyst"]})
    assert again.get("/people").status_code == 303
    assert _roles(database, person_id) == {Role.ANALYST}


def test_nobody_changes_their_own_roles(adil, people, database):
    person_id = people.id_of(ADIL)
    adil.get(f"/people/{person_id}")
    answer = adil.post(f"/people/{person_id}/roles", data={"roles": ["administrator", "lead"]})
    assert answer.status_code == 422
    assert "Ask another administrator" in answer.text
    assert _roles(database, person_id) == {Role.ADMINISTRATOR}


def test_the_last_administrator_stays(session, authors):
    adil = queries.get_staff(session, authors[ADIL.email].person_id).person
    with pytest.raises(Refused, match="last administrator"):
        commands.revoke_role(
            session, adil, Role.ADMINISTRATOR, by=authors[RABIA.email], at=clock.now()
        )
    with pytest.raises(Refused, match="last administrator"):
        commands.disable_staff(session, adil, by=authors[RABIA.email], at=clock.now())
    rabia = queries.get_staff(session, authors[RABIA.email].person_id).person
    commands.grant_role(session, rabia, Role.ADMINISTRATOR, by=authors[ADIL.email], at=clock.now())
    commands.disable_staff(session, adil, by=authors[RABIA.email], at=clock.now())


def test_a_disabled_member_is_out_within_one_request(adil, people):
    rabia, path = people.browser(RABIA), f"/people/{people.id_of(RABIA)}"
    assert rabia.get("/account").status_code == 200
    adil.get(path)
    assert adil.post(path + "/disable").status_code == 303
    assert rabia.get("/account").status_code == 303
    assert adil.post(path + "/invite").status_code == 422
    assert adil.post(path + "/enable").status_code == 303
    assert rabia.get("/account").status_code == 303


def test_adding_somebody_says_whether_the_letter_went_out(adil):
    adil.get("/people/new")
    answer = adil.post("/people/new", data=NEW)
    page = adil.get(answer.headers["Location"]).text
    assert "Omar Farid was added. No mail server is set, so the letter" in page
    adil.post(answer.headers["Location"] + "/invite")
    assert "it is kept on the page Mail" in adil.get(answer.headers["Location"]).text
