"""Not for me: the questions go to a colleague, who gets in by a code of their own or not at all."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation import clock, vault
from identity import invitations
from identity.commands import disable_person
from identity.models import Invitation, Person
from mail.commands import place_of
from mail.models import Letter
from questionnaires.models import Assessment
from tests import makers
from tests.client import client_of
from tests.people import PERVEZ, VANIA
from vendors.contact_commands import remove_contact
from vendors.models import Contact
from vendors.rules import ContactRole

ZOE = "zoe@acme.example"
NAMED = {"person_name": "Zoe Heir", "email": ZOE, "stay": "stay"}


def body_of(letter):
    return vault.unseal(letter.body_sealed, context=place_of(letter.id)).decode()


@pytest.fixture
def letters(database):
    def read(kind):
        with database.reading() as session:
            return list(session.scalars(select(Letter).where(Letter.kind == kind)))

    return read


@pytest.fixture
def link_of(database, acme):
    """The link of somebody's own mail, as a conftest.Asked."""

    def find(email):
        with database.reading() as session:
            mine = (Invitation.for_id == acme.assessment_id, Invitation.email == email)
            found = session.scalars(select(Invitation).where(*mine)).one()
            return replace(acme, email=email, token=invitations.token_of(found))

    return find


def contacts(database, acme):
    with database.reading() as session:
        chosen = (
            select(Person.email, Contact.role, Contact.removed_at)
            .join(Contact, Contact.person_id == Person.id)
            .where(Contact.vendor_id == acme.vendor_id)
        )
        return {email: (role, gone is None) for email, role, gone in session.execute(chosen)}


def test_a_colleague_is_named_told_and_let_in_by_a_code_of_their_own(
    vania, acme, letters, link_of, by_mail, database
):
    page = vania.get(f"{acme.at}/pass-on").get_data(as_text=True)
    for words in ("What Northwind Payments sees", "acme.example", "Nobody gets in without typing"):
        assert words in page, words
    done = vania.post(f"{acme.at}/pass-on", data=NAMED)
    assert done.location == "/p/passed-on"
    after = vania.get("/p/passed-on").get_data(as_text=True)
    assert "Zoe Heir gets a mail with a link of their own." in after
    assert "You keep your access." in after
    (sent,), (told,) = letters("passed_on"), letters("told_passed_on")
    assert sent.to_email == ZOE
    assert f"Vania Petrova <{VANIA.email}> passed it on to you" in body_of(sent)
    assert told.to_email == PERVEZ.email
    assert f"Zoe Heir <{ZOE}>" in body_of(told)
    assert "the same domain" in body_of(told)
    assert "Vania Petrova keeps access" in body_of(told)
    assert contacts(database, acme) == {
        VANIA.email: (ContactRole.LEAD, True),
        ZOE: (ContactRole.MEMBER, True),
    }
    zoe = by_mail(link_of(ZOE))
    assert zoe.get(acme.at).status_code == 200
    assert vania.get(acme.at).status_code == 200
    with database.reading() as session:
        noted = session.scalars(select(Entry).where(Entry.action == "contact.pass_on")).one()
        assert (noted.actor_kind, noted.subject_id) == ("vendor", acme.assessment_id)
        heir = session.get_one(Contact, session.get_one(Assessment, acme.assessment_id).contact_id)
        assert session.get_one(Person, heir.person_id).email == ZOE


def test_whoever_gives_up_access_is_out_at_once_and_the_last_lead_leaves_a_lead(
    vania, acme, letters, app, database
):
    done = vania.post(f"{acme.at}/pass-on", data={**NAMED, "stay": "leave"})
    page = vania.get(done.location).get_data(as_text=True)
    assert "You can close this page." in page
    assert "You keep your access" not in page
    assert vania.get(acme.at).location == "/p/i"
    again = client_of(app).get(f"/p/i/{acme.token}", follow_redirects=True)
    assert "This link leads nowhere now" in again.get_data(as_text=True)
    assert contacts(database, acme) == {
        VANIA.email: (ContactRole.LEAD, False),
        ZOE: (ContactRole.LEAD, True),
    }
    assert "has given up access" in body_of(letters("told_passed_on")[0])


