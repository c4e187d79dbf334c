"""Rules of evidence: kinds, scan states, assurance and freshness."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from foundation.dates import add_months


class EvidenceKind(StrEnum):
    """What a file is, as far as due diligence cares."""

    SOC2_TYPE2 = "soc2_type2"
    SOC2_TYPE1 = "soc2_type1"
    BRIDGE_LETTER = "bridge_letter"
    ISO27001 = "iso27001"
    PCI_AOC = "pci_aoc"
    PCI_MATRIX = "pci_matrix"
    ASV_SCAN = "asv_scan"
    PENTEST = "pentest"
    SELF_ASSESSMENT = "self_assessment"
    RESTORE_TEST = "restore_test"
    INSURANCE = "insurance"
    POLICY = "policy"
    CONTRACT = "contract"
    OTHER = "other"


class ScanState(StrEnum):
    """What the malware scanner said."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"
    LOCKED = "locked"
    TOO_LARGE = "too_large"


GIVEN_OUT = frozenset({ScanState.CLEAN, ScanState.NOT_SCANNED})
"""Files somebody may take a copy of, and which can prove something. All others stay shut."""
SCANNED_LATER = frozenset({ScanState.NOT_SCANNED, ScanState.FAILED, ScanState.TOO_LARGE})
"""Files the worker brings before the scanner again."""


ASSERTED = 0.50
GRACE = timedelta(days=90)
"""domain.md B.2: one class down at once after the end, back to asserted after 90 days."""

LADDER = (ASSERTED, 0.65, 0.70, 0.85, 0.95, 1.00)

_ASSURANCE = {
    EvidenceKind.SOC2_TYPE2: 0.95,
    EvidenceKind.PCI_AOC: 0.95,
    EvidenceKind.SOC2_TYPE1: 0.85,
    EvidenceKind.ISO27001: 0.85,
    EvidenceKind.PENTEST: 0.85,
    EvidenceKind.ASV_SCAN: 0.85,
    EvidenceKind.SELF_ASSESSMENT: 0.70,
}
_VENDOR_DOCUMENT = 0.65

_MONTHS = {
    EvidenceKind.BRIDGE_LETTER: 3,
    EvidenceKind.ASV_SCAN: 3,
    EvidenceKind.ISO27001: 36,
}
_DEFAULT_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """A file as the score sees it."""

    kind: EvidenceKind
    valid_until: date | None


def default_end(kind: EvidenceKind, issued_on: date) -> date | None:
    """Return until when a kind counts when nobody says otherwise (domain.md A.9).

    None for a contract: it ends when its own dates say so, which the contract room keeps.
    """
    if kind is EvidenceKind.CONTRACT:
        return None
    return add_months(issued_on, _MONTHS.get(kind, _DEFAULT_MONTHS))


def assurance_of(proof: Proof, on: date) -> float:
    """Return how much a file assures on a day, 0.50 to 0.95 (domain.md B.2)."""
    level = _ASSURANCE.get(proof.kind, _VENDOR_DOCUMENT)
    if proof.valid_until is None or on <= proof.valid_until:
        return level
    if on > proof.valid_until + GRACE:
        return ASSERTED
    return LADDER[max(LADDER.index(level) - 1, 0)]


def levels() -> Mapping[EvidenceKind, float]:
    """Return how much a fresh file of each kind assures, 0.50 to 0.95 (domain.md B.2)."""
    return {kind: _ASSURANCE.get(kind, _VENDOR_DOCUMENT) for kind in EvidenceKind}


def best_assurance(proofs: tuple[Proof, ...], on: date) -> float:
    """Return the assurance of the best file cited; nothing cited is asserted."""
    return max((assurance_of(proof, on) for proof in proofs), default=ASSERTED)
