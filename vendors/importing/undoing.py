"""Taking an import back: what nobody touched since is undone, the rest is named with its reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from identity.rules import Author
from vendors.contact_commands import remove_contacts
from vendors.importing.giving_back import GivenBack, Giver, delete_made
from vendors.importing.outcome import Stayed
from vendors.importing.untouched import (
    facts_of,
    is_as_recorded,
    is_untouched,
    used_since,
    vendors_of,
)
from vendors.inventory_models import ImportBatch
from vendors.models import Vendor
from vendors.service_models import SubProcessor

UNDONE_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Undone:
    """How an undo ended: how many rows are wholly back, and the names of the others."""

    count: int
    kept: tuple[str, ...]


def may_undo(batch: ImportBatch, at: datetime) -> bool:
    """Say whether an import can still be undone: within 30 days, once."""
    return batch.undone_at is None and at - batch.at <= UNDONE_WITHIN


def undo_import(
    session: Session,
    batch: ImportBatch,
    *,
    by: Author,
    at: datetime,
    seen: Collection[str] | None = None,
) -> Undone:
    """Take an import back, value by value, leaving what was changed since. Raises Refused.

    `seen` are the ids of the vendors that whoever undoes may see; others stay, without a name.
    How each row ended is kept with it under "undo", for good.

    A vendor that the import added is archived, not deleted: its tier records are never deleted.
    """
    if not may_undo(batch, at):
        raise Refused("This import was undone already, or is older than 30 days.")
    undo = _Undo(session, batch, vendors_of(session, batch.rows), by=by, at=at)
    done = [
        (row, undo.take_back(row, seen is None or str(row.get("vendor", "")) in seen))
        for row in reversed(batch.rows)
    ]
    undo.clear_away(done)
    batch.rows = [{**row, "undo": how.kept()} for row, how in reversed(done)]
    batch.undone_at = at
    session.flush()
    kept = [str(row["name"]) for row, how in reversed(done) if how.stayed and not _is_unseen(how)]
    count = sum(not how.stayed for _, how in done)
    undo.note(("import", batch.id), undone=count, kept=len(kept))
    return Undone(count, tuple(kept))


class _Undo:
    """One undo while it goes on: what stands now, read once for all rows."""

    def __init__(
        self,
        session: Session,
        batch: ImportBatch,
        vendors: dict[str, Vendor],
        *,
        by: Author,
        at: datetime,
    ) -> None:
        self.session, self.batch, self.vendors = session, batch, vendors
        self.by, self.at = by, at
        self.facts = facts_of(session, [vendor.id for vendor in vendors.values()], batch.at)
        self.used = used_since(session, vendors)
        self.giver = Giver(session, self.facts, by, at)

    def take_back(self, row: dict[str, Any], is_seen: bool) -> GivenBack:
        """Take back what one row did, as far as nobody touched it since."""
        vendor = self.vendors.get(str(row.get("vendor", "")))
        if not is_seen:
            return GivenBack(stayed=[(None, Stayed.UNSEEN)])
        if row["did"] == "behind":
            return self._sub_processor(row)
        if vendor is None or vendor.merged_into_id is not None:
            return GivenBack(stayed=[(None, Stayed.MERGED)])
        if row["did"] == "new":
            done = self._added(vendor, row)
        else:
            done = self.giver.give_back(vendor, row)
        if done.back or not done.stayed:
            self.note(("vendor", vendor.id))
        return done

    def clear_away(self, done: list[tuple[dict[str, Any], GivenBack]]) -> None:
        """Take numbers off archived vendors, since other rows may bear them, and let people go."""
        added = [row for row, how in done if row["did"] == "new" and not how.stayed]
        numbers = [one for row in added for one in row["made"].get("number", ())]
        delete_made(self.session, "number", numbers)
        going = [one for row in added for one in row["made"].get("contact", ())]
        going += [one for _row, how in done for one in how.going]
        contacts = [self.facts.contacts[one] for one in going if one in self.facts.contacts]
        remove_contacts(self.session, contacts, by=self.by, at=self.at)

    def note(self, subject: tuple[str, UUID], **detail: object) -> None:
        """Note in the ledger that something was taken back."""
        told = {**detail, "import": str(self.batch.id)}
        action = Action.VENDOR_IMPORT_UNDO
        record(
            self.session,
            at=self.at,
            actor=self.by.actor,
            action=action,
            subject=subject,
            detail=told,
        )

    def _added(self, vendor: Vendor, row: dict[str, Any]) -> GivenBack:
        if vendor.id in self.used:
            return GivenBack(stayed=[(None, Stayed.USED)])
        if not is_untouched(self.facts, vendor, row):
            return GivenBack(stayed=[(None, Stayed.CHANGED)])
        vendor.archived_at = self.at
        return GivenBack()

    def _sub_processor(self, row: dict[str, Any]) -> GivenBack:
        known = row["sub_processor"]
        behind = self.session.get(SubProcessor, UUID(known)) if known else None
        if not is_as_recorded(behind, row):
            return GivenBack(stayed=[(None, Stayed.CHANGED)])
        if behind is not None:
            self.session.delete(behind)
        return GivenBack()


def _is_unseen(how: GivenBack) -> bool:
    return how.stayed == [(None, Stayed.UNSEEN)]
