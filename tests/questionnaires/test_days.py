"""A questionnaire is due on one of our days, at the hour when UTC has another one."""

import pytest
from sqlalchemy import select

from foundation import clock
from foundation.errors import Refused
from questionnaires import assessment_commands
from questionnaires.models import Assessment
from questionnaires.sending import suggested_due_on
from tests import makers
from tests.api import program_of
from tests.nights import NIGHTS
from tests.people import PERVEZ, VANIA
from vendors.models import Vendor

each_night = pytest.mark.parametrize("night", NIGHTS)


@each_night
def test_the_due_date_is_today_at_the_earliest(session, night):
    vendor = makers.make_vendor(session)
    contact, version = makers.make_contact(session, vendor), makers.make_version(session)
    given = {"vendor": vendor, "contact": contact, "version": version}
    with night.begin(session):
        with pytest.raises(Refused, match="passed already"):
            makers.make_assessment(session, **given, due_on=night.before)
        sent = makers.make_assessment(session, **given, due_on=night.day)
        assert sent.due_on == night.day
        by = makers.make_staff(session)
        assessment_commands.extend(session, sent, due_on=night.after, by=by, at=clock.now())
        assert sent.remind_on == night.day + assessment_commands.QUIET


@each_night
def test_a_program_is_held_to_the_same_day_and_offered_it(people, database, night):
    with database.writing() as session:
        vendor_id = makers.make_vendor(session).id
        makers.make_version(session)
        with night.begin(session):
            pass
    with clock.fixed(night.at):
        pervez = program_of(people, PERVEZ)
        body = {
            "vendor": str(vendor_id),
            "questionnaire": "tier4",
            "contact": {"email": VANIA.email, "name": VANIA.name},
        }
        late = pervez.post("/assessments", json={**body, "due_on": f"{night.before}"})
        assert late.status_code == 422
        assert "passed already" in late.get_json()["detail"]
        made = pervez.post("/assessments", json={**body, "due_on": f"{night.day}"})
        assert made.get_json()["due_on"] == f"{night.day}"
        offered = pervez.post("/assessments", json=body).get_json()["due_on"]
        with database.reading() as reading:
            tier = reading.get_one(Vendor, vendor_id).tier
            assert offered == f"{suggested_due_on(reading, tier, night.day)}"
            assert len(reading.scalars(select(Assessment.id)).all()) == 2


@each_night
def test_the_page_of_sending_offers_a_day_counted_from_ours(people, database, night):
    with database.writing() as session:
        vendor = makers.make_vendor(session)
        makers.make_version(session)
        vendor_id, tier = vendor.id, vendor.tier
        with night.begin(session):
            expected = suggested_due_on(session, tier, night.day)
    with clock.fixed(night.at):
        text = people.browser(PERVEZ).get(f"/vendors/{vendor_id}/send").text
    assert f'value="{expected}"' in text
