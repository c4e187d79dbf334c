"""Reading responsibility matrices. Whoever asks has found the vendor before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from contracts.matrix_models import Responsibility, ResponsibilityMatrix
from contracts.matrix_rules import Line, MatrixGap, MatrixStanding, gaps, in_order, standing_of
from identity.models import Person
from vendors.models import Vendor
from vendors.rules import PciScope
from vendors.service_models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A stored matrix, every principal requirement among its lines."""

    matrix_id: UUID
    version: int
    agreed_on: date | None
    valid_until: date | None
    changed_at: datetime
    changed_by: str
    lines: tuple[Line, ...]

    @property
    def gaps(self) -> tuple[MatrixGap, ...]:
        """What is missing in it."""
        return gaps(self.lines)

    def standing(self, today: date) -> MatrixStanding:
        """Return what it is worth on a day."""
        return standing_of(self.lines, self.valid_until, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixSummary:
    """What a page says of a matrix in one line."""

    standing: MatrixStanding
    agreed_on: date | None = None
    valid_until: date | None = None
    gaps: int = 0

    @property
    def is_there(self) -> bool:
        """Whether there is one at all."""
        return self.standing is not MatrixStanding.MISSING


def matrix_summary(session: Session, vendor_id: UUID, today: date) -> MatrixSummary:
    """Return where the matrix of a vendor that needs one stands; one statement."""
    found = find_matrix(session, vendor_id)
    if found is None:
        return MatrixSummary(standing=MatrixStanding.MISSING)
    return MatrixSummary(
        standing=found.standing(today),
        agreed_on=found.agreed_on,
        valid_until=found.valid_until,
        gaps=len(found.gaps),
    )


def touches(service: Service) -> bool:
    """Say whether a service in use touches card data or can affect its safety."""
    return service.archived_at is None and service.pci_scope is not PciScope.NONE


def touches_cards() -> ColumnElement[bool]:
    """Return the condition under which a vendor's services touch card data (PCI DSS 12.8.1)."""
    return exists().where(
        Service.vendor_id == Vendor.id,
        Service.archived_at.is_(None),
        Service.pci_scope != PciScope.NONE,
    )


def needs_matrix(session: Session, vendor_id: UUID) -> bool:
    """Say whether a service of the vendor touches card data or can affect its safety."""
    chosen = select(Vendor.id).where(Vendor.id == vendor_id, touches_cards())
    return session.scalar(chosen) is not None


def find_matrix(session: Session, vendor_id: UUID) -> Matrix | None:
    """Return the matrix agreed with a vendor, or None; one statement."""
    chosen = (
        select(ResponsibilityMatrix, Person.name, Responsibility)
        .join(Person, Person.id == ResponsibilityMatrix.changed_by_id)
        .outerjoin(Responsibility, Responsibility.matrix_id == ResponsibilityMatrix.id)
        .where(ResponsibilityMatrix.vendor_id == vendor_id)
    )
    rows = session.execute(chosen).all()
    if not rows:
        return None
    found, changed_by, _first = rows[0]
    return Matrix(
        matrix_id=found.id,
        version=found.version,
        agreed_on=found.agreed_on,
        valid_until=found.valid_until,
        changed_at=found.changed_at,
        changed_by=changed_by,
        lines=in_order(_lines([row[2] for row in rows if row[2] is not None])),
    )


def _lines(rows: Collection[Responsibility]) -> list[Line]:
    return [Line(row.number, row.share, row.note) for row in rows]
