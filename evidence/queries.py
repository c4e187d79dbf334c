"""Reading evidence: records only; the bytes are opened by evidence.commands."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from audit.actions import ActorKind
from evidence.models import Evidence
from evidence.rules import GIVEN_OUT, EvidenceKind, ScanState
from foundation.errors import Missing
from identity.models import Person
from vendors.queries import get_vendor
from vendors.rules import Visibility


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file as lists show it."""

    evidence_id: UUID
    reference: str
    title: str
    kind: EvidenceKind
    original_name: str
    size: int
    sha256: str
    scan_state: ScanState
    issued_on: date | None
    valid_until: date | None
    visibility: Visibility
    uploaded_at: datetime
    uploaded_by_kind: ActorKind
    uploaded_by: str
    erased_at: datetime | None

    @property
    def is_given_out(self) -> bool:
        """Whether somebody may take a copy: it is there, and nothing is known against it."""
        return self.erased_at is None and self.scan_state in GIVEN_OUT

    def is_over(self, on: date) -> bool:
        """Say whether the file's validity has ended."""
        return self.valid_until is not None and self.valid_until < on


_OF_VENDOR = (
    select(Evidence, Person.name)
    .outerjoin(Person, Person.id == Evidence.uploaded_by_id)
    .where(Evidence.vendor_id == bindparam("vendor_id"))
    .order_by(Evidence.uploaded_at.desc(), Evidence.id)
)
_OF_VENDOR_MARKED = _OF_VENDOR.where(Evidence.visibility == bindparam("visibility"))


def evidence_of(
    session: Session, vendor_id: UUID, *, visibility: Visibility | None = None
) -> list[EvidenceRow]:
    """Return a vendor's files, newest first; with `visibility`, only those marked so."""
    chosen = _OF_VENDOR if visibility is None else _OF_VENDOR_MARKED
    values = {"vendor_id": vendor_id, "visibility": visibility}
    return [_row(file, name) for file, name in session.execute(chosen, values)]


def get_row(session: Session, evidence_id: UUID) -> EvidenceRow:
    """Return one file as lists show it; its reader was asked for already."""
    chosen = select(Evidence, Person.name).outerjoin(Person, Person.id == Evidence.uploaded_by_id)
    file, name = session.execute(chosen.where(Evidence.id == evidence_id)).one()
    return _row(file, name)


def find_evidence(session: Session, vendor_id: UUID, evidence_id: UUID) -> Evidence | None:
    """Return a file of this vendor, or None."""
    chosen = select(Evidence).where(Evidence.id == evidence_id, Evidence.vendor_id == vendor_id)
    return session.scalars(chosen).one_or_none()


def get_evidence(session: Session, viewer_id: UUID, evidence_id: UUID) -> Evidence:
    """Return a file of a vendor the viewer may see; raises Missing."""
    found = session.get(Evidence, evidence_id)
    if found is None:
        raise Missing
    get_vendor(session, viewer_id, found.vendor_id)
    return found


def find_same(
    session: Session, vendor_id: UUID, sha256: bytes, *, visibility: Visibility | None = None
) -> Evidence | None:
    """Return the vendor's file with the same bytes; with `visibility`, only one marked so.

    A vendor's own upload asks with Visibility.VENDOR: it must not learn of our internal copy.
    """
    chosen = (
        select(Evidence)
        .where(
            Evidence.vendor_id == vendor_id,
            Evidence.sha256 == sha256,
            Evidence.erased_at.is_(None),
        )
        .order_by(Evidence.uploaded_at.desc())
        .limit(1)
    )
    if visibility is not None:
        chosen = chosen.where(Evidence.visibility == visibility)
    return session.scalars(chosen).first()


def _row(file: Evidence, uploader: str | None) -> EvidenceRow:
    return EvidenceRow(
        evidence_id=file.id,
        reference=file.reference,
        title=file.title,
        kind=file.kind,
        original_name=file.original_name,
        size=file.size,
        sha256=file.sha256.hex(),
        scan_state=file.scan_state,
        issued_on=file.issued_on,
        valid_until=file.valid_until,
        visibility=file.visibility,
        uploaded_at=file.uploaded_at,
        uploaded_by_kind=file.uploaded_by_kind,
        uploaded_by=uploader or "",
        erased_at=file.erased_at,
    )
