"""Closing everything under the newest key: in small steps, so that it can be gone on with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from evidence.models import Evidence
from evidence.seals import rewrap
from foundation import keyring, vault
from foundation.crypto import Tampered
from foundation.db import Database
from foundation.failpoints import failpoint
from foundation.vault import SealBroken
from operations.sealed_columns import SEALED, Sealed
from vendors.models import VendorIdentifier

AT_ONCE = 200
"""Rows changed in one transaction: others wait for it a moment at most."""


@dataclass(slots=True)
class Rotated:
    """How many values were closed anew, and which ones did not open."""

    values: int = 0
    files: int = 0
    numbers: int = 0
    refused: list[str] = field(default_factory=list)


def close_anew(database: Database) -> Rotated:
    """Close everything under the current key that is under an older one; safe to run again."""
    done = Rotated()
    for sealed in SEALED:
        done.values += _walk(database, partial(_values, sealed=sealed, done=done))
    done.files = _walk(database, partial(_files, done=done))
    done.numbers = _walk(database, _numbers)
    return done


def is_complete(database: Database) -> bool:
    """Return whether nothing is left under an older key."""
    with database.reading() as session:
        old = [session.scalar(select(func.count()).where(_is_old(one))) for one in SEALED]
        ring = keyring.current()
        files = select(func.count(Evidence.id)).where(
            Evidence.wrapped_dek.is_not(None), Evidence.kek_id != ring.current_id
        )
        return not any(old) and not session.scalar(files)


Step = Callable[[Session, UUID | None], tuple[list[UUID], int]]


def _walk(database: Database, step: Step) -> int:
    """Take a step for the next rows until there are none; each in a transaction of its own."""
    after, n_changed = None, 0
    while True:
        with database.writing() as session:
            seen, changed = step(session, after)
        failpoint("keys.after_step")
        n_changed += changed
        if not seen:
            return n_changed
        after = seen[-1]


def _is_old(sealed: Sealed) -> Any:  # noqa: ANN401  a condition
    """Say which values another than the current key has closed: their first bytes name it."""
    wanted = vault.heading()
    return sealed.column.is_not(None) & (func.substr(sealed.column, 1, len(wanted)) != wanted)


def _values(
    session: Session, after: UUID | None, *, sealed: Sealed, done: Rotated
) -> tuple[list[UUID], int]:
    table = sealed.table
    chosen = _next(select(table.id, sealed.column.label("blob"), *sealed.named_by), table, after)
    rows = session.execute(chosen.where(_is_old(sealed))).all()
    changed = 0
    for row in rows:
        place = sealed.place(row)
        try:
            fresh = vault.seal(vault.unseal(row.blob, context=place), context=place)
        except SealBroken as broken:
            done.refused.append(str(broken))
            continue
        values = {sealed.column.key: fresh}
        session.execute(update(table.__table__).where(table.id == row.id).values(values))
        changed += 1
    return [row.id for row in rows], changed


def _files(session: Session, after: UUID | None, *, done: Rotated) -> tuple[list[UUID], int]:
    chosen = _next(select(Evidence), Evidence, after).where(
        Evidence.wrapped_dek.is_not(None), Evidence.kek_id != keyring.current().current_id
    )
    rows = session.scalars(chosen).all()
    changed = 0
    for row in rows:
        try:
            rewrap(row)
        except Tampered as found:
            done.refused.append(f"{row.reference}: {found}")
            continue
        changed += 1
    return [row.id for row in rows], changed


def _numbers(session: Session, after: UUID | None) -> tuple[list[UUID], int]:
    """Index registered numbers anew: the index is what keeps one number from being there twice."""
    table = VendorIdentifier
    rows = session.scalars(_next(select(table), table, after)).all()
    changed = 0
    for row in rows:
        number = row.value
        if row.value_sealed is not None:
            try:
                place = f"vendor-identifier|{row.id}"
                number = vault.unseal(row.value_sealed, context=place).decode()
            except SealBroken:
                continue  # told when its value was tried
        index = vault.blind_index(row.kind, number or "")
        if index != row.value_index:
            row.value_index = index
            changed += 1
    return [row.id for row in rows], changed


def _next(chosen: Any, table: Any, after: UUID | None) -> Any:  # noqa: ANN401  a statement
    following = chosen.order_by(table.id).limit(AT_ONCE).with_for_update(of=table)
    return following if after is None else following.where(table.id > after)
