"""What a row adds to a vendor, new or known: names, numbers, tags, contacts, notes, the past."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.actions import Action
from foundation.ids import new_id
from identity.commands import add_people
from identity.models import Person
from identity.rules import Author
from vendors.contact_commands import add_contact, add_first_contact
from vendors.identifier_commands import identifier_row
from vendors.import_models import PastRecord
from vendors.importing.comparing import new_aliases, new_tags
from vendors.importing.fields import IDENTIFIERS, ImportField
from vendors.importing.outcome import Planned, Values
from vendors.importing.past import past_of
from vendors.importing.untouched import facts_of_sub_processor
from vendors.importing.words import PastDecision
from vendors.inventory_models import ImportBatch, Note, Tag, VendorTag
from vendors.models import Contact, Vendor, VendorAlias
from vendors.naming import name_key
from vendors.noting import note_vendor
from vendors.numbers import IdentifierKind, number_of
from vendors.queries import exposure_of_service
from vendors.rules import ContactRole, VendorState, Visibility
from vendors.service_models import Service, SubProcessor

F = ImportField


@dataclass
class Adder:
    """One import while it is applied: what it made and changed of each vendor."""

    session: Session
    batch: ImportBatch
    by: Author
    at: datetime
    made: dict[UUID, dict[str, list[str]]] = field(default_factory=dict)
    """For each vendor: ids of what was added, by table."""
    before: dict[UUID, dict[str, object]] = field(default_factory=dict)
    services: dict[UUID, Service] = field(default_factory=dict)
    behind: dict[int, SubProcessor] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    """Contacts of new vendors by mail address, looked up all at once."""
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    """Who was added, by vendor."""
    _tags: dict[str, Tag] = field(default_factory=dict)

    def look_up_people(self, rows: Iterable[Values]) -> None:
        """Find or add the contacts of many rows in a few statements."""
        names = {
            str(values[F.CONTACT_EMAIL]): str(values.get(F.CONTACT_NAME, values[F.CONTACT_EMAIL]))
            for values in rows
            if values.get(F.CONTACT_EMAIL)
        }
        self.people = add_people(self.session, names, at=self.at)

    def add_details(
        self, vendor: Vendor, values: Values, changes: Collection[ImportField] | None
    ) -> None:
        """Add what a vendor can have several of; `changes` names what is wanted, None is all."""
        if changes is None or F.ALIASES in changes:
            self._add_aliases(vendor, values)
        if changes is None or F.TAGS in changes:
            self._add_tags(vendor, values)
        for which, kind in IDENTIFIERS.items():
            if values.get(which) and (changes is None or which in changes):
                self._add_number(vendor, kind, str(values[which]))
        if values.get(F.CONTACT_EMAIL) and (changes is None or F.CONTACT_EMAIL in changes):
            self._add_contact(vendor, values)
        if values.get(F.NOTES) and (changes is None or F.NOTES in changes):
            self._add_note(vendor, str(values[F.NOTES]))
        if changes is None or F.DECISION in changes:
            self._add_past(vendor, values)

    def add_sub_processor(self, vendor_id: UUID, plan: Planned) -> None:
        """Record a company that a vendor uses; nothing when it is there."""
        name = str(plan.values[F.NAME])
        known = select(SubProcessor.id).where(
            SubProcessor.vendor_id == vendor_id, SubProcessor.name_key == name_key(name)
        )
        if self.session.scalars(known).first() is not None:
            return
        row = SubProcessor(
            id=new_id(),
            vendor_id=vendor_id,
            provider_id=plan.target_id,
            name=name,
            name_key=name_key(name),
            country=str(plan.values.get(F.COUNTRY, "")),
            purpose=str(plan.values.get(F.PURPOSE, "")),
        )
        self.session.add(row)
        self.session.flush()
        self.behind[plan.row] = row

    def told(self, plan: Planned, vendor: Vendor | None) -> dict[str, object]:
        """Return what the batch keeps of a row, so that it can be shown and undone."""
        kept: dict[str, object] = {"row": plan.row, "name": str(plan.values[F.NAME])}
        if vendor is None:
            row = self.behind.get(plan.row)
            kept |= {"did": "behind", "sub_processor": str(row.id) if row else ""}
            kept["vendor"] = str(row.vendor_id) if row else ""
            kept |= {"facts": facts_of_sub_processor(row)} if row else {}
            return kept
        service, contact = self.services.get(vendor.id), self.contacts.get(vendor.id)
        before = self.before.get(vendor.id, {})
        return {
            **kept,
            "did": "new" if plan.target_id is None else "update",
            "vendor": str(vendor.id),
            "version": vendor.version,
            "service_version": service.version if service else None,
            "fields": [which.value for which in plan.changes],
            "before": before,
            "after": _after(vendor, service, before),
            "contacts": {str(contact.id): contact.version} if contact else {},
            "made": self.made.get(vendor.id, {}),
        }

    def note(self, action: Action, vendor: Vendor, **detail: object) -> None:
        """Note the one entry of a vendor in the ledger."""
        told = {**detail, "import": str(self.batch.id)}
        note_vendor(self.session, action, vendor.id, by=self.by, at=self.at, **told)

    def _keep(self, vendor: Vendor, table: str, row_id: UUID) -> None:
        self.made.setdefault(vendor.id, {}).setdefault(table, []).append(str(row_id))

    def _add_aliases(self, vendor: Vendor, values: Values) -> None:
        known: set[str] = set()
        if vendor.id in self.before:
            chosen = select(VendorAlias.name_key).where(VendorAlias.vendor_id == vendor.id)
            known = set(self.session.scalars(chosen))
        for name in new_aliases(values, vendor.name_key, known):
            row = VendorAlias(id=new_id(), vendor_id=vendor.id, name=name, name_key=name_key(name))
            self.session.add(row)
            self._keep(vendor, "alias", row.id)

    def _add_tags(self, vendor: Vendor, values: Values) -> None:
        known: set[str] = set()
        if vendor.id in self.before:
            chosen = select(Tag.name).join(VendorTag, VendorTag.tag_id == Tag.id)
            chosen = chosen.where(VendorTag.vendor_id == vendor.id)
            known = {name.casefold() for name in self.session.scalars(chosen)}
        for key, name in {n.casefold(): n for n in new_tags(values, known)}.items():
            tag = self._tag(key, name)
            self.session.add(VendorTag(vendor_id=vendor.id, tag_id=tag.id))
            self._keep(vendor, "tag", tag.id)

    def _tag(self, key: str, name: str) -> Tag:
        if not self._tags:
            self._tags = {tag.name.casefold(): tag for tag in self.session.scalars(select(Tag))}
        if key not in self._tags:
            self._tags[key] = Tag(id=new_id(), name=name)
            self.session.add(self._tags[key])
            self.session.flush()
        return self._tags[key]

    def _add_number(self, vendor: Vendor, kind: str, text: str) -> None:
        row = identifier_row(vendor.id, number_of(IdentifierKind(kind), text))
        self.session.add(row)
        self._keep(vendor, "number", row.id)

    def _add_contact(self, vendor: Vendor, values: Values) -> None:
        email, title = str(values[F.CONTACT_EMAIL]), str(values.get(F.CONTACT_ROLE, ""))
        if email in self.people and vendor.id not in self.before:
            contact = add_first_contact(
                self.session,
                vendor,
                self.people[email],
                job_title=title,
                by=self.by,
                at=self.at,
            )
        else:
            contact = add_contact(
                self.session,
                vendor,
                email=email,
                name=str(values.get(F.CONTACT_NAME, email)),
                role=ContactRole.LEAD,
                job_title=title,
                by=self.by,
                at=self.at,
            )
        self.contacts[vendor.id] = contact
        self._keep(vendor, "contact", contact.id)

    def _add_note(self, vendor: Vendor, text: str) -> None:
        row = Note(
            id=new_id(),
            vendor_id=vendor.id,
            author_id=self.by.person_id,
            text=text,
            visibility=Visibility.INTERNAL,
            created_at=self.at,
        )
        self.session.add(row)
        self._keep(vendor, "note", row.id)

    def _add_past(self, vendor: Vendor, values: Values) -> None:
        past = past_of(values)
        if past is None:
            return
        decision, state = values.get(F.DECISION), values.get(F.STATE)
        row = PastRecord(
            id=new_id(),
            vendor_id=vendor.id,
            batch_id=self.batch.id,
            decision=decision if isinstance(decision, PastDecision) else None,
            decided_on=past[1],
            decided_by=past[2],
            state_before=state if isinstance(state, VendorState) else None,
            tier_before=past[4],
            recorded_at=self.at,
        )
        self.session.add(row)
        self._keep(vendor, "past", row.id)


def _after(vendor: Vendor, service: Service | None, before: dict[str, object]) -> dict[str, object]:
    """Return what stands now in the place of each value that was overwritten."""
    columns = [column for column in before if column != "exposure"]
    after = {column: plain(getattr(vendor, column)) for column in columns}
    if service is not None and "exposure" in before:
        after["exposure"] = asdict(exposure_of_service(service))
    return after


def plain(value: object) -> object:
    """Return a value as a batch keeps it."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
