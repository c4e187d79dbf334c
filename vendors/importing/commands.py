"""Applying an import: every row of a checked list, in one transaction, with what undoing needs."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Refused
from foundation.ids import new_id
from identity.rules import Author
from organisation.commands import next_references
from vendors.commands import NewVendor, vendor_row
from vendors.import_models import ColumnMemory
from vendors.importing.adding import Adder, plain
from vendors.importing.comparing import PLAIN
from vendors.importing.fields import FACTORS, FLAGS, ImportField
from vendors.importing.mapping import Mapping
from vendors.importing.outcome import Check, Company, Planned, RowKind, Values
from vendors.importing.past import next_review_for, state_for
from vendors.importing.queries import KIND
from vendors.inventory_models import ImportBatch
from vendors.models import Vendor
from vendors.naming import domain_key
from vendors.queries import default_service, exposure_of_service
from vendors.service_commands import first_service, set_exposure
from vendors.service_models import TieringRecord
from vendors.tier_model import TierModel
from vendors.tier_versions import model_in_force
from vendors.tiering import NOTHING_KNOWN, Exposure

F = ImportField
COLUMNS = {
    F.LEGAL_NAME: "legal_name",
    F.WEBSITE: "website",
    F.COUNTRY: "country",
    F.CATEGORY: "category",
    F.PURPOSE: "purpose",
    F.OWNER: "owner_id",
    F.UNIT: "unit_id",
    F.NEXT_REVIEW: "next_review_on",
}


def apply_import(
    session: Session,
    checked: Check,
    *,
    file_name: str,
    owner_id: UUID,
    by: Author,
    at: datetime,
) -> ImportBatch:
    """Write what a dry run showed; rows with problems are left out.

    `owner_id` owns new vendors whose row names nobody. Raises Refused when there is nothing to do.
    """
    new = [p for p in checked.planned if p.target_id is None and p.sub_processor_of is None]
    changed = [p for p in checked.planned if p.changes]
    behind = [p for p in checked.planned if p.sub_processor_of is not None]
    if not (new or changed or behind):
        raise Refused("There is nothing to import: every row is left out or on record already.")
    batch = ImportBatch(
        id=new_id(), kind=KIND, file_name=file_name, by_id=by.person_id, at=at, rows=[]
    )
    session.add(batch)
    session.flush()
    adder = Adder(session, batch, by=by, at=at)
    made = _add_all(adder, new, owner_id)
    touched = {plan.row: _change(adder, plan) for plan in changed}
    everybody = {**made, **touched}
    _link(session, (*new, *changed), everybody)
    _add_behind(adder, behind, everybody)
    session.flush()
    batch.rows = [adder.told(plan, everybody.get(plan.row)) for plan in (*new, *changed, *behind)]
    left = [one.name for one in checked.dropped]
    batch.rows[0] |= {"dropped": left} if left else {}
    _note_batch(adder, checked)
    return batch


def remember_columns(
    session: Session, signature: str, mapping: Mapping, *, by: Author, at: datetime
) -> None:
    """Keep which column filled which field, for the next list with this header."""
    plain = {str(place): which.value for place, which in mapping.items()}
    told = {**plain, "by": str(by.person_id)}
    session.merge(ColumnMemory(signature=signature, mapping=told, saved_at=at))
    session.flush()


def _add_all(adder: Adder, new: list[Planned], owner_id: UUID) -> dict[int, Vendor]:
    """Add vendors, each with its first service, table by table: a few statements for all."""
    if not new:
        return {}
    references = next_references(adder.session, "V", len(new))
    made = {
        plan.row: _vendor(plan.values, reference, owner_id, adder.at)
        for plan, reference in zip(new, references, strict=True)
    }
    adder.session.add_all(made.values())
    model = model_in_force(adder.session)
    told = [_rated_service(adder, made[plan.row], plan.values, model) for plan in new]
    adder.session.flush()
    adder.session.add_all(adder.services.values())
    adder.session.flush()
    adder.session.add_all(told)
    adder.look_up_people(plan.values for plan in new)
    for plan in new:
        vendor = made[plan.row]
        adder.add_details(vendor, plan.values, None)
        adder.note(Action.VENDOR_ADD, vendor, reference=vendor.reference, tier=vendor.tier)
    return made


def _vendor(values: Values, reference: str, owner_id: UUID, at: datetime) -> Vendor:
    new = NewVendor(
        name=str(values[F.NAME]),
        website=str(values.get(F.WEBSITE, "")),
        country=str(values.get(F.COUNTRY, "")),
        category=str(values.get(F.CATEGORY, "")),
        purpose=str(values.get(F.PURPOSE, "")),
        owner_id=_id(values, F.OWNER) or owner_id,
        unit_id=_id(values, F.UNIT),
    )
    vendor = vendor_row(new, reference, at=at)
    vendor.legal_name = str(values.get(F.LEGAL_NAME, ""))
    vendor.state = state_for(values)
    vendor.next_review_on = next_review_for(values)
    return vendor


def _rated_service(adder: Adder, vendor: Vendor, values: Values, model: TierModel) -> TieringRecord:
    exposure = exposure_from(values, NOTHING_KNOWN)
    service, told = first_service(vendor, vendor.name, exposure, {}, model, at=adder.at)
    adder.services[vendor.id] = service
    return told


def _change(adder: Adder, plan: Planned) -> Vendor:
    """Change a vendor on record; an empty cell leaves what is there."""
    vendor = adder.session.get_one(Vendor, plan.target_id)
    before: dict[str, object] = {}
    for which in PLAIN:
        if which in plan.changes:
            column = COLUMNS[which]
            before[column] = plain(getattr(vendor, column))
            setattr(vendor, column, plan.values[which])
    if F.WEBSITE in plan.changes:
        vendor.domain_key = domain_key(vendor.website)
    if F.PARENT in plan.changes:
        before["parent_id"] = plain(vendor.parent_id)
    adder.before[vendor.id] = before
    if any(which in plan.changes for which in (*FACTORS, *FLAGS)):
        service = default_service(adder.session, vendor.id)
        known = exposure_of_service(service)
        before["exposure"] = asdict(known)
        exposure = exposure_from(plan.values, known)
        set_exposure(adder.session, service, exposure, service.intake, by=adder.by, at=adder.at)
        adder.services[vendor.id] = service
    adder.add_details(vendor, plan.values, plan.changes)
    adder.note(Action.VENDOR_EDIT, vendor, fields=sorted(which.value for which in plan.changes))
    return vendor


def exposure_from(values: Values, known: Exposure) -> Exposure:
    """Return an exposure with what a row says about it; the rest stays as it is known."""
    given = {which.value: values[which] for which in (*FACTORS, *FLAGS) if which in values}
    return replace(known, **given)  # type: ignore[arg-type]  # __post_init__ checks every value


def _link(session: Session, plans: Iterable[Planned], everybody: dict[int, Vendor]) -> None:
    session.flush()
    for plan in plans:
        if plan.parent is not None:
            everybody[plan.row].parent_id = _vendor_id(plan.parent, everybody)
    session.flush()


def _add_behind(adder: Adder, plans: Iterable[Planned], everybody: dict[int, Vendor]) -> None:
    for plan in plans:
        above = _vendor_id(plan.sub_processor_of, everybody)
        if above is not None:
            adder.add_sub_processor(above, plan)


def _vendor_id(company: Company | None, everybody: dict[int, Vendor]) -> UUID | None:
    if company is None:
        return None
    if company.row is not None:
        found = everybody.get(company.row)
        return found.id if found else None
    return company.vendor_id


def _note_batch(adder: Adder, checked: Check) -> None:
    record(
        adder.session,
        at=adder.at,
        actor=adder.by.actor,
        action=Action.VENDOR_IMPORT,
        subject=("import", adder.batch.id),
        detail={kind.value: checked.count(kind) for kind in RowKind},
    )
    adder.session.flush()


def _id(values: Values, which: ImportField) -> UUID | None:
    found = values.get(which)
    return found if isinstance(found, UUID) else None
