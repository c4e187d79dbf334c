"""What a vendor owes us is due on one of our days, wherever its people are."""

import pytest

from foundation import clock
from identity.models import Person
from tests import makers
from tests.nights import EVENING, MORNING


@pytest.mark.parametrize(("night", "is_late"), [(MORNING, True), (EVENING, False)])
def test_overdue_is_said_from_the_morning_after_with_us(people, database, night, is_late):
    """Due on 4 March: over at half past one on the 5th in Karachi, not yet in Los Angeles."""
    with database.writing() as session:
        makers.make_assessment(session, due_on=EVENING.day)
        person_id = makers.vendor_author(session).person_id
        session.get_one(Person, person_id).time_zone = "America/New_York"
        with night.begin(session):
            pass
    with clock.fixed(night.at):
        vania = people.at_the_portal(person_id)
        assert ("overdue" in vania.get("/p/").text.casefold()) is is_late
        page = vania.get("/p/help").text
        assert "Due dates are days in" in page
        assert night.zone in page