def test_another_domain_is_asked_about_once_more_and_told(vania, acme, letters):
    elsewhere = {**NAMED, "email": "zoe@freemail.example"}
    asked = vania.post(f"{acme.at}/pass-on", data=elsewhere)
    assert asked.status_code == 422
    assert "is not at acme.example like yours" in asked.get_data(as_text=True)
    assert letters("passed_on") == []
    vania.post(f"{acme.at}/pass-on", data={**elsewhere, "is_other_domain": "y"})
    assert "another domain" in body_of(letters("told_passed_on")[0])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"person_name": ""}, "Write your colleague"),
        ({"person_name": "win at https://evil.example"}, "without addresses"),
        ({"person_name": "Zoe\x00Heir"}, "control characters"),
        ({"person_name": "x" * 500}, "longer than 120"),
        ({"email": ""}, "Write your colleague"),
        ({"email": "zoe"}, "is not an e-mail address"),
        ({"email": f"{ZOE}\r\nBcc: all@acme.example"}, "is not an e-mail address"),
        ({"email": VANIA.email.upper()}, "They are asked already"),
        ({"email": PERVEZ.email, "is_other_domain": "y"}, "cannot be added from here"),
        ({"stay": "perhaps"}, "Not a valid choice"),
    ],
)
def test_a_wrong_name_is_refused_in_words_and_nothing_happens(
    vania, acme, letters, database, changed, words
):
    refused = vania.post(f"{acme.at}/pass-on", data={**NAMED, **changed})
    assert refused.status_code == 422
    assert words in refused.get_data(as_text=True)
    assert letters("passed_on") == []
    assert list(contacts(database, acme)) == [VANIA.email]


def take_off(session, person, by):
    mine = select(Contact).where(Contact.person_id == person.id)
    remove_contact(session, session.scalars(mine).one(), by=by, at=clock.now())


def shut_out(session, person, by):
    disable_person(session, session.get_one(Person, person.id), by=by, at=clock.now())


@pytest.mark.parametrize("refuse", [take_off, shut_out])
def test_whom_we_took_off_or_shut_out_no_vendor_brings_back(
    vania, acme, database, person_of, refuse
):
    vania.post(f"{acme.at}/pass-on", data=NAMED)
    vania.post(f"{acme.at}/pass-on", data={**NAMED, "email": VANIA.email})
    with database.writing() as session:
        refuse(session, person_of(ZOE), makers.make_staff(session))
    refused = vania.post(f"{acme.at}/pass-on", data=NAMED)
    assert refused.status_code == 422
    assert "cannot be added from here" in refused.get_data(as_text=True)


def test_a_member_names_only_those_who_are_there_already(vania, acme, link_of, by_mail):
    vania.post(f"{acme.at}/pass-on", data=NAMED)
    zoe = by_mail(link_of(ZOE))
    assert "let in by a lead" in zoe.get(f"{acme.at}/pass-on").get_data(as_text=True)
    new = {**NAMED, "email": "yuri@acme.example"}
    refused = zoe.post(f"{acme.at}/pass-on", data=new)
    assert "by a lead at your company only" in refused.get_data(as_text=True)
    assert zoe.post(f"{acme.at}/pass-on", data={**NAMED, "email": VANIA.email}).status_code == 303
    assert zoe.get(f"{acme.at}/pass-on").status_code == 404
    assert "Pass it on" not in zoe.get(acme.at).get_data(as_text=True)


def test_a_lead_mends_a_slip_and_the_link_that_went_astray_dies(vania, acme, link_of, app, by_mail):
    vania.post(f"{acme.at}/pass-on", data={**NAMED, "email": "zeo@acme.example"})
    astray = link_of("zeo@acme.example")
    assert "zeo@acme.example" in vania.get(f"{acme.at}/pass-on").get_data(as_text=True)
    assert vania.post(f"{acme.at}/pass-on", data=NAMED).status_code == 303
    dead = client_of(app).get(f"/p/i/{astray.token}", follow_redirects=True)
    assert "This link leads nowhere now" in dead.get_data(as_text=True)
    assert by_mail(link_of(ZOE)).get(acme.at).status_code == 200


def test_a_stranger_gets_404_and_nobody_in_401(client, acme, borealis, by_mail, letters):
    viktor = by_mail(borealis)
    assert viktor.get(f"{acme.at}/pass-on").status_code == 404
    assert viktor.post(f"{acme.at}/pass-on", data=NAMED).status_code == 404
    assert client.get(f"{acme.at}/pass-on").location == "/p/i"
    assert client.post(f"{acme.at}/pass-on", data=NAMED).status_code == 403
    assert letters("passed_on") == []


def test_a_day_brings_no_more_than_five_names(vania, acme, letters):
    for number in range(6):
        last = vania.post(f"{acme.at}/pass-on", data={**NAMED, "email": f"z{number}@acme.example"})
    assert last.status_code == 429
    assert len(letters("passed_on")) == 5
