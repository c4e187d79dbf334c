"""One tick and one press: saying between reviews whether anything has changed."""

import pytest
from sqlalchemy import select

from foundation.ids import new_id
from identity import invitations
from identity.models import Invitation
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState, Change
from tests.people import PERVEZ, VANIA, VIKTOR
from tests.portal.conftest import Asked
from tests.reviews.attested import asked, change, stored
from vendors.rules import VendorState


def entered(database, portal_client, **vendor):
    """Ask a vendor of tier 3 and bring its person in by the mailed link."""
    vendor_id, attestation_id = asked(database, tier=3, **vendor)
    with database.reading() as session:
        chosen = select(Invitation).where(Invitation.for_id == attestation_id)
        link = session.scalars(chosen).one()
        way = Asked(attestation_id, vendor_id, link.email, invitations.token_of(link))
    return portal_client(way), way, f"/p/changes/{attestation_id}"


@pytest.fixture
def acme(database, portal_client):
    return entered(database, portal_client, contact=VANIA)


def test_the_link_leads_to_the_one_page_and_nothing_changed_is_one_tick(database, acme):
    vania, way, address = acme
    page = vania.get(address).text
    assert "Has anything changed since 2 March 2026?" in page
    done = vania.post(address, data={"is_unchanged": "y", "name": VANIA.name})
    assert done.status_code == 303
    assert "Nothing has changed." in vania.get(address).text
    assert "Declared" in vania.get("/p/").text
    assert stored(database, way.assessment_id).state is AttestationState.UNCHANGED


def test_before_the_code_only_who_asks_and_until_when_is_said(client, database, acme):
    del acme
    _, attestation_id = asked(database, name="Borealis", tier=3, contact=VIKTOR)
    with database.reading() as session:
        chosen = select(Invitation).where(Invitation.for_id == attestation_id)
        token = invitations.token_of(session.scalars(chosen).one())
    page = client.get(f"/p/i/{token}", follow_redirects=True).text
    assert "Has anything changed since 2 March 2026?" in page
    assert PERVEZ.name in page
    assert "Borealis" not in page
    assert "Viktor" not in page


def test_a_change_wants_its_sentence_and_is_read_out_afterwards(database, acme):
    vania, way, address = acme
    data = {"name": VANIA.name, "ownership": "y"}
    refused = vania.post(address, data=data)
    assert refused.status_code == 422
    assert "Say in a sentence what has changed" in refused.text
    typed = {**data, "ownership_what": "Sold to <b>Borealis</b> in May."}
    assert vania.post(address, data=typed).status_code == 303
    page = vania.get(address).text
    assert "Sold to &lt;b&gt;Borealis&lt;/b&gt; in May." in page
    assert stored(database, way.assessment_id).state is AttestationState.REPORTED


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"name": VANIA.name},
        {"name": "  ", "is_unchanged": "y"},
        {"name": VANIA.name, "is_unchanged": "y", "people": "y", "people_what": "Viktor now."},
        {"name": VANIA.name, "is_unchanged": "y", "people_what": "Viktor now."},
        {"name": VANIA.name, "people": "y", "people_what": "x" * 1001},
        {"name": VANIA.name, "people": "y", "people_what": "\x00"},
        {"name": "x" * 500, "is_unchanged": "y"},
    ],
)
def test_what_cannot_be_declared_is_said_and_nothing_typed_is_lost(database, acme, data):
    vania, way, address = acme
    refused = vania.post(address, data=data)
    assert refused.status_code == 422
    assert "There is a problem" in refused.text
    if data.get("people_what", "").isprintable():
        assert data.get("people_what", "") in refused.text
    assert stored(database, way.assessment_id).state is AttestationState.ASKED


def test_the_second_of_two_presses_changes_nothing(database, acme):
    vania, way, address = acme
    vania.post(address, data={"is_unchanged": "y", "name": VANIA.name})
    again = vania.post(address, data={"name": "Somebody", "people": "y", "people_what": "Me."})
    assert again.status_code == 409
    assert "declared already" in again.text
    assert stored(database, way.assessment_id).declared_name == VANIA.name


def test_another_vendors_people_find_nothing(database, portal_client, acme):
    _, way, _ = acme
    viktor, _, _ = entered(database, portal_client, name="Borealis", contact=VIKTOR)
    for found in (way.assessment_id, new_id()):
        assert viktor.get(f"/p/changes/{found}").status_code == 404
        refused = viktor.post(f"/p/changes/{found}", data={"is_unchanged": "y", "name": "V"})
        assert refused.status_code == 404
    assert stored(database, way.assessment_id).state is AttestationState.ASKED


def test_a_vendor_we_leave_is_not_asked_any_more(database, acme):
    vania, way, address = acme
    change(database, way.vendor_id, state=VendorState.OFFBOARDING)
    assert vania.get(address).status_code == 404
    assert "Nothing is asked of you" in vania.get("/p/").text


def test_every_kind_can_be_reported(database, acme):
    vania, way, address = acme
    data = {kind.value: "y" for kind in Change} | {f"{kind.value}_what": "Yes." for kind in Change}
    assert vania.post(address, data={"name": VANIA.name, **data}).status_code == 303
    with database.reading() as session:
        kept = session.get_one(Attestation, way.assessment_id).changes
    assert set(kept) == {kind.value for kind in Change}
