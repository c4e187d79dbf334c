"""Every gate in words, with what is missing for it to pass."""

import pytest

from contracts.rules import ClauseStatus as C
from reviews.gate_needs import Judged, needs_of
from reviews.gates import TITLES, Gate, GateAnswer, GateCase, gate_results
from reviews.gates import GateStatus as S
from tests import makers
from tests.people import LAILA, RABIA
from tests.reviews import stories
from vendors.rules import PciScope

WORST = {
    "tier": 1,
    "data_class": None,
    "criticality": None,
    "location": None,
    "pci_scope": PciScope.SHARES_ACCOUNT_DATA,
    "is_critical_function": True,
    "has_pii": True,
    "has_phi": True,
}


def case_with(**changes):
    return GateCase(**{**WORST, **changes})


def said(gate, case):
    result = next(one for one in gate_results(case) if one.gate is gate)
    return " ".join(needs_of(Judged(gate, result.status, is_by_hand=False), case))


@pytest.mark.parametrize("gate", [gate for gate in Gate if gate is not Gate.G8])
def test_a_gate_nobody_knows_of_says_what_it_waits_for(gate):
    assert said(gate, case_with())


@pytest.mark.parametrize(
    ("gate", "changes", "words"),
    [
        (Gate.G1, {"answers": {"G1": GateAnswer.PARTIAL}}, "says partly"),
        (Gate.G1, {"answers": {"G1": GateAnswer.NO}}, "says no"),
        (Gate.G2, {"answers": {"G2": GateAnswer.NOT_APPLICABLE}}, "consent"),
        (Gate.G3, {"clauses": {"PCI-4": C.MISSING, "DP-j": C.PRESENT}}, "it is missing"),
        (Gate.G4, {}, "An attestation of PCI compliance on record"),
        (Gate.G5, {"clauses": {"PCI-1": C.NEGOTIATING}}, "being negotiated"),
        (Gate.G6, {"clauses": {"CIF-5": C.OPEN}}, "nobody has checked it yet"),
        (Gate.G7, {"clauses": {"SUB-1": C.WAIVED}}, "passes no gate"),
        (Gate.G8, {"open_critical_findings": 2}, "accept for a time: 2"),
        (Gate.G9, {}, "a restore test"),
        (Gate.G10, {"clauses": {"DP-0": C.PRESENT, "HIP-A": C.PARTIAL}}, "falls short"),
        (Gate.G11, {"location": 4}, "by the intake"),
    ],
)
def test_what_is_missing_is_said(gate, changes, words):
    assert words in said(gate, case_with(**changes))


def test_both_halves_of_a_gate_are_named():
    both = said(Gate.G7, case_with())
    assert "clause" in both
    assert "full yes" in both
    with_file = case_with(evidence=frozenset({"pci_aoc"}))
    assert "attestation" not in said(Gate.G4, with_file)
    assert "full yes" in said(Gate.G4, with_file)


@pytest.mark.parametrize("status", [S.PASSED, S.NOT_APPLICABLE])
def test_a_passed_gate_needs_nothing(status):
    assert needs_of(Judged(Gate.G1, status, is_by_hand=False), case_with()) == ()


def test_a_gate_failed_by_hand_needs_a_hand():
    needs = needs_of(Judged(Gate.G1, S.FAILED, is_by_hand=True), case_with())
    assert needs == ("Another answer by hand, once what it was failed for is mended.",)


@pytest.fixture
def review_id(scene):
    return scene(_review_id)


def _review_id(database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
        return stories.submitted(session, vendor=vendor)[0].id


@pytest.mark.parametrize("page", ["", "/decide"])
def test_the_pages_name_a_gate_before_its_number(people, review_id, page):
    shown = people.browser(RABIA).get(f"/reviews/{review_id}{page}").text
    gates = shown[shown.index(">Gates</h2>") :]
    title = gates.index(TITLES[Gate.G4])
    assert title < gates.index(">G4<")
    assert "An attestation of PCI compliance on record" in gates
    assert "G4: " not in gates


@pytest.mark.parametrize(("gate", "title"), [("G4", TITLES[Gate.G4]), ("G99", "G99")])
def test_accepting_the_risk_of_a_gate_says_which(people, review_id, gate, title):
    shown = people.browser(LAILA).get(f"/reviews/{review_id}/gates/{gate}/acceptance").text
    assert title in shown
