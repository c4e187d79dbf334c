"""Exemptions end, and vendors come up for review, by our day."""

import pytest

from foundation import clock
from foundation.dates import add_months
from foundation.errors import Refused
from tests import makers
from tests.api import program_of
from tests.nights import MORNING, NIGHTS
from tests.people import ASIF, LAILA, PERVEZ, RABIA
from vendors import handover_commands
from vendors.exemption_commands import Override, lapse_overrides, override_tier
from vendors.queries import default_service
from vendors.tiering import Exposure

each_night = pytest.mark.parametrize("night", NIGHTS)
ADMINISTERS = Exposure(1, 0, 4, 1, 1, 0, 0, 0)


def lowered(session, authors, service, ends_on):
    override = Override(
        tier=3,
        reason="They only visit on site, watched by us.",
        ends_on=ends_on,
        approver_id=authors[ASIF.email].person_id,
    )
    return override_tier(session, service, override, by=authors[LAILA.email], at=clock.now())


@each_night
def test_a_lowered_tier_ends_after_today_and_within_twelve_months(session, authors, night):
    vendor = makers.make_vendor(session, exposure=ADMINISTERS, by=authors[PERVEZ.email])
    service = default_service(session, vendor.id)
    with night.begin(session):
        for wrong in (night.day, add_months(night.day, 12).replace(day=night.day.day + 1)):
            with pytest.raises(Refused):
                lowered(session, authors, service, wrong)
        assert lowered(session, authors, service, night.after).ends_on == night.after


@each_night
def test_it_counts_on_its_last_day_and_no_longer(session, authors, night):
    vendor = makers.make_vendor(session, exposure=ADMINISTERS, by=authors[PERVEZ.email])
    lowered(session, authors, default_service(session, vendor.id), night.day)
    laila = authors[LAILA.email].person_id
    with night.begin(session):
        owned = handover_commands.count_of(session, laila, clock.now())["exemptions"]
        assert owned == handover_commands.count_of(session, laila, night.at)["exemptions"]
        lapse_overrides(session, today=night.day, at=clock.now())
        assert vendor.tier == 3
        lapse_overrides(session, today=night.after, at=clock.now())
        assert vendor.tier == 2


@each_night
def test_what_runs_today_is_handed_over_and_what_ended_yesterday_is_not(session, authors, night):
    rows = []
    for ends_on in (night.before, night.day):
        name = f"Vendor of {ends_on}"
        by = authors[PERVEZ.email]
        vendor = makers.make_vendor(session, name=name, exposure=ADMINISTERS, by=by)
        rows.append(lowered(session, authors, default_service(session, vendor.id), ends_on))
    owners = {row.owner_id for row in rows}
    assert len(owners) == 1
    with night.begin(session):
        counted = handover_commands.count_of(session, owners.pop(), clock.now())
    assert counted["exemptions"] == 1


def test_whose_review_is_late_is_the_same_for_everybody_and_every_program(people, database):
    """Due on 4 March: late at half past one on the 5th in Karachi, where UTC still has the 4th."""
    with database.writing() as session:
        vendor = makers.make_vendor(session)
        vendor.next_review_on = MORNING.before
        vendor.name = "Acme Late"
    with clock.fixed(MORNING.at):
        query = "/vendors?review=overdue"
        assert "Acme Late" in people.browser(RABIA).get(query).text
        listed = program_of(people, RABIA).get(query).get_json()["items"]
        assert [row["name"] for row in listed] == ["Acme Late"]
