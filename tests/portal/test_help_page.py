"""A vendor person's own page: who else has access, and which files they brought."""

import io

from sqlalchemy import select, update

from evidence.models import Evidence
from foundation import clock
from identity import invitations
from identity.models import Invitation
from tests import makers
from tests.evidence.makers import SMALL
from tests.people import VANIA, VIKTOR, Character
from vendors.contact_commands import remove_contact
from vendors.queries import get_vendor_for_system

OMAR = Character("Omar Aziz", "omar@acme.example", ())


def add(database, acme, character):
    with database.writing() as session:
        vendor = get_vendor_for_system(session, acme.vendor_id)
        return makers.make_contact(session, vendor, character).person_id


def page_of(browser):
    return browser.get("/p/help").get_data(as_text=True)


def test_everybody_with_access_for_the_same_company_is_named(vania, acme, database, borealis):
    person_id = add(database, acme, OMAR)
    page = page_of(vania)
    assert "Who has access for Acme Cloud" in page
    assert "Vania Petrova</bdi> (you)" in page
    assert VANIA.email in page
    assert "omar@acme.example" in page
    assert "has not come in yet" in page
    assert VIKTOR.email not in page
    with database.writing() as session:
        mine = select(Invitation).where(Invitation.for_id == acme.assessment_id)
        link = session.scalars(mine).one()
        purpose = link.purpose
        person = makers.make_person(session, OMAR)
        assert person.id == person_id
        made, _token = invitations.invite(
            session, person, purpose=purpose, for_id=acme.assessment_id, at=clock.now()
        )
        invitations.use(session, made, clock.now())
    page = page_of(vania)
    assert "Omar Aziz" in page
    assert "has not come in yet" not in page


def test_an_address_somebody_named_does_not_tell_whose_it_is(vania, acme, borealis):
    named = {"person_name": "X", "email": VIKTOR.email, "is_other_domain": "y", "stay": "stay"}
    assert vania.post(f"{acme.at}/pass-on", data=named).status_code == 303
    page = page_of(vania)
    assert VIKTOR.email in page
    assert VIKTOR.name not in page
    assert "Borealis" not in page


def test_whoever_was_taken_off_is_not_named_any_more(vania, acme, database):
    with database.writing() as session:
        vendor = get_vendor_for_system(session, acme.vendor_id)
        by = makers.make_staff(session)
        gone = makers.make_contact(session, vendor, OMAR, by=by)
        remove_contact(session, gone, by=by, at=clock.now())
    assert OMAR.email not in page_of(vania)


def test_my_own_files_are_listed_with_the_day_until_which_they_count(
    vania, acme, database, borealis, portal_client
):
    form = {"vendor_id": str(acme.vendor_id), "kind": "soc2_type2", "issued_on": "2026-01-15"}
    file = (io.BytesIO(SMALL["pdf"]), "soc2.pdf")
    vania.post("/p/evidence", data={**form, "title": "SOC 2 of 2025", "file": file})
    assert "SOC 2 of 2025" in page_of(vania)
    assert "15 January 2027" in page_of(vania)
    assert "SOC 2 of 2025" not in page_of(portal_client(borealis))
    with database.writing() as session:
        session.execute(
            update(Evidence).values(uploaded_by_id=makers.make_person(session, OMAR).id)
        )
    assert "SOC 2 of 2025" not in page_of(vania)
