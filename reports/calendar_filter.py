"""What the address of the calendar asks for; what cannot be is left out, and never an error."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict

from reports.dates.row import DateKind
from reports.month import Month
from vendors.list_reading import printable
from vendors.wording import LONGEST_NAME

SPANS = (30, 90, 365)
"""How many days ahead a list may look."""
USUAL = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is shown: how, when, whose, which kinds, which vendors."""

    is_list: bool = False
    month: Month
    day: date | None = None
    """One day alone, as a list."""
    days: int = USUAL
    own: bool = False
    kinds: frozenset[DateKind] = field(default_factory=frozenset)
    """None chosen is all of them."""
    unit_id: UUID | None = None
    tag: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out beyond mine or all."""
        return bool(self.kinds or self.unit_id or self.tag)

    def last(self, today: date) -> date:
        """Return the last day of a list."""
        return self.day or today + timedelta(days=self.days)

    def address(self, **changed: object) -> dict[str, object]:
        """Return the parts of the address that show this, some of them changed; None drops one."""
        parts: dict[str, object | None] = {
            "view": "list" if self.is_list else "month",
            "month": str(self.month),
            "days": self.days if self.is_list and self.day is None else None,
            "day": self.day.isoformat() if self.day else None,
            "whose": "mine" if self.own else "all",
            "kind": [kind.value for kind in DateKind if kind in self.kinds] or None,
            "unit": str(self.unit_id) if self.unit_id else None,
            "tag": self.tag or None,
        }
        return {name: value for name, value in {**parts, **changed}.items() if value is not None}


def read_filter(args: MultiDict[str, str], today: date, *, own: bool) -> Filter:
    """Read the address; `own` says whether somebody sees only their own unless they ask."""
    day = _day(args.get("day"))
    return Filter(
        is_list=day is not None or args.get("view") == "list",
        month=Month.read(args.get("month"), today),
        day=day,
        days=next((n for n in SPANS if str(n) == args.get("days")), USUAL),
        own={"mine": True, "all": False}.get(args.get("whose", ""), own),
        kinds=frozenset(kind for kind in DateKind if kind.value in args.getlist("kind")),
        unit_id=_id(args),
        tag=printable(args.get("tag"))[:LONGEST_NAME].strip(),
    )


def _day(typed: str | None) -> date | None:
    with suppress(ValueError):
        found = date.fromisoformat(typed or "")
        return found if Month.of(found).first == found.replace(day=1) else None
    return None


def _id(args: Mapping[str, str]) -> UUID | None:
    with suppress(ValueError):
        return UUID(args.get("unit", ""))
    return None
