"""The clause catalogue: what each kind of vendor's contract needs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from contracts.library import CatalogueError, catalogue, find_clause, load, requirements
from contracts.rules import Circumstances, ParameterKind

PLAIN = Circumstances(tier=4, data_class=0, is_ict=False)


def ids(facts):
    return {needed.clause.id for needed in requirements(facts)}


def test_every_contract_needs_the_general_clauses():
    assert ids(PLAIN) == {"ICT-8", "GEN-1", "GEN-2", "GEN-3"}


CASES = [
    ({"is_pci": True}, {"PCI-1", "PCI-2", "PCI-3", "PCI-4"}),
    ({"is_pci": True, "has_account_data": True}, {"PCI-1", "PCI-2", "PCI-3", "PCI-4", "SEC-10"}),
    ({"is_pci": True, "affects_cde": True}, {"PCI-1", "PCI-2", "PCI-3", "PCI-4", "SEC-12"}),
    ({"has_account_data": True, "affects_cde": True}, set()),
    ({"has_pii": True}, {"DP-0", *(f"DP-{letter}" for letter in "abcdefghj")}),
    ({"is_cross_border": True}, {"DP-i"}),
    ({"is_ict": True}, {f"ICT-{n}" for n in (1, 2, 3, 4, 5, 6, 9)}),
    ({"is_critical_function": True}, {*(f"CIF-{n}" for n in range(1, 7)), "SUB-1"}),
    ({"is_pakistan_regulated": True}, {"SBP-1"}),
    ({"has_phi": True}, {f"HIP-{letter}" for letter in "ABCDEFGHIJ"}),
    ({"data_class": 2}, {*(f"SEC-{n}" for n in range(1, 9)), "SEC-11"}),
    ({"data_class": 3}, {*(f"SEC-{n}" for n in range(1, 9)), "SEC-11", "SUB-1"}),
    ({"data_class": None}, {*(f"SEC-{n}" for n in range(1, 9)), "SEC-11", "SUB-1"}),
    ({"tier": 3}, {"DP-j"}),
    ({"tier": 2}, {"DP-j", "SEC-9", "INS-1"}),
    ({"tier": 1}, {"DP-j", "SEC-9", "INS-1", "CIF-5"}),
]


@pytest.mark.parametrize(("changes", "added"), CASES)
def test_what_each_circumstance_adds(changes, added):
    assert ids(replace(PLAIN, **changes)) - ids(PLAIN) == added


def test_tier_one_asks_for_more():
    def amount(tier, wanted):
        needed = requirements(Circumstances(tier=tier, is_critical_function=True))
        return next(n.clause.parameter.amount for n in needed if n.clause.id == wanted)

    assert (amount(1, "ICT-5"), amount(2, "ICT-5")) == (Decimal("99.9"), Decimal("99.5"))
    assert (amount(1, "ICT-8"), amount(2, "ICT-8")) == (180, 90)
    assert (amount(1, "CIF-6"), amount(2, "CIF-6")) == (12, 6)


def test_the_shipped_catalogue_is_whole():
    for entry in catalogue().clauses:
        clause = entry.clause
        assert clause.title
        assert clause.says.endswith(".")
        assert clause.refs
        kind = clause.parameter.kind
        assert bool(clause.wants) is (kind is not ParameterKind.PRESENT)
        counted = kind not in (ParameterKind.PRESENT, ParameterKind.TEXT)
        assert (clause.parameter.amount is not None) is counted
        assert bool(clause.parameter.text) is (kind is ParameterKind.TEXT)
    assert find_clause("DP-j").parameter.amount == 24
    assert find_clause("DP-z") is None


GOOD = "{id: X-1, title: T, says: S., area: ENC, applies: [{all: true}], refs: [R]}"


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        (f"[{GOOD}, {GOOD}]", "X-1 is there twice"),
        (f"[{GOOD.replace('all', 'alll')}]", "X-1: unknown condition alll"),
        (f"[{GOOD.replace('ENC', 'ENX')}]", "X-1: there is no area ENX"),
        (f"[{GOOD.replace('title: T, ', '')}]", "X-1: unknown or missing keys: title"),
        ("[{wants: '{amount}', " + GOOD[1:] + "]", "X-1: wants must name"),
        (f"[{GOOD.replace('refs', 'reffs')}]", "unknown or missing keys: reffs, refs"),
    ],
)
def test_a_wrong_catalogue_is_refused(entries, complaint):
    with pytest.raises(CatalogueError, match=complaint):
        load(f"version: '1'\nclauses: {entries}")
