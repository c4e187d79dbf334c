"""What importing would overwrite, in words: what is on record, and what comes in its place."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from identity.queries import names_of
from organisation.queries import list_units
from vendors.countries import country_name
from vendors.importing.fields import ImportField
from vendors.importing.outcome import RowOutcome

Change = tuple[ImportField, str, str]
"""A field, what is there, and what comes; both empty where something is only added."""


def changes_in_words(session: Session, rows: Iterable[RowOutcome]) -> dict[int, list[Change]]:
    """Return the changes of each row that changes a vendor, by the number of the row."""
    rows = [row for row in rows if row.changes]
    values = [v for row in rows for _field, *pair in row.overwrites for v in pair]
    ids = {value for value in values if isinstance(value, UUID)}
    names = names_of(session, ids) | {unit.id: unit.name for unit in list_units(session)}
    return {row.row: _of_row(row, names) for row in rows}


def _of_row(row: RowOutcome, names: Mapping[UUID, str]) -> list[Change]:
    known = {which: (before, after) for which, before, after in row.overwrites}
    found: list[Change] = []
    for which in row.changes:
        if which in known:
            before, after = known[which]
            found.append((which, _words(which, before, names), _words(which, after, names)))
        else:
            found.append((which, "", ""))
    return found


def _words(which: ImportField, value: object, names: Mapping[UUID, str]) -> str:
    if value is None or value == "":
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, UUID):
        return names.get(value, _("somebody or something not in the lists any more"))
    if isinstance(value, date):
        return str(format_date(value, "d MMMM y"))
    return country_name(str(value)) if which is ImportField.COUNTRY else str(value)
