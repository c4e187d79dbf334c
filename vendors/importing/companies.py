"""Parents, and the vendors that sub-processors stand behind: by reference, name or row. Pure."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from vendors.importing.fields import ImportField
from vendors.importing.inventory import Inventory
from vendors.importing.outcome import Company, Planned, Problem, ProblemKind
from vendors.importing.recognising import Recogniser, header_of

F = ImportField
_DEEPEST = 50


def link_companies(
    sheet: str, planned: Mapping[int, Planned], inventory: Inventory, seen: Recogniser
) -> Iterator[Problem]:
    """Set who stands above each planned row, and yield the names that nobody bears."""
    lost = []
    for plan in planned.values():
        for which in (F.PARENT, F.SUB_PROCESSOR_OF):
            text = str(plan.values.get(which, ""))
            if not text:
                continue
            company = _company(text, inventory, seen)
            if company is None or company.row == plan.row or _is_itself(company, plan):
                lost.append(_unknown(sheet, plan, which, text, seen))
            elif which is F.PARENT:
                plan.parent = company
            else:
                plan.sub_processor_of = company
    of_vendor = {plan.target_id: plan for plan in planned.values() if plan.target_id is not None}
    lost += [
        _unknown(sheet, plan, F.PARENT, str(plan.values[F.PARENT]), seen)
        for plan in planned.values()
        if plan.parent is not None and _circles(plan, planned, of_vendor, inventory)
    ]
    yield from lost


def _is_itself(company: Company, plan: Planned) -> bool:
    return company.vendor_id is not None and company.vendor_id == plan.target_id


def _company(text: str, inventory: Inventory, seen: Recogniser) -> Company | None:
    found = inventory.named(text)
    if len(found) == 1:
        return Company(vendor_id=next(iter(found)))
    row = seen.row_named(text)
    return Company(row=row) if row is not None and not found else None


def _circles(
    plan: Planned,
    planned: Mapping[int, Planned],
    of_vendor: Mapping[UUID, Planned],
    inventory: Inventory,
) -> bool:
    """Say whether a row stands above itself once the list and what is on record count together."""
    above = plan.parent
    for _ in range(_DEEPEST):
        if above is None:
            return False
        if above.row is not None:
            here = planned.get(above.row)
        else:
            here = of_vendor.get(above.vendor_id) if above.vendor_id is not None else None
        if here is plan:
            return True
        known = here.target_id if here is not None else above.vendor_id
        listed = here.parent if here is not None else None
        parent_id = inventory.parents.get(known) if known is not None else None
        above = listed or (Company(vendor_id=parent_id) if parent_id else None)
    return True


def _unknown(sheet: str, plan: Planned, which: ImportField, text: str, seen: Recogniser) -> Problem:
    column = next((c for c, f in seen.choices.mapping.items() if f is which), None)
    return Problem(
        kind=ProblemKind.UNKNOWN_VENDOR,
        sheet=sheet,
        row=plan.row,
        column=column,
        header=header_of(seen.headers, column),
        field=which,
        found=text,
        expected="another vendor on record or in this list, by name or reference",
        fix="Write its name as it stands there, or leave the cell empty.",
    )
