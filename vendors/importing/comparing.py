"""What importing a row would change of a vendor on record. Pure."""

from vendors.importing.fields import FACTORS, FLAGS, ImportField
from vendors.importing.inventory import Inventory, KnownVendor
from vendors.importing.outcome import Planned, RowKind, Values
from vendors.importing.past import past_of, says_something_new
from vendors.naming import name_key

F = ImportField
PLAIN = (F.LEGAL_NAME, F.WEBSITE, F.COUNTRY, F.CATEGORY, F.PURPOSE, F.OWNER, F.UNIT, F.NEXT_REVIEW)
"""Fields with one value on record, which the list overwrites; an empty cell leaves it."""


def compare(plan: Planned, inventory: Inventory) -> tuple[RowKind, list[ImportField]]:
    """Return whether a row is new, changes something or nothing, and which fields change."""
    known = inventory.vendors.get(plan.target_id) if plan.target_id else None
    if known is None:
        return RowKind.NEW, []
    values = plan.values
    changes = [
        which
        for which in (*PLAIN, *FACTORS, *FLAGS)
        if which in values
        and values[which] != known.values.get(which)
        and not (which is F.NEXT_REVIEW and known.cleared_on is not None)
    ]
    changes += _added(values, known, inventory)
    if plan.parent is not None and plan.parent.vendor_id != known.values.get(F.PARENT):
        changes.append(F.PARENT)
    past = past_of(values)
    if past is not None and says_something_new(past, known):
        changes.append(F.DECISION)
    return (RowKind.UPDATE if changes else RowKind.UNCHANGED), changes


def overwrites(
    plan: Planned, known: KnownVendor | None
) -> tuple[tuple[ImportField, object, object], ...]:
    """Return what a row puts in the place of what is on record, field by field."""
    if known is None:
        return ()
    single = (*PLAIN, *FACTORS, *FLAGS)
    return tuple(
        (which, known.values.get(which), plan.values[which])
        for which in plan.changes
        if which in single
    )


def new_aliases(values: Values, known_key: str, known_aliases: set[str]) -> list[str]:
    """Return the names of a row under which the vendor is not known yet."""
    names = [str(values[F.NAME]), *_words(values, F.ALIASES)]
    found = {name_key(name): name for name in reversed(names)}
    return [name for key, name in found.items() if key and key not in {known_key, *known_aliases}]


def new_tags(values: Values, known: set[str]) -> list[str]:
    """Return the tags of a row that the vendor does not bear yet."""
    return [tag for tag in _words(values, F.TAGS) if tag.casefold() not in known]


def _words(values: Values, which: ImportField) -> tuple[str, ...]:
    found = values.get(which)
    return found if isinstance(found, tuple) else ()


def _added(values: Values, known: KnownVendor, inventory: Inventory) -> list[ImportField]:
    found: list[ImportField] = []
    if new_aliases(values, known.name_key, known.aliases):
        found.append(F.ALIASES)
    if new_tags(values, known.tags):
        found.append(F.TAGS)
    if values.get(F.CONTACT_EMAIL) and values[F.CONTACT_EMAIL] not in known.contacts:
        found.append(F.CONTACT_EMAIL)
    if values.get(F.NOTES) and str(values[F.NOTES]) not in known.notes:
        found.append(F.NOTES)
    found += [which for which, key in inventory.numbers_of(values) if key not in known.numbers]
    return found
