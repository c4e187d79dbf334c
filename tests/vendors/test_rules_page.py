"""The tier rules: shown to everybody, drafted by a lead, tested, published, never in silence."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from foundation.errors import Conflict, Refused
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA
from vendors.commands import NewVendor, register
from vendors.exemption_commands import Override, override_tier
from vendors.models import Vendor
from vendors.queries import default_service, tiering_of, tierings_of
from vendors.rules_forms import values_of
from vendors.service_commands import overrides_of
from vendors.tier_document import differences, document_of, model_from, problems_of
from vendors.tier_model import TIER_MODEL, Factor
from vendors.tier_version_commands import publish, retier_services
from vendors.tier_version_models import TierModelVersion
from vendors.tier_versions import list_versions, model_in_force, newest
from vendors.tiering import Exposure, tier_for

PAYROLL = Exposure(3, 1, 1, 2, 1, 2, 1, 2)
"""45.0 points: tier 3 until the boundary of tier 2 is 45 or less."""
MOST_STATEMENTS = 8


def draft(**bands):
    kept = {int(name.removeprefix("tier_")): value for name, value in bands.items()}
    return replace(TIER_MODEL, version="draft", bands={**TIER_MODEL.bands, **kept})


def body(**changed):
    shown = values_of(TIER_MODEL, 1) | {"note": "As the committee decided."} | changed
    return {name: "" if value is None else str(value) for name, value in shown.items()}


@pytest.fixture
def laila(authors):
    return authors[LAILA.email]


@pytest.fixture
def published(database, laila):
    """Publish a draft in a transaction of its own."""

    def make(model, *, based_on=1):
        with database.writing() as session:
            return publish(
                session, model, based_on=based_on, note="Stricter.", by=laila, at=clock.now()
            ).name

    return make


def test_what_is_kept_is_what_was_published():
    assert model_from(document_of(TIER_MODEL), TIER_MODEL.version) == TIER_MODEL
    assert problems_of(TIER_MODEL) == ()
    assert differences(TIER_MODEL, TIER_MODEL) == ()


THIRDS = {f"weight_{factor}": 0 for factor in Factor} | {
    "weight_data_class": "33.3",
    "weight_access": "33.3",
    "weight_criticality": "33.3",
}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"weight_data_class": 20}, "add up to 98; they must add up to 100. That is 2 too few."),
        ({"weight_data_class": 30}, "add up to 108; they must add up to 100. That is 8 too many."),
        (THIRDS, "add up to 99.9; they must add up to 100. That is 0.1 too few."),
        ({"weight_data_class": "NaN"}, "Write a whole number"),
        ({"weight_data_class": 122, "weight_access": -82}, "A weight is a whole number from 0"),
        ({"band_1": 70, "band_2": 70}, "Tier 1 must begin above tier 2: 70 is not more than 70."),
        ({"band_3": 60}, "Tier 2 must begin above tier 3: 50 is not more than 60."),
        ({"band_3": 0}, "A boundary is a whole number from 1 to 100."),
        ({"band_1": 101}, "A boundary is a whole number from 1 to 100."),
        ({"floor_cde": 3}, "A floor may only raise: choose tier 2 or one that is watched more"),
        ({"floor_cde": "x"}, "A floor may only raise"),
        ({"answer_days_1": 0}, "Write a whole number from 1 to 365."),
        ({"answer_days_1": "two weeks"}, "Write a whole number, such as 30."),
        ({"note": "  ", "step": "publish"}, "Write what changes and why"),
        ({"note": "card 4111 1111 1111 1111"}, "card number"),
    ],
)
def test_a_draft_that_does_not_hold_together_is_refused_with_what_was_typed(
    people, database, changed, sentence
):
    browser = people.browser(LAILA)
    answer = browser.post("/rules/draft", data=body(**{"band_1": 71, **changed}))
    assert answer.status_code == 422
    assert sentence in answer.text
    for name, typed in changed.items():
        if name.startswith(("weight", "band", "answer")):
            assert re.search(rf'name="{name}"[^>]*value="{re.escape(str(typed))}"', answer.text)
    with database.reading() as session:
        assert newest(session) == (1, TIER_MODEL)


def test_testing_shows_who_would_change_and_keeps_nothing(people, database, stored):
    vendor_id = stored("Salaries Ltd", exposure=PAYROLL)
    stored("Quiet Cleaning")
    stored("Secret Ltd", exposure=PAYROLL, is_need_to_know=True)
    browser = people.browser(LAILA)
    text = browser.post("/rules/draft", data={**body(band_2=45), "step": "test"}).text
    assert "Of 2 services in use or on the way in, 1 would change tier." in text
    assert text.index('name="note"') < text.index("Publish as version")
    assert f"/vendors/{vendor_id}/exposure" in text
    assert "45.0 points until now, 45.0 then; tier 2 begins at 45." in text
    assert "Secret Ltd" not in text
    assert "Quiet Cleaning" not in text
    assert "Publish as version 2026-2" in text
    with database.reading() as session:
        assert len(list_versions(session)) == 1


def test_publishing_changes_no_tier_and_retiering_notes_each(people, database, stored):
    vendor_id = stored("Salaries Ltd", exposure=PAYROLL)
    other_id = stored("Quiet Cleaning")
    browser = people.browser(LAILA)
    answer = browser.post("/rules/draft", data={**body(band_2=45), "step": "publish"})
    assert answer.status_code == 303
    page = browser.get("/rules").text
    assert "Version 2026-2 is in force" in page
    assert "Re-tier 2 services now" in page
    with database.reading() as session:
        service = default_service(session, vendor_id)
        assert (service.tier, service.tier_model) == (3, "2026-1")
        assert tiering_of(service).tier == 3, "shown with the model that made it"
    assert browser.post("/rules/retier").status_code == 303
    with database.reading() as session:
        service = default_service(session, vendor_id)
        assert (service.tier, service.tier_model) == (2, "2026-2")
        assert session.get_one(Vendor, vendor_id).tier == 2
        assert session.get_one(Vendor, other_id).tier == 4
        records = {one.model_version for one in tierings_of(session, service.id)}
        assert records == {"2026-1", "2026-2"}, "earlier records keep their version"
        noted = select(Entry.subject_id).where(Entry.action == Action.VENDOR_RETIER)
        assert set(session.scalars(noted)) == {vendor_id, other_id}
    assert "Re-tier" not in browser.get("/rules").text


def test_a_hidden_vendor_is_tiered_anew_and_counted_for_nobody(people, database, stored, published):
    stored("Salaries Ltd", exposure=PAYROLL)
    secret = stored("Secret Ltd", exposure=PAYROLL, is_need_to_know=True)
    published(draft(tier_2=45))
    browser = people.browser(LAILA)
    assert "Re-tier 1 service now" in browser.get("/rules").text
    shown = browser.get(browser.post("/rules/retier").location).text
    assert "1 service was tiered anew" in shown
    with database.reading() as session:
        assert session.get_one(Vendor, secret).tier == 2


def test_new_answers_are_computed_with_the_version_in_force(database, published, stored):
    published(draft(tier_2=45))
    vendor_id = stored("Salaries Ltd", exposure=PAYROLL)
    with database.reading() as session:
        service = default_service(session, vendor_id)
        assert (service.tier, service.tier_model) == (2, "2026-2")


def test_the_second_of_two_gets_a_page_with_both(people, database, published):
    browser = people.browser(LAILA)
    published(draft(tier_1=80))
    answer = browser.post("/rules/draft", data={**body(band_1=75), "step": "publish"})
    assert answer.status_code == 409
    assert "Somebody else published a version while you were drafting" in answer.text
    row = answer.text.split("What differs from what was published meanwhile")[1]
    assert re.search(r"Tier 1 begins at.*?80.*?75", row, re.DOTALL)
    assert re.search(r'name="based_on"[^>]*value="2"', answer.text)
    assert re.search(r'name="band_1"[^>]*value="75"', answer.text)
    again = browser.post("/rules/draft", data={**body(band_1=75, based_on=2), "step": "publish"})
    assert again.status_code == 303
    with database.reading() as session:
        assert model_in_force(session).bands[1] == 75


def test_a_number_is_published_once(session, laila):
    publish(session, draft(tier_1=80), based_on=1, note="One.", by=laila, at=clock.now())
    with pytest.raises(Conflict):
        publish(session, draft(tier_1=81), based_on=1, note="Two.", by=laila, at=clock.now())
    with pytest.raises(Refused, match="Nothing differs"):
        publish(session, draft(tier_1=80), based_on=2, note="Same.", by=laila, at=clock.now())


def test_the_unique_key_decides_when_both_read_before_either_wrote(session, laila):
    assert newest(session)[0] == 1
    theirs = TierModelVersion(
        number=2,
        name="2026-2",
        content=document_of(draft(tier_1=80)),
        note="Faster.",
        published_by_id=laila.person_id,
        published_at=clock.now(),
    )
    session.add(theirs)
    session.flush()
    with pytest.raises(Conflict, match="Somebody else published"):
        publish(session, draft(tier_1=75), based_on=1, note="Mine.", by=laila, at=clock.now())


@given(
    weights=st.permutations([22, 10, 18, 18, 8, 10, 6, 8]),
    bands=st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True),
    floors=st.lists(st.integers(1, 3), min_size=7, max_size=7),
    factors=st.lists(st.none() | st.integers(0, 4), min_size=8, max_size=8),
)
@settings(max_examples=60)
def test_whatever_is_published_floors_only_raise_and_nothing_unknown_is_low(
    weights, bands, floors, factors
):
    one, two, three = sorted(bands, reverse=True)
    model = replace(
        TIER_MODEL,
        weights=dict(zip(Factor, weights, strict=True)),
        bands={1: one, 2: two, 3: three, 4: 0},
        floors=tuple(
            replace(rule, tier=min(tier, rule.tier))
            for rule, tier in zip(TIER_MODEL.floors, floors, strict=True)
        ),
    )
    assert problems_of(model) == ()
    assert model_from(document_of(model), model.version) == model
    known = tier_for(Exposure(*(0 if value is None else value for value in factors)), model)
    found = tier_for(Exposure(*factors), model)
    assert found.tier <= found.raw_tier
    assert found.tier <= known.tier
    assert found.is_provisional == (None in factors)


@pytest.mark.parametrize(("set_to", "tier_then"), [(4, 4), (1, 1), (2, 2)])
def test_an_override_outlives_a_retiering_until_the_computed_tier_reaches_it(
    session, authors, laila, set_to, tier_then
):
    owner = authors[PERVEZ.email]
    new = NewVendor(name="Salaries Ltd", owner_id=owner.person_id, exposure=PAYROLL)
    vendor = register(session, new, by=owner, at=clock.now())
    service = default_service(session, vendor.id)
    ends_on = clock.today().replace(year=2027)
    wanted = Override(
        tier=set_to,
        approver_id=authors[ASIF.email].person_id,
        reason="Two people only.",
        ends_on=ends_on,
    )
    override_tier(session, service, wanted, by=laila, at=clock.now())
    publish(session, draft(tier_2=45), based_on=1, note="Stricter.", by=laila, at=clock.now())
    assert retier_services(session, by=laila, at=clock.now()) == 1
    assert (service.tier, vendor.tier, vendor.computed_tier) == (tier_then, tier_then, 2)
    assert bool(overrides_of(session, service.id)) == (set_to != 2), "reached, so ended"


def test_the_versions_page_shows_what_differs(people, published):
    published(draft(tier_1=80))
    text = people.browser(AMNA).get("/rules/versions").text
    assert "From version 2026-1 to 2026-2" in text
    assert "Tier 1 begins at" in text
    assert "Stricter." in text
    assert "Laila Haddad" in text
    assert "Nothing differs" in people.browser(AMNA).get("/rules/versions?new=2026-1").text
    assert people.browser(AMNA).get("/rules/versions?new=x&old=%00").status_code == 200


def test_everybody_reads_and_only_a_lead_writes(people):
    for who in (PERVEZ, RABIA, ASIF, ADIL, AMNA):
        browser = people.browser(who)
        assert "Draft a new version" not in browser.get("/rules").text
        assert len(browser.statements) <= MOST_STATEMENTS, browser.statements
        assert browser.get("/rules/draft").status_code == 403
        assert browser.post("/rules/draft", data=body()).status_code == 403
        assert browser.post("/rules/retier").status_code == 403
    assert "Draft a new version" in people.browser(LAILA).get("/rules").text


def test_pace_of_the_version_in_force_presets_the_due_date(people, published, stored):
    slower = replace(TIER_MODEL.pace, answer_days={1: 21, 2: 21, 3: 21, 4: 21})
    published(replace(TIER_MODEL, pace=slower))
    text = people.browser(PERVEZ).get(f"/vendors/{stored()}/send").text
    assert 'value="2026-03-23"' in text
