"""What all services of a vendor touch: the worst of each, and unknown stays unknown."""

import pytest

from foundation import clock
from tests.makers import CRITICAL, LOW, make_staff, make_vendor
from vendors.queries import default_service
from vendors.rules import PciScope
from vendors.scoping import exposure_of_all, exposure_of_vendor
from vendors.service_commands import add_service, set_exposure
from vendors.service_edits import archive_service
from vendors.tiering import NOTHING_KNOWN


def test_without_a_service_nothing_is_known():
    assert exposure_of_all([]) == NOTHING_KNOWN


def test_the_worst_of_each_counts(session):
    vendor, by = make_vendor(session), make_staff(session)
    assert exposure_of_vendor(session, vendor.id) == LOW
    second = add_service(session, vendor, "Card processing", by=by, at=clock.now())
    assert exposure_of_vendor(session, vendor.id) == NOTHING_KNOWN
    set_exposure(session, second, CRITICAL, {}, by=by, at=clock.now())
    assert exposure_of_vendor(session, vendor.id) == CRITICAL


def test_a_service_we_buy_no_longer_counts_nothing(session):
    vendor, by = make_vendor(session), make_staff(session)
    second = add_service(session, vendor, "Card processing", by=by, at=clock.now())
    archive_service(session, second, by=by, at=clock.now())
    assert exposure_of_vendor(session, vendor.id) == LOW


@pytest.mark.parametrize(
    ("scope", "touched"),
    [
        (PciScope.SHARES_ACCOUNT_DATA, (True, False)),
        (PciScope.AFFECTS_SECURITY, (False, True)),
        (PciScope.NONE, (False, False)),
    ],
)
def test_a_pci_scope_set_closer_by_hand_counts(session, scope, touched):
    vendor = make_vendor(session, pci_scope=scope)
    found = exposure_of_vendor(session, vendor.id)
    assert (found.account_data, found.cde) == touched


def test_a_pci_scope_set_wider_by_hand_takes_nothing_away(session):
    vendor = make_vendor(session, exposure=CRITICAL, pci_scope=PciScope.NONE)
    assert exposure_of_vendor(session, vendor.id) == CRITICAL


def test_what_is_not_known_stays_not_known_though_it_counts_as_touched(session):
    vendor = make_vendor(session, exposure=NOTHING_KNOWN)
    assert default_service(session, vendor.id).pci_scope is PciScope.SHARES_ACCOUNT_DATA
    assert exposure_of_vendor(session, vendor.id).account_data is None
