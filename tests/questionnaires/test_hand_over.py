"""A contact who leaves hands everything open to a colleague."""

from sqlalchemy import select

from foundation import clock
from identity import invitations
from identity.rules import Purpose
from mail.models import Letter
from questionnaires.models import Assessment
from tests.makers import make_assessment, make_contact, make_vendor
from tests.people import LAILA, PERVEZ, VANIA, Character
from vendors.queries import contacts_of

ZOE = Character("Zoe Heir", "zoe@acme.example", ())


def test_open_assessments_go_to_the_heir_with_a_link_of_their_own(people, database):
    with database.writing() as session:
        by = people.author(PERVEZ)
        vendor = make_vendor(session, by=by)
        leaving = make_contact(session, vendor, VANIA, by=by)
        assessment = make_assessment(session, vendor=vendor, contact=leaving, by=by)
        ids = vendor.id, leaving.id, assessment.id, leaving.person_id
    vendor_id, leaving_id, assessment_id, person_id = ids
    browser = people.browser(PERVEZ)
    address = f"/vendors/{vendor_id}/contacts/{leaving_id}/leave"
    page = browser.get(address)
    assert "What they still answer for" in page.text
    assert len(browser.statements) <= 12
    alone = browser.post(address, data={"heir": ""})
    assert alone.status_code == 422
    assert "Choose who takes it over" in alone.text
    with database.writing() as session:
        heir_id = make_contact(session, vendor, ZOE, by=by).id
    assert browser.post(address, data={"heir": str(leaving_id)}).status_code == 422
    assert browser.post(address, data={"heir": str(heir_id)}).status_code == 303
    with database.reading() as session:
        assert session.get(Assessment, assessment_id).contact_id == heir_id
        assert [row.name for row in contacts_of(session, vendor_id)] == ["Zoe Heir"]
        live = invitations.find_live_of(
            session, person_id, Purpose.VENDOR_ENTRY, clock.now(), for_id=assessment_id
        )
        assert live is None
        mailed = session.scalars(select(Letter.to_email).where(Letter.kind == "invitation"))
        assert set(mailed) == {VANIA.email, ZOE.email}
    assert people.browser(LAILA).get(address).status_code == 404
