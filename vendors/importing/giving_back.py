"""Giving a changed vendor back what it had: every value that is still what the import wrote."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from identity.rules import Author
from vendors.importing.adding import plain
from vendors.importing.commands import COLUMNS
from vendors.importing.fields import IDENTIFIERS, ImportField
from vendors.importing.outcome import Stayed
from vendors.importing.untouched import CHUNK, MADE, Facts
from vendors.inventory_models import VendorTag
from vendors.models import Vendor
from vendors.naming import domain_key
from vendors.queries import default_service, exposure_of_service
from vendors.service_commands import set_exposure

F = ImportField
_FIELDS = {column: which for which, column in COLUMNS.items()} | {"parent_id": F.PARENT}
_MADE = {"alias": F.ALIASES, "note": F.NOTES, "past": F.DECISION}


@dataclass(slots=True)
class GivenBack:
    """How undoing one row ended: what is as it was before, and what stays, with the reason."""

    back: list[ImportField] = field(default_factory=list)
    stayed: list[tuple[ImportField | None, Stayed]] = field(default_factory=list)
    """None stands for the whole row."""
    going: list[str] = field(default_factory=list)
    """Contacts to take off, all at once when every row was looked at."""

    def kept(self) -> dict[str, object]:
        """Return it as the batch keeps it for good."""
        stayed = [[which.value if which else "", why.value] for which, why in self.stayed]
        return {"back": [which.value for which in dict.fromkeys(self.back)], "stayed": stayed}


@dataclass(frozen=True, slots=True)
class Giver:
    """One undo while it goes on."""

    session: Session
    facts: Facts
    by: Author
    at: datetime

    def give_back(self, vendor: Vendor, row: dict[str, Any]) -> GivenBack:
        """Give a vendor back what it had; a value that somebody changed since stays."""
        done = GivenBack()
        for which, column, value in self._values(vendor, row, done):
            setattr(vendor, column, value)
            done.back.append(which)
        if F.WEBSITE in done.back:
            vendor.domain_key = domain_key(vendor.website)
        self._exposure(vendor, row, done)
        for table in MADE:
            self._details(table, row, done)
        self._tags(vendor, row, done)
        self._contacts(row, done)
        self.session.flush()
        return done

    def _values(
        self, vendor: Vendor, row: dict[str, Any], done: GivenBack
    ) -> Iterator[tuple[ImportField, str, object]]:
        is_whole = vendor.version == row["version"]
        for column, before in row["before"].items():
            if column == "exposure":
                continue
            stands = plain(getattr(vendor, column))
            if stands in _ours(row, column, stands if is_whole else before, before):
                yield _FIELDS[column], column, _typed(column, before)
            else:
                done.stayed.append((_FIELDS[column], Stayed.CHANGED))

    def _exposure(self, vendor: Vendor, row: dict[str, Any], done: GivenBack) -> None:
        before: dict[str, Any] | None = row["before"].get("exposure")
        if before is None:
            return
        service = default_service(self.session, vendor.id)
        known = exposure_of_service(service)
        stands = asdict(known)
        is_whole = row["service_version"] == service.version
        after = row.get("after", {}).get("exposure", stands if is_whole else before)
        given: dict[str, Any] = {}
        for which in (F(name) for name in row["fields"] if name in before):
            if stands[which.value] in {after[which.value], before[which.value]}:
                given[which.value] = before[which.value]
                done.back.append(which)
            else:
                done.stayed.append((which, Stayed.CHANGED))
        exposure = replace(known, **given)
        if exposure != known:
            set_exposure(self.session, service, exposure, service.intake, by=self.by, at=self.at)

    def _details(self, table: str, row: dict[str, Any], done: GivenBack) -> None:
        ids: list[str] = row["made"].get(table, [])
        going = [one for one in ids if one not in self.facts.changed_notes]
        if len(going) < len(ids):
            done.stayed.append((_MADE[table], Stayed.CHANGED))
        if going and table == "number":
            done.back += [w for w, _kind in IDENTIFIERS.items() if w.value in row["fields"]]
        elif going:
            done.back.append(_MADE[table])
        delete_made(self.session, table, going)

    def _tags(self, vendor: Vendor, row: dict[str, Any], done: GivenBack) -> None:
        tags = [UUID(one) for one in row["made"].get("tag", ())]
        if tags:
            is_ours = (VendorTag.vendor_id == vendor.id) & VendorTag.tag_id.in_(tags)
            self.session.execute(delete(VendorTag).where(is_ours))
            done.back.append(F.TAGS)

    def _contacts(self, row: dict[str, Any], done: GivenBack) -> None:
        for one in row["made"].get("contact", ()):
            why = self.facts.why_contact_stays(one, row.get("contacts", {}).get(one))
            if why is None:
                done.back.append(F.CONTACT_EMAIL)
                done.going.append(one)
            else:
                done.stayed.append((F.CONTACT_EMAIL, why))


def delete_made(session: Session, table: str, row_ids: Iterable[str]) -> None:
    """Delete what an import added to one table."""
    made = MADE[table]
    ids = [UUID(one) for one in row_ids]
    for start in range(0, len(ids), CHUNK):
        session.execute(delete(made).where(made.id.in_(ids[start : start + CHUNK])))


def _ours(row: dict[str, Any], column: str, usual: object, before: object) -> tuple[object, ...]:
    """Return the values nobody chose since: what the import wrote, and what was there before.

    `usual` counts for an import of before the written values were kept.
    """
    return row.get("after", {}).get(column, usual), before


def _typed(column: str, value: object) -> object:
    if value is None:
        return None
    if column.endswith("_id"):
        return UUID(str(value))
    return date.fromisoformat(str(value)) if column == "next_review_on" else value
