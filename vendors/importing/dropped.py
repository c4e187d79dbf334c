"""Columns that no field was chosen for: nothing of a list is left behind without a word. Pure."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from vendors.importing.table import Source, column_letter


@dataclass(frozen=True, slots=True)
class Dropped:
    """A column that is not imported; `filled` counts its cells with something in them."""

    place: int
    name: str
    filled: int


def dropped_columns(source: Source, taken: Container[int]) -> tuple[Dropped, ...]:
    """Return every column with a header or a filled cell that is not among those taken."""
    names = source.names
    width = max([len(names), *(len(row.cells) for row in source.rows)])
    found = []
    for place in range(width):
        header = names[place] if place < len(names) else ""
        filled = sum(bool(row.cell(place)) for row in source.rows)
        if place not in taken and (header or filled):
            found.append(Dropped(place, header or nameless(place), filled))
    return tuple(found)


def nameless(place: int) -> str:
    """Return how a column without a header is called."""
    return f"Column {column_letter(place)}"


def dropped_of(rows: Iterable[dict[str, object]]) -> list[str]:
    """Return the names of the columns that an import left behind, as its rows keep them."""
    kept = next((row["dropped"] for row in rows if "dropped" in row), [])
    return [str(name) for name in kept] if isinstance(kept, list) else []
