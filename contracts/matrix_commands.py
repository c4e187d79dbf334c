"""Changing the PCI responsibility matrix of a vendor: what was agreed, by whom, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from audit.actions import Action
from contracts.contract_facts import EARLIEST
from contracts.matrix_models import Responsibility, ResponsibilityMatrix
from contracts.matrix_queries import Matrix, find_matrix, needs_matrix
from contracts.matrix_rules import (
    LONGEST_NOTE,
    Line,
    check_length,
    differing,
    in_order,
    is_split_off,
    parse_number,
    valid_until,
)
from foundation.errors import Conflict, Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.queries import day_of
from vendors.models import Vendor
from vendors.noting import note_vendor
from vendors.wording import checked_text

OUT_OF_SCOPE = (
    "No service of this vendor touches card data or can affect its safety, so there is nothing to "
    "divide. If one does, say so in what our use of the service touches."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFacts:
    """What both sides agreed to; without a day it is being worked out."""

    agreed_on: date | None
    lines: tuple[Line, ...]


def save_matrix(
    session: Session,
    vendor: Vendor,
    facts: MatrixFacts,
    *,
    version: int,
    by: Author,
    at: datetime,
) -> bool:
    """Store who meets which requirement and say whether anything is new; all of it or nothing.

    `version` is that of the matrix it was made on top of, 0 where there was none. Raises Conflict
    when somebody was faster, and Refused with the sentence for the typist.
    """
    stored = find_matrix(session, vendor.id)
    if version != (stored.version if stored else 0):
        raise Conflict(
            "Somebody else changed this matrix while you had it open. What differs is shown "
            "below, yours is still in the form: keep what is right and save again.",
            theirs=stored,
        )
    if not needs_matrix(session, vendor.id):
        raise Refused(OUT_OF_SCOPE)
    lines = checked_lines(facts.lines)
    _check_day(facts.agreed_on, day_of(session, at))
    changed = differing(stored.lines if stored else (), lines)
    is_moved = facts.agreed_on != (stored.agreed_on if stored else None)
    if not (changed or is_moved):
        if stored is None:
            raise Refused("Nothing is filled in yet. Say of one requirement who meets it.")
        return False
    row = _row(session, vendor.id, by, at)
    row.agreed_on, row.valid_until = facts.agreed_on, valid_until(facts.agreed_on)
    row.changed_at, row.changed_by_id = at, by.person_id
    flag_modified(row, "changed_at")  # so that its version counts, whatever else stayed the same
    session.flush()
    _write(session, row.id, lines)
    before, after = told_change(stored, facts.agreed_on, changed)
    note_vendor(session, Action.MATRIX_EDIT, vendor.id, by=by, at=at, before=before, after=after)
    return True


def checked_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines that can be stored, in order. Raises Refused, naming the requirement."""
    given = tuple(lines)
    check_length(given)
    found: dict[str, Line] = {}
    for one in given:
        number = parse_number(one.number)
        if number in found:
            raise Refused(f"Requirement {number} stands there twice. Keep one of them.")
        plain = one.note.replace("\r\n", "\n")  # as browsers send a new line
        note = checked_text(plain, what=f"The note of requirement {number}", longest=LONGEST_NOTE)
        found[number] = Line(number, one.share, note)
    ordered = in_order(found.values())
    check_length(ordered)
    return ordered


def bring_together(session: Session, keep_id: UUID, other_id: UUID) -> None:
    """Keep one of the matrices of two vendors that are one company: the one agreed on later."""
    chosen = select(ResponsibilityMatrix).where(
        ResponsibilityMatrix.vendor_id.in_((keep_id, other_id))
    )
    known = {row.vendor_id: row for row in session.scalars(chosen)}
    if other_id not in known:
        return
    mine, theirs = known.get(keep_id), known[other_id]
    if mine is not None and (mine.agreed_on or date.min) >= (theirs.agreed_on or date.min):
        _drop(session, theirs.id)
        return
    if mine is not None:
        _drop(session, mine.id)
    moved = update(ResponsibilityMatrix).where(ResponsibilityMatrix.id == theirs.id)
    # Neither's form that is still open may be saved over what is kept.
    version = theirs.version + (mine.version if mine else 0) + 1
    session.execute(moved.values(vendor_id=keep_id, version=version))


def told_change(
    stored: Matrix | None,
    agreed_on: date | None,
    changed: Iterable[tuple[Line | None, Line | None]],
) -> tuple[list[str], list[str]]:
    """Return what the ledger keeps of a change: what stood there, and what does now."""
    before, after = [], []
    was_agreed_on = stored.agreed_on if stored else None
    if was_agreed_on != agreed_on:
        before.append(_told_day(was_agreed_on))
        after.append(_told_day(agreed_on))
    for old, new in changed:
        before += [_told_line(old)] if old else []
        after += [_told_line(new)] if new else []
    return before, after


def _told_day(agreed_on: date | None) -> str:
    return f"agreed on {agreed_on}" if agreed_on else "not agreed"


def _told_line(line: Line) -> str:
    owner = line.share.value.replace("_", " ") if line.share else "no owner"
    return f"{line.number} {owner}: {line.note}" if line.note else f"{line.number} {owner}"


def _check_day(agreed_on: date | None, today: date) -> None:
    if agreed_on is None:
        return
    if agreed_on > today:
        raise Refused("The day it was agreed on must not be ahead of us.", where="agreed_on")
    if agreed_on < EARLIEST:
        raise Refused("Check the year of this date.", where="agreed_on")


def _row(session: Session, vendor_id: UUID, by: Author, at: datetime) -> ResponsibilityMatrix:
    chosen = select(ResponsibilityMatrix).where(ResponsibilityMatrix.vendor_id == vendor_id)
    known = session.scalars(chosen).first()
    if known is not None:
        return known
    row = ResponsibilityMatrix(
        id=new_id(), vendor_id=vendor_id, changed_at=at, changed_by_id=by.person_id
    )
    session.add(row)
    return row


def _write(session: Session, matrix_id: UUID, lines: Iterable[Line]) -> None:
    """Store the lines anew; of a principal requirement only what somebody said."""
    session.execute(delete(Responsibility).where(Responsibility.matrix_id == matrix_id))
    session.add_all(
        Responsibility(matrix_id=matrix_id, number=one.number, share=one.share, note=one.note)
        for one in lines
        if one.share or one.note or is_split_off(one.number)
    )
    session.flush()


def _drop(session: Session, matrix_id: UUID) -> None:
    for table, column in (
        (Responsibility, Responsibility.matrix_id),
        (ResponsibilityMatrix, ResponsibilityMatrix.id),
    ):
        session.execute(delete(table).where(column == matrix_id))
