"""Responsibility matrices for stories, stored by the command of the product."""

from datetime import date

from contracts.matrix_commands import MatrixFacts, save_matrix
from contracts.matrix_queries import find_matrix
from contracts.matrix_rules import NAMES, Line, Share
from foundation import clock
from tests.makers import make_staff, make_vendor
from vendors.rules import PciScope

AGREED = date(2026, 1, 15)


def whole(*others):
    """Every requirement is the vendor's, but for these lines."""
    known = {number: Line(number, Share.VENDOR) for number in NAMES}
    return tuple((known | {one.number: one for one in others}).values())


def card_vendor(session, **stated):
    return make_vendor(session, **{"pci_scope": PciScope.SHARES_ACCOUNT_DATA, **stated})


def make_matrix(session, vendor, lines=None, *, agreed_on=AGREED, by=None):
    stored = find_matrix(session, vendor.id)
    facts = MatrixFacts(agreed_on=agreed_on, lines=whole() if lines is None else tuple(lines))
    save_matrix(
        session,
        vendor,
        facts,
        version=stored.version if stored else 0,
        by=by or make_staff(session),
        at=clock.now(),
    )
    return find_matrix(session, vendor.id)
