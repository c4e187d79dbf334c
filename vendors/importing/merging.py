"""Several columns for one field, and several rows for one company. Pure."""

from vendors.importing.fields import SEVERAL, ImportField
from vendors.importing.outcome import Values
from vendors.naming import name_key

F = ImportField
_JOINED = frozenset({F.PURPOSE, F.NOTES})


def put(values: Values, which: ImportField, value: object) -> None:
    """Set a field of a row; a second column adds to lists and texts."""
    before = values.get(which)
    if before is None or which not in SEVERAL:
        values.setdefault(which, value)
    elif isinstance(before, tuple) and isinstance(value, tuple):
        values[which] = tuple(dict.fromkeys((*before, *value)))
    elif str(value) not in str(before).split("\n"):
        values[which] = f"{before}\n{value}"


def join_into(first: Values, more: Values) -> list[str]:
    """Take another row of the same company into the first one.

    Returns a sentence for each field in which the rows disagree.
    """
    told = []
    spelling = str(more[F.NAME])
    if name_key(spelling) != name_key(str(first[F.NAME])):
        put(first, F.ALIASES, (spelling,))
    for which, value in more.items():
        if which is F.NAME:
            continue
        if which in first and which not in SEVERAL and first[which] != value:
            told.append(f"The same company has two values for {which.value.replace('_', ' ')}.")
        else:
            put(first, which, value)
    return told
