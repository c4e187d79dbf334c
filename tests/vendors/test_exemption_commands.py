"""Lower tiers for a time: who may, how long, and how they end."""

from datetime import date, timedelta

import pytest

from foundation import clock
from foundation.errors import Refused
from tests.people import LAILA, PERVEZ
from vendors import commands
from vendors.commands import NewVendor
from vendors.exemption_commands import Override, lapse_overrides, override_tier, revoke
from vendors.queries import default_service, exemptions_of
from vendors.tiering import Exposure

ADMINISTERS = Exposure(1, 0, 4, 1, 1, 0, 0, 0)
CARDS = Exposure(4, 1, 1, 1, 1, 1, 0, 0, account_data=True)


@pytest.fixture
def laila(authors):
    return authors[LAILA.email]


@pytest.fixture
def vendor(session, authors):
    pervez = authors[PERVEZ.email]
    new = NewVendor(name="Acme", owner_id=pervez.person_id, exposure=ADMINISTERS)
    return commands.register(session, new, by=pervez, at=clock.now())


@pytest.fixture
def service(session, vendor):
    return default_service(session, vendor.id)


def override(tier=3, reason="They only visit on site, watched by us.", days=90):
    ends_on = clock.today() + timedelta(days=days)
    return Override(tier=tier, reason=reason, ends_on=ends_on)


def test_a_lower_tier_counts_for_service_and_vendor_until_it_lapses(
    session, vendor, service, laila
):
    assert vendor.tier == 2
    granted = override_tier(session, service, override(), by=laila, at=clock.now())
    assert (service.tier, vendor.tier, granted.frozen_rating[:6]) == (3, 3, "Tier 2")
    on_last_day = granted.ends_on
    assert lapse_overrides(session, today=on_last_day, at=clock.now()) == 0
    assert lapse_overrides(session, today=on_last_day + timedelta(days=1), at=clock.now()) == 1
    assert (service.tier, vendor.tier) == (2, 2)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"tier": 2}, "can only set a lower one: 3 or 4"),
        ({"tier": 1}, "can only set a lower one"),
        ({"tier": 5}, "can only set a lower one"),
        ({"reason": "  "}, "Write the reason"),
        ({"reason": "see card 4111 1111 1111 1111"}, "card number"),
        ({"days": 0}, "must be after today"),
        ({"days": 366}, "twelve months at most: choose 02 March 2027"),
    ],
)
def test_an_override_without_ground_or_end_is_refused(session, service, laila, wanted, sentence):
    with pytest.raises(Refused, match=sentence):
        override_tier(session, service, override(**wanted), by=laila, at=clock.now())


def test_the_owner_of_a_vendor_cannot_lower_its_tier(session, vendor, service, laila):
    vendor.owner_id = laila.person_id
    with pytest.raises(Refused, match="somebody else must lower"):
        override_tier(session, service, override(), by=laila, at=clock.now())


def test_a_change_of_exposure_ends_the_override(session, vendor, service, laila):
    override_tier(session, service, override(tier=4), by=laila, at=clock.now())
    commands.set_exposure(session, service, ADMINISTERS, {}, by=laila, at=clock.now())
    assert vendor.tier == 4
    commands.set_exposure(session, service, CARDS, {}, by=laila, at=clock.now())
    assert (service.tier, vendor.tier, exemptions_of(session, vendor.id)) == (1, 1, [])


def test_revoking_gives_the_computed_tier_back_once(session, vendor, service, laila):
    granted = override_tier(session, service, override(), by=laila, at=clock.now())
    revoke(session, granted, by=laila, at=clock.now())
    assert vendor.tier == 2
    with pytest.raises(Refused, match="already ended"):
        revoke(session, granted, by=laila, at=clock.now())


def test_twelve_months_are_allowed(session, service, laila):
    wanted = Override(tier=3, reason="Watched.", ends_on=date(2027, 3, 2))
    assert override_tier(session, service, wanted, by=laila, at=clock.now()).ends_on.year == 2027
