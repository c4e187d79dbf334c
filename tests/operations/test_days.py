"""A moment that a page shows as a day is the day it was with us, and so is what is kept for a time."""

import pytest

from foundation import clock
from identity.models import Person
from operations.retention.due import moment_before
from tests import makers
from tests.nights import NIGHTS
from tests.people import ADIL


@pytest.mark.parametrize("night", NIGHTS)
def test_somebody_is_here_since_our_day(people, database, night):
    with database.writing() as session:
        with night.begin(session):
            person_id = makers.vendor_author(session).person_id
        session.get_one(Person, people.id_of(ADIL)).time_zone = "Pacific/Auckland"
    with clock.fixed(night.at):
        text = people.browser(ADIL).get(f"/people/{person_id}/data").text
    assert f">{night.day.day} March 2026<" in text


@pytest.mark.parametrize("night", NIGHTS)
def test_what_is_kept_for_months_is_kept_to_our_day(night):
    before = moment_before(night.at, 12, night.zone)
    assert before.date() == night.day.replace(year=2025)
    assert before == night.at.replace(year=2025)
