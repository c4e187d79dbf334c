"""A list on its way in, kept for its person between the steps: sealed, and gone after a week."""

import json
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation import vault
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from vendors.import_models import ImportDraft
from vendors.importing.dates import DateOrder
from vendors.importing.fields import ImportField
from vendors.importing.header import Header, best_sheet, guess_header, header_at
from vendors.importing.mapping import Remembered
from vendors.importing.outcome import Choices
from vendors.importing.table import Reading, Sheet, packed, unpacked

LIVES = timedelta(days=7)
MOST_OPEN = 20
LONGEST_FILE_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What was decided about a list so far."""

    sheet: int
    header_first: int
    header_rows: int
    choices: Choices | None = None
    """None until the columns were confirmed."""
    remembered: Remembered | None = None
    """What the columns were filled in from when they were confirmed, if not guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A list on its way in, opened."""

    draft_id: UUID
    file_name: str
    expires_at: datetime
    reading: Reading
    progress: Progress
    header: Header = field(init=False)

    def __post_init__(self) -> None:
        """Find the header that was chosen."""
        chosen = self.progress
        found = header_at(self.sheet, chosen.header_first, chosen.header_rows)
        object.__setattr__(self, "header", found)

    @property
    def sheet(self) -> Sheet:
        """The sheet that was chosen."""
        return self.reading.sheets[min(self.progress.sheet, len(self.reading.sheets) - 1)]


def begin(reading: Reading, sheet: int | None = None) -> Progress:
    """Return the sheet and header that a list most likely has."""
    place = best_sheet(reading) if sheet is None else sheet
    header = guess_header(reading.sheets[place])
    return Progress(sheet=place, header_first=header.first, header_rows=header.rows)


def keep_draft(
    session: Session, reading: Reading, file_name: str, person_id: UUID, *, at: datetime
) -> UUID:
    """Keep a list that was read, and throw away what has expired. Raises Refused for too many."""
    session.execute(delete(ImportDraft).where(ImportDraft.expires_at <= at))
    if len(list_drafts(session, person_id, at=at)) >= MOST_OPEN:
        raise Refused(
            f"You have {MOST_OPEN} lists on their way in. Finish or discard one of them first."
        )
    draft_id = new_id()
    place = _place(draft_id, person_id)
    session.add(
        ImportDraft(
            id=draft_id,
            person_id=person_id,
            file_name=" ".join(file_name.split())[:LONGEST_FILE_NAME] or "Pasted list",
            table_sealed=vault.seal(zlib.compress(packed(reading), 6), context=place),
            choices_sealed=vault.seal(_written(begin(reading)), context=place),
            created_at=at,
            expires_at=at + LIVES,
        )
    )
    session.flush()
    return draft_id


def list_drafts(
    session: Session, person_id: UUID, *, at: datetime
) -> list[tuple[UUID, str, datetime]]:
    """Return somebody's lists on their way in: id, name of the file, when it expires."""
    chosen = (
        select(ImportDraft.id, ImportDraft.file_name, ImportDraft.expires_at)
        .where(ImportDraft.person_id == person_id, ImportDraft.expires_at > at)
        .order_by(ImportDraft.created_at.desc())
    )
    return [(one, name, expires) for one, name, expires in session.execute(chosen)]


def get_draft(session: Session, draft_id: UUID, person_id: UUID, *, at: datetime) -> Draft:
    """Return somebody's own list on its way in. Raises Missing."""
    row = _row(session, draft_id, person_id, at)
    place = _place(draft_id, person_id)
    table = zlib.decompress(vault.unseal(row.table_sealed, context=place))
    return Draft(
        draft_id=row.id,
        file_name=row.file_name,
        expires_at=row.expires_at,
        reading=unpacked(table),
        progress=_read(vault.unseal(row.choices_sealed, context=place)),
    )


def keep_progress(session: Session, draft: Draft, progress: Progress, person_id: UUID) -> None:
    """Keep what was decided."""
    row = session.get_one(ImportDraft, draft.draft_id)
    place = _place(draft.draft_id, person_id)
    row.choices_sealed = vault.seal(_written(progress), context=place)
    session.flush()


def discard(session: Session, draft_id: UUID, person_id: UUID) -> None:
    """Throw a list away; nothing of it was imported."""
    session.execute(
        delete(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.person_id == person_id)
    )
    session.flush()


def with_choices(progress: Progress, choices: Choices) -> Progress:
    """Return the same progress with other choices."""
    return replace(progress, choices=choices)


def _row(session: Session, draft_id: UUID, person_id: UUID, at: datetime) -> ImportDraft:
    chosen = select(ImportDraft).where(
        ImportDraft.id == draft_id,
        ImportDraft.person_id == person_id,
        ImportDraft.expires_at > at,
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing("This list is not on its way in any more. Choose the file again.")
    return found


def _place(draft_id: UUID, person_id: UUID) -> str:
    return f"vendor-import|{draft_id}|{person_id}"


def _written(progress: Progress) -> bytes:
    chosen = progress.choices
    plain: dict[str, object] = {
        "sheet": progress.sheet,
        "first": progress.header_first,
        "rows": progress.header_rows,
    }
    if progress.remembered is not None:
        plain["remembered"] = _written_memory(progress.remembered)
    if chosen is not None:
        plain["choices"] = {
            "mapping": [[place, which.value] for place, which in chosen.mapping.items()],
            "orders": [[place, order.value] for place, order in chosen.orders.items()],
            "replaced": [[c, text, to] for (c, text), to in chosen.replaced.items()],
            "edits": [[r, c, text] for (r, c), text in chosen.edits.items()],
            "skipped": sorted(chosen.skipped),
            "same": [[row, text] for row, text in chosen.same.items()],
        }
    return json.dumps(plain, ensure_ascii=False).encode()


def _read(data: bytes) -> Progress:
    plain = json.loads(data)
    found = plain.get("choices")
    choices = None
    if found is not None:
        choices = Choices(
            mapping={place: ImportField(which) for place, which in found["mapping"]},
            orders={place: DateOrder(order) for place, order in found["orders"]},
            replaced={(c, text): to for c, text, to in found["replaced"]},
            edits={(r, c): text for r, c, text in found["edits"]},
            skipped=frozenset(found["skipped"]),
            same=dict(found["same"]),
        )
    return Progress(
        sheet=plain["sheet"],
        header_first=plain["first"],
        header_rows=plain["rows"],
        choices=choices,
        remembered=_read_memory(plain["remembered"]) if "remembered" in plain else None,
    )


def _written_memory(known: Remembered) -> list[object]:
    mapping = [[place, which.value] for place, which in known.mapping.items()]
    return [mapping, known.at.isoformat(), str(known.by_id) if known.by_id else ""]


def _read_memory(plain: list[Any]) -> Remembered:
    mapping = {place: ImportField(which) for place, which in plain[0]}
    return Remembered(
        mapping, datetime.fromisoformat(plain[1]), UUID(plain[2]) if plain[2] else None
    )
