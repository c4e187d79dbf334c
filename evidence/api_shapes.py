"""Evidence as JSON: every key that leaves stands here by name."""

from typing import Any

from evidence.queries import EvidenceRow
from evidence.rules import EvidenceKind, ScanState
from foundation.api_shapes import day, file, ident, integer, maybe, moment, one_of, record, text
from vendors.rules import Visibility

Shape = dict[str, Any]

ROW = record(
    "Evidence",
    {
        "id": ident(),
        "reference": text(like="E-0012"),
        "title": text(),
        "kind": one_of(EvidenceKind),
        "original_name": text(like="soc2-2026.pdf"),
        "size": integer("Bytes.", least=0),
        "sha256": text("Of the file, in hexadecimal."),
        "scan_state": one_of(ScanState, "What the virus scanner said."),
        "issued_on": maybe(day()),
        "valid_until": maybe(day()),
        "visibility": one_of(Visibility, "vendor: its people see it too."),
        "uploaded_at": moment(),
        "uploaded_by": text(),
        "erased_at": maybe(moment("Since when only this record is left.")),
    },
)
_FIELDS = {
    "file": file("PDF, DOCX, XLSX, PNG, JPG, TXT or CSV, smaller than 25 MB."),
    "title": text("Left out, the file's name is used.", like="SOC 2 report 2026"),
    "kind": one_of(EvidenceKind),
    "issued_on": day(),
    "valid_until": day("Left out, it follows from the kind and the day of issue."),
    "visibility": one_of(Visibility, "Left out, internal."),
}
UPLOAD = record("EvidenceFile", _FIELDS, optional=[key for key in _FIELDS if key != "file"])


def row(found: EvidenceRow) -> Shape:
    """Return a file as lists show it."""
    return {
        "id": str(found.evidence_id),
        "reference": found.reference,
        "title": found.title,
        "kind": found.kind.value,
        "original_name": found.original_name,
        "size": found.size,
        "sha256": found.sha256,
        "scan_state": found.scan_state.value,
        "issued_on": found.issued_on.isoformat() if found.issued_on else None,
        "valid_until": found.valid_until.isoformat() if found.valid_until else None,
        "visibility": found.visibility.value,
        "uploaded_at": found.uploaded_at.isoformat(),
        "uploaded_by": found.uploaded_by,
        "erased_at": found.erased_at.isoformat() if found.erased_at else None,
    }
