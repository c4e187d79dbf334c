"""Words for kinds of evidence and for what the scanner said."""

from flask_babel import lazy_gettext as _l

from evidence.rules import EvidenceKind, ScanState
from foundation.labels import register

register(
    {
        EvidenceKind.SOC2_TYPE2: (_l("SOC 2 Type II report"), "none"),
        EvidenceKind.SOC2_TYPE1: (_l("SOC 2 Type I report"), "none"),
        EvidenceKind.BRIDGE_LETTER: (_l("Bridge letter"), "none"),
        EvidenceKind.ISO27001: (_l("ISO 27001 certificate"), "none"),
        EvidenceKind.PCI_AOC: (_l("PCI DSS attestation of compliance"), "none"),
        EvidenceKind.PCI_MATRIX: (_l("PCI DSS responsibility matrix"), "none"),
        EvidenceKind.ASV_SCAN: (_l("ASV scan report"), "none"),
        EvidenceKind.PENTEST: (_l("Penetration test report"), "none"),
        EvidenceKind.SELF_ASSESSMENT: (_l("Self-assessment"), "none"),
        EvidenceKind.RESTORE_TEST: (_l("Restore test record"), "none"),
        EvidenceKind.INSURANCE: (_l("Insurance certificate"), "none"),
        EvidenceKind.POLICY: (_l("Policy or procedure"), "none"),
        EvidenceKind.CONTRACT: (_l("Contract document"), "none"),
        EvidenceKind.OTHER: (_l("Other document"), "none"),
    }
)
register(
    {
        ScanState.NOT_SCANNED: (_l("Not scanned"), "warn"),
        ScanState.CLEAN: (_l("Scanned: no virus found"), "ok"),
        ScanState.INFECTED: (_l("Quarantined: contains a virus"), "bad"),
        ScanState.FAILED: (_l("Waiting for the virus scan"), "warn"),
        ScanState.LOCKED: (_l("Locked with a password"), "bad"),
        ScanState.TOO_LARGE: (_l("Too large for the scanner"), "bad"),
    }
)
