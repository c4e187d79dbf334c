"""The dry run as every way in calls it: a reading, choices, and what is on record."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from vendors.importing.checking import check
from vendors.importing.header import Header, data_rows
from vendors.importing.inventory import Inventory
from vendors.importing.outcome import Check, Choices, Surroundings
from vendors.importing.queries import load_inventory, load_surroundings
from vendors.importing.table import Row, Sheet, Source
from vendors.importing.template import HELP_TEXTS


def dry_run(
    session: Session,
    source: Source,
    choices: Choices,
    *,
    viewer_id: UUID | None,
    today: date,
) -> Check:
    """Check a list against the inventory as somebody may see it; None sees everything."""
    inventory = load_inventory(session, viewer_id)
    return check(source, choices, load_surroundings(session, today), inventory)


def dry_run_without_inventory(source: Source, choices: Choices, today: date) -> Check:
    """Check a list where there is no inventory yet."""
    nothing = Inventory(index_of=lambda kind, text: f"{kind} {text}".encode())
    return check(source, choices, Surroundings(today=today, owners={}, units={}), nothing)


def source_of(kind: str, sheet: Sheet, header: Header) -> Source:
    """Return the rows of a list under their header; the help of our template is passed over."""
    names = list(header.names)
    while names and not names[-1]:
        names.pop()
    rows = [row for row in data_rows(sheet, header) if not _is_help(row)]
    return Source(sheet=sheet.name, names=names, rows=rows, is_ragged=kind == "csv")


def _is_help(row: Row) -> bool:
    return sum(cell in HELP_TEXTS for cell in row.cells) > 1
