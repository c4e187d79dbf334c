"""The orders of the inventory, and where a page of it goes on.

Every order ends with the vendor's id, so that each vendor has one place in it; a page begins behind
the last key of the one before, which costs the same on every page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select, tuple_, union_all

from foundation.paging import decode
from vendors.list_filter import VendorFilter, unindexed
from vendors.models import Vendor
from vendors.rules import VendorState
from vendors.search_models import VendorIndex

Chosen = Select[*tuple[Any, ...]]
Key = tuple[Any, ...]
LARGEST_NUMBER = 2**31 - 1


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= LARGEST_NUMBER:
        raise ValueError(text)
    return number


@dataclass(frozen=True, slots=True)
class Sort:
    """One order: its columns before the id, how each is read from an address, where nothing goes.

    `blanks` is None where the first column is never empty, else whether vendors without it come
    before the others when the order ascends.
    """

    columns: tuple[Any, ...]
    readers: tuple[Callable[[str], Any], ...]
    blanks: bool | None = None

    @property
    def last(self) -> Any:  # noqa: ANN401  a column
        """The id that ends the order, of the table the order is read from."""
        is_elsewhere = self.columns[0].class_ is VendorIndex
        return VendorIndex.vendor_id if is_elsewhere else Vendor.id


SORTS: dict[str, Sort] = {
    "name": Sort((Vendor.name_key,), (str,)),
    "reference": Sort((VendorIndex.reference_number,), (_number,)),
    # Nobody knows how closely to watch them, so they stand beside tier 1.
    "tier": Sort((Vendor.tier, Vendor.name_key), (_number, str), blanks=True),
    "state": Sort((Vendor.state, Vendor.name_key), (VendorState, str)),
    "owner": Sort((VendorIndex.owner_key,), (str,)),
    "next_review": Sort((Vendor.next_review_on,), (date.fromisoformat,), blanks=False),
    "created": Sort((Vendor.created_at,), (_moment,)),
}
"""Every order there is: nothing else of an address reaches the database."""


def is_sort(name: str) -> bool:
    """Say whether this names an order, with or without the minus that turns it round."""
    return name.removeprefix("-") in SORTS


def columns_of(name: str) -> tuple[Any, ...]:
    """Return the columns whose values are a vendor's key in an order."""
    sort = SORTS[name.removeprefix("-")]
    return (*sort.columns, sort.last)


def key_of(name: str, values: Sequence[Any]) -> list[str]:
    """Write a vendor's place in an order as texts for the address."""
    return [name, *("" if value is None else _written(value) for value in values)]


def page_after(chosen: Chosen, wanted: VendorFilter, cursor: str | None, *, size: int) -> Chosen:
    """Return a statement for the page behind a cursor; a damaged one starts from the first page."""
    name = wanted.sort
    sort, is_down = SORTS[name.removeprefix("-")], name.startswith("-")
    key = _key(sort, name, cursor)
    if sort.columns[0].class_ is VendorIndex:
        chosen = chosen.join(VendorIndex, VendorIndex.vendor_id == Vendor.id)
    if sort.blanks is None:
        return _part(chosen, (*sort.columns, sort.last), key, is_down=is_down).limit(size)
    tested = unindexed(sort.columns[0], wanted)
    parts = _parts(sort, key, is_down=is_down)
    begun = [
        (chosen.where(tested.is_(None) if is_blank else tested.is_not(None)), is_blank)
        for is_blank in parts
    ]
    return _in_parts(begun, sort, key, is_down=is_down, size=size)


def _parts(sort: Sort, key: Key | None, *, is_down: bool) -> list[bool]:
    """Say which parts a page reads in which order: True is the vendors without a value."""
    blanks_lead = bool(sort.blanks) is not is_down
    parts = [True, False] if blanks_lead else [False, True]
    return parts[1:] if key is not None and (key[0] is None) is not parts[0] else parts


def _in_parts(
    begun: list[tuple[Chosen, bool]], sort: Sort, key: Key | None, *, is_down: bool, size: int
) -> Chosen:
    made = []
    for place, (chosen, is_blank) in enumerate(begun):
        columns = (*sort.columns[1:], sort.last) if is_blank else (*sort.columns, sort.last)
        begin = key if place == 0 else None
        if begin is not None and is_blank:
            begin = begin[1:]
        made.append(_part(chosen, columns, begin, is_down=is_down).limit(size))
    return _joined(made, is_down=is_down, size=size, n_keys=len(sort.columns) + 1)


def _joined(parts: list[Chosen], *, is_down: bool, size: int, n_keys: int) -> Chosen:
    if len(parts) == 1:
        return parts[0]
    numbered = [part.add_columns(literal(n).label("part")) for n, part in enumerate(parts)]
    whole = union_all(*(select(part.subquery()) for part in numbered)).subquery()
    *shown, part = whole.c
    keys = shown[-n_keys:]
    order = [key.desc() if is_down else key.asc() for key in keys]
    return select(*shown).order_by(part, *order).limit(size)


def _part(chosen: Chosen, columns: tuple[Any, ...], key: Key | None, *, is_down: bool) -> Chosen:
    if key is not None:
        here = tuple_(*columns)
        there = tuple_(*(literal(v, c.type) for c, v in zip(columns, key, strict=True)))
        chosen = chosen.where(here < there if is_down else here > there)
    return chosen.order_by(*(column.desc() if is_down else column.asc() for column in columns))


def _key(sort: Sort, name: str, cursor: str | None) -> Key | None:
    texts = decode(cursor, length=len(sort.columns) + 2)
    if texts is None or texts[0] != name or any(not _is_text(text) for text in texts):
        return None
    readers = (*sort.readers, UUID)
    try:
        return tuple(
            None if index == 0 and not text and sort.blanks is not None else read(text)
            for index, (read, text) in enumerate(zip(readers, texts[1:], strict=True))
        )
    except ValueError:
        return None


def _is_text(text: str) -> bool:
    return "\x00" not in text and text.isprintable()


def _written(value: Any) -> str:  # noqa: ANN401  a key holds texts, numbers, dates and ids
    return value.isoformat() if isinstance(value, date) else str(value)
