"""Added fields: defining, changing and deleting them, and the values of a vendor."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.changes import Changes, pair
from audit.commands import record
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.field_rules import FieldKind, canonical, checked_choices
from vendors.inventory_models import CustomField, CustomValue
from vendors.models import Vendor
from vendors.wording import checked_name, checked_text

MOST_FIELDS = 60


def add_field(
    session: Session, name: str, kind: FieldKind, choices: str = "", *, by: Author, at: datetime
) -> CustomField:
    """Define a field every vendor has from now on. Raises Refused."""
    checked = checked_name(name, what="The field's name")
    _refuse_taken(session, checked)
    if (session.scalar(select(func.count()).select_from(CustomField)) or 0) >= MOST_FIELDS:
        raise Refused(f"There are {MOST_FIELDS} fields already. Delete one that nobody fills in.")
    field = CustomField(
        id=new_id(),
        name=checked,
        kind=kind.value,
        choices=checked_choices(choices) if kind is FieldKind.CHOICE else [],
    )
    session.add(field)
    session.flush()
    _note(session, Action.FIELD_ADD, field, by=by, at=at, name=checked, kind=kind.value)
    return field


def edit_field(
    session: Session, field: CustomField, name: str, choices: str = "", *, by: Author, at: datetime
) -> None:
    """Rename a field or change its choices. Raises Refused for a choice vendors still have."""
    checked = checked_name(name, what="The field's name")
    _refuse_taken(session, checked, but=field.id)
    if field.kind == FieldKind.CHOICE.value:
        wanted = checked_choices(choices)
        chosen = select(CustomValue.value).where(CustomValue.field_id == field.id).distinct()
        lost = sorted(set(session.scalars(chosen)) - set(wanted))
        if lost:
            raise Refused(
                f"Vendors still have: {', '.join(lost)[:200]}. Keep these choices, or change the "
                "vendors first.",
                where="choices",
            )
        field.choices = wanted
    field.name = checked
    session.flush()
    _note(session, Action.FIELD_EDIT, field, by=by, at=at, name=checked)


def remove_field(session: Session, field: CustomField, *, by: Author, at: datetime) -> None:
    """Delete a field with every value in it; the ledger says how many there were."""
    gone = session.execute(
        delete(CustomValue).where(CustomValue.field_id == field.id).returning(CustomValue.vendor_id)
    ).all()
    session.delete(field)
    session.flush()
    _note(session, Action.FIELD_REMOVE, field, by=by, at=at, name=field.name, values=len(gone))


def get_field(session: Session, field_id: UUID) -> CustomField:
    """Return an added field. Raises Missing."""
    found = session.get(CustomField, field_id)
    if found is None:
        raise Missing
    return found


def set_values(
    session: Session, vendor: Vendor, typed: Mapping[UUID, str], *, by: Author, at: datetime
) -> None:
    """Store what added fields hold for a vendor; empty takes a value away.

    Raises Refused with every flaw in `reasons`; nothing is stored then.
    """
    fields = {one.id: one for one in session.scalars(select(CustomField))}
    known = select(CustomValue).where(CustomValue.vendor_id == vendor.id)
    stored = {one.field_id: one for one in session.scalars(known)}
    wanted = _checked({fields[one]: text for one, text in typed.items() if one in fields})
    changes: Changes = {}
    for field, value in wanted.items():
        row = stored.get(field.id)
        if value == (row.value if row else ""):
            continue
        changes[field.name] = pair(row.value if row else "", value)
        if row is None:
            session.add(CustomValue(vendor_id=vendor.id, field_id=field.id, value=value))
        elif value:
            row.value = value
        else:
            session.delete(row)
    session.flush()
    if changes:
        record(
            session,
            at=at,
            actor=by.actor,
            action=Action.VENDOR_FIELDS,
            subject=("vendor", vendor.id),
            detail={"fields": sorted(changes), "changes": changes},
        )


def _checked(typed: dict[CustomField, str]) -> dict[CustomField, str]:
    wanted, flaws = {}, []
    for field, text in typed.items():
        try:
            checked_text(text, what=field.name)
            wanted[field] = canonical(
                FieldKind(field.kind), text, name=field.name, choices=field.choices
            )
        except Refused as flaw:
            flaws.append(str(flaw))
    if flaws:
        raise Refused(" ".join(flaws), reasons=tuple(flaws))
    return wanted


def _refuse_taken(session: Session, name: str, *, but: UUID | None = None) -> None:
    for field_id, known in session.execute(select(CustomField.id, CustomField.name)):
        if field_id != but and known.casefold() == name.casefold():
            raise Refused(f"There is a field “{known}” already. Choose another name.", where="name")


def _note(
    session: Session,
    action: Action,
    field: CustomField,
    *,
    by: Author,
    at: datetime,
    **detail: object,
) -> None:
    record(
        session,
        at=at,
        actor=by.actor,
        action=action,
        subject=("field", field.id),
        detail=detail,
    )
