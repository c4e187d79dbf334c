"""A vendor off an imported list, of which nothing is known: nothing about it reads as a fact."""

import pytest

from foundation import clock
from reviews.commands import open_review
from reviews.gate_lines import before_answers
from reviews.gates import Gate, GateResult, GateStatus
from reviews.standing import standing_of
from tests import makers
from tests.people import RABIA
from tests.reviews import stories
from tests.vendors.test_import_applying import applied, vendor
from vendors.queries import default_service
from vendors.rules import PciScope
from vendors.scoping import pci_scope_of
from vendors.tiering import NOTHING_KNOWN

S = GateStatus
ASSUMED = "PCI scope not known yet: the worst case counts"


@pytest.fixture
def imported(scene):
    """Beacon came in by name alone; Cobalt with the word that it sees no cards."""
    return scene(_imported)


def _imported(database):
    with database.writing() as session:
        applied(session, "Name,Card data,Reaches our card systems\nBeacon,,\nCobalt,no,no\n")
        return vendor(session, "Beacon").id


@pytest.mark.parametrize("page", ["", "/services", "/exposure"])
def test_the_worst_case_is_not_told_as_a_fact(people, imported, page):
    shown = people.browser(RABIA).get(f"/vendors/{imported}{page}").text
    assert ASSUMED in shown
    assert "Card data is shared with it" not in shown


def test_what_was_said_of_cards_is_told(people, database):
    with database.writing() as session:
        said = makers.make_vendor(session, exposure=makers.CRITICAL)
    shown = people.browser(RABIA).get(f"/vendors/{said.id}").text
    assert "Card data is shared with it" in shown
    assert ASSUMED not in shown


def test_a_list_that_says_no_cards_is_believed(database, imported):
    del imported
    with database.reading() as session:
        cobalt = default_service(session, vendor(session, "Cobalt").id)
        beacon = default_service(session, vendor(session, "Beacon").id)
    assert beacon.pci_scope is pci_scope_of(NOTHING_KNOWN)
    assert beacon.is_scope_assumed
    assert (cobalt.pci_scope, cobalt.is_scope_assumed) == (PciScope.NONE, False)


def test_no_gate_is_passed_or_failed_before_anything_was_handed_in(people, database, imported):
    with database.reading() as session:
        found = standing_of(session, imported, clock.now().date())
    assert {one.status for one in found.gates} <= {S.UNANSWERED, S.NOT_APPLICABLE}
    shown = people.browser(RABIA).get(f"/vendors/{imported}").text
    risk = shown[shown.index("<h2>Risk</h2>") :]
    gates = risk[: risk.index("</section>")]
    assert "× Not known yet" in gates
    assert "Passed" not in gates
    assert "Failed" not in gates


@pytest.mark.parametrize("page", ["", "/decide"])
def test_the_desk_says_so_too(people, database, imported, page):
    with database.writing() as session:
        rabia = makers.make_staff(session, RABIA)
        beacon = vendor(session, "Beacon")
        review = open_review(session, beacon, kind="initial", by=rabia.actor, at=clock.now())
        address = f"/reviews/{review.id}{page}"
    shown = people.browser(RABIA).get(address).text
    gates = shown[shown.index(">Gates</h2>") :]
    assert "Not known yet" in gates
    assert ">Failed</span>" not in gates
    assert ">Passed</span>" not in gates


def test_after_the_answers_what_is_missing_fails_again(session):
    review, _ = stories.submitted(
        session, vendor=makers.make_vendor(session, exposure=makers.CRITICAL)
    )
    found = standing_of(session, review.vendor_id, clock.now().date())
    statuses = {one.gate: one.status for one in found.gates}
    assert (statuses[Gate.G4], statuses[Gate.G8]) == (S.FAILED, S.PASSED)


@pytest.mark.parametrize(
    ("gate", "status", "before"),
    [
        (Gate.G4, S.FAILED, S.UNANSWERED),
        (Gate.G9, S.FAILED, S.UNANSWERED),
        (Gate.G8, S.PASSED, S.UNANSWERED),
        (Gate.G8, S.FAILED, S.FAILED),  # a critical finding is known, whoever was asked
        (Gate.G11, S.PASSED, S.PASSED),  # the intake knows where it works
        (Gate.G5, S.FAILED, S.FAILED),  # the contract was read
        (Gate.G12, S.NOT_APPLICABLE, S.NOT_APPLICABLE),
    ],
)
def test_only_silence_becomes_unknown(gate, status, before):
    assert before_answers(GateResult(gate, status, "")).status is before
