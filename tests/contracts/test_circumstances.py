"""From services to circumstances: the worst counts, and the unknown is the worst."""

import pytest

from contracts.circumstances import ServiceFacts, circumstances_of, sees_of
from contracts.library import requirements
from vendors.rules import PciScope
from vendors.tiering import Exposure

LOW = Exposure(*[0] * 8)
UNKNOWN = Exposure(account_data=None, cde=None, critical_function=None)


def facts(exposure=LOW, tier=4, sees=(), *, is_ict=True, scope=PciScope.NONE):
    return ServiceFacts(tier, exposure, is_ict, scope, frozenset(sees))


def with_class(number):
    return Exposure(number, *[0] * 7)


def test_what_nobody_knows_counts_as_the_worst():
    found = circumstances_of([facts(UNKNOWN, tier=None, scope=PciScope.SHARES_ACCOUNT_DATA)], [])
    assert found.tier == 1
    assert found.is_pci
    assert found.has_account_data
    assert found.affects_cde
    assert found.has_pii
    assert found.is_cross_border
    assert found.is_critical_function
    assert found.data_class == 4


def test_the_worst_of_several_services_counts():
    found = circumstances_of([facts(), facts(with_class(3), tier=2, is_ict=False)], [])
    assert (found.tier, found.data_class, found.has_pii, found.is_ict) == (2, 3, True, True)


@pytest.mark.parametrize(
    ("number", "sees", "has_pii"),
    [
        (2, ["people"], False),
        (3, [], True),
        (3, ["people"], True),
        (4, ["passwords"], False),
        (4, ["passwords", "people"], True),
        (4, ["business"], True),
        (4, ["unknown"], True),
    ],
)
def test_personal_data_is_read_from_class_and_intake(number, sees, has_pii):
    assert circumstances_of([facts(with_class(number), sees=sees)], []).has_pii is has_pii


def test_regimes_switch_health_and_the_state_bank_on():
    covered = [facts(with_class(4), sees=["health"])]
    assert not circumstances_of(covered, ["pci"]).has_phi
    assert circumstances_of(covered, ["hipaa"]).has_phi
    assert not circumstances_of([facts(with_class(4), sees=["cards"])], ["hipaa"]).has_phi
    assert circumstances_of(covered, ["sbp"]).is_pakistan_regulated


@pytest.mark.parametrize(
    ("intake", "sees"),
    [({}, set()), ({"sees": "people"}, {"people"}), ({"sees": ["a", "b", ""]}, {"a", "b"})],
)
def test_the_intake_is_read_in_any_of_its_shapes(intake, sees):
    assert sees_of(intake) == sees


def test_every_needed_clause_says_why():
    worst = circumstances_of([facts(UNKNOWN, tier=1)], ["sbp", "hipaa"])
    for needed in requirements(worst):
        assert needed.why.startswith("Needed because ")
        assert needed.why.endswith(".")
