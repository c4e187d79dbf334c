"""Lower tiers for a time: who may, how long, and how they end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from audit.actions import Action
from audit.commands import seal
from audit.models import Entry
from foundation import clock
from foundation.errors import Refused
from mail.models import Letter
from tests.people import ASIF, LAILA, PERVEZ, RABIA
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


@pytest.fixture
def override(authors):
    def make(tier=3, reason="They only visit on site, watched by us.", days=90, approver=ASIF):
        ends_on = clock.today() + timedelta(days=days)
        return Override(
            tier=tier,
            reason=reason,
            ends_on=ends_on,
            approver_id=authors[approver.email].person_id,
        )

    return make


def test_a_lower_tier_counts_for_service_and_vendor_until_it_lapses(
    session, vendor, service, laila, override
):
    assert vendor.tier == 2
    granted = override_tier(session, service, override(), by=laila, at=clock.now())
    assert (service.tier, vendor.tier, granted.frozen_rating[:6]) == (3, 3, "Tier 2")
    assert (service.computed_tier, vendor.computed_tier) == (2, 2)
    on_last_day = granted.ends_on
    assert lapse_overrides(session, today=on_last_day, at=clock.now()) == 0
    assert lapse_overrides(session, today=on_last_day + timedelta(days=1), at=clock.now()) == 1
    assert (service.tier, vendor.tier) == (2, 2)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"tier": 2}, "computed tier is 2 already"),
        ({"tier": 0}, "Choose another one"),
        ({"tier": 5}, "Choose another one"),
        ({"approver": LAILA}, "Somebody else must approve"),
        ({"approver": RABIA}, "Only a risk lead or an approver"),
        ({"reason": "  "}, "Write the reason"),
        ({"reason": "see card 4111 1111 1111 1111"}, "card number"),
        ({"days": 0}, "must be after today"),
        ({"days": 366}, "twelve months at most: choose 02 March 2027"),
    ],
)
def test_an_override_without_ground_or_end_is_refused(
    session, service, laila, override, wanted, sentence
):
    with pytest.raises(Refused, match=sentence):
        override_tier(session, service, override(**wanted), by=laila, at=clock.now())


@pytest.mark.parametrize("owner", [LAILA, ASIF], ids=lambda each: each.name)
def test_the_owner_of_a_vendor_neither_lowers_its_tier_nor_approves_it(
    session, vendor, service, authors, override, owner
):
    laila = authors[LAILA.email]
    vendor.owner_id = authors[owner.email].person_id
    with pytest.raises(Refused, match="owner cannot lower"):
        override_tier(session, service, override(), by=laila, at=clock.now())


def test_its_buyer_may_have_a_vendor_watched_more_closely(
    session, authors, vendor, service, override
):
    pervez = authors[PERVEZ.email]
    override_tier(session, service, override(tier=1), by=pervez, at=clock.now())
    assert (vendor.tier, vendor.computed_tier) == (1, 2)


def test_who_is_named_as_approver_is_told_at_once(session, service, laila, override):
    override_tier(session, service, override(), by=laila, at=clock.now())
    letter = session.scalars(select(Letter)).one()
    assert (letter.to_email, letter.kind) == (ASIF.email, "override")
    assert letter.subject == "[Northwind Payments] You approved tier 3 for Acme"


def test_who_may_not_see_a_vendor_cannot_approve_for_it(session, vendor, service, laila, override):
    vendor.is_need_to_know = True
    session.flush()
    with pytest.raises(Refused, match="who may see this vendor"):
        override_tier(session, service, override(), by=laila, at=clock.now())


def test_a_change_of_exposure_ends_the_override(session, vendor, service, laila, override):
    override_tier(session, service, override(tier=4), by=laila, at=clock.now())
    commands.set_exposure(session, service, ADMINISTERS, {}, by=laila, at=clock.now())
    assert vendor.tier == 4
    commands.set_exposure(session, service, CARDS, {}, by=laila, at=clock.now())
    assert (service.tier, vendor.tier, exemptions_of(session, vendor.id)) == (1, 1, [])
    seal(session)
    ended = select(Entry.subject_id).where(Entry.action == Action.EXEMPTION_END)
    assert session.scalars(ended).all() == [vendor.id]


def test_revoking_gives_the_computed_tier_back_once(session, vendor, service, laila, override):
    granted = override_tier(session, service, override(), by=laila, at=clock.now())
    revoke(session, granted, by=laila, at=clock.now())
    assert vendor.tier == 2
    with pytest.raises(Refused, match="already ended"):
        revoke(session, granted, by=laila, at=clock.now())


@pytest.mark.parametrize(
    ("day", "latest"),
    [(date(2026, 3, 2), date(2027, 3, 2)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_twelve_months_are_allowed_and_not_a_day_more(
    session, service, laila, override, day, latest
):
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    wanted = replace(override(), ends_on=latest + timedelta(days=1))
    with pytest.raises(Refused, match="twelve months at most"):
        override_tier(session, service, wanted, by=laila, at=at)
    wanted = replace(wanted, ends_on=latest)
    assert override_tier(session, service, wanted, by=laila, at=at).ends_on == latest
