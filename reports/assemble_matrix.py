"""The dossier's part about who meets which requirement of PCI DSS (12.8.5)."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.matrix_queries import find_matrix
from contracts.matrix_rules import NAMES, Line, MatrixStanding, is_split_off, principal_of
from reports.dossier_papers import (
    EvidenceFacts,
    PciDutyFacts,
    ResponsibilityFacts,
    ResponsibilityMatrixFacts,
)
from reports.dossier_parts import Word
from reports.rules import counted
from reports.words import said_day, word

NOBODY = Word("nobody", "Nobody yet", "bad")


def matrix_facts(
    session: Session, vendor_id: UUID, today: date
) -> ResponsibilityMatrixFacts | None:
    """Return the matrix as it stands on a day, or None where none is on record."""
    found = find_matrix(session, vendor_id)
    if found is None:
        return None
    split = {principal_of(one.number) for one in found.lines if is_split_off(one.number)}
    return ResponsibilityMatrixFacts(
        status=word(found.standing(today)),
        agreed_on=found.agreed_on,
        valid_until=found.valid_until,
        changed_at=found.changed_at.replace(microsecond=0),
        changed_by=found.changed_by,
        lines=tuple(_line(one, is_split=one.number in split) for one in found.lines),
        gaps=tuple(gap.sentence for gap in found.gaps),
    )


def _line(one: Line, *, is_split: bool) -> ResponsibilityFacts:
    return ResponsibilityFacts(
        number=one.number,
        name=NAMES.get(one.number, ""),
        share=word(one.share) if one.share else NOBODY,
        note=one.note,
        is_rest=is_split,
    )


def duty_of(
    duty: str, matrix: ResponsibilityMatrixFacts | None, clause: str, file: EvidenceFacts | None
) -> PciDutyFacts:
    """Return how we stand towards 12.8.5: what is on record, the clause and the file beside it."""
    record = [_told(matrix), f"Contract clause PCI-3: {clause}."]
    if file is not None:
        record.append(f"File {file.reference}{' (past its end)' if file.is_over else ''}.")
    return PciDutyFacts(
        requirement="12.8.5",
        duty=duty,
        status=matrix.status if matrix else word(MatrixStanding.MISSING),
        record=" ".join(record),
    )


def _told(matrix: ResponsibilityMatrixFacts | None) -> str:
    if matrix is None:
        return "No matrix is on record."
    if matrix.agreed_on is None or matrix.valid_until is None:
        told = "The matrix below is not agreed yet"
    else:
        agreed, until = said_day(matrix.agreed_on), said_day(matrix.valid_until)
        told = f"The matrix below was agreed on {agreed} and holds until {until}"
    return f"{told}; {counted(len(matrix.gaps), 'gap')}." if matrix.gaps else f"{told}."
