"""Reading what somebody looks for from an address: what nobody offered is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import gettext as _

from vendors.countries import country_choices, is_country
from vendors.list_choices import Choices
from vendors.list_filter import VendorFilter
from vendors.list_sorts import is_sort
from vendors.rules import VendorState
from vendors.search_words import SHORTEST_SEARCH, is_search
from vendors.wording import LONGEST_NAME

Value = TypeVar("Value")

NAMES = (
    "q",
    "tier",
    "state",
    "owner",
    "unit",
    "tag",
    "country",
    "category",
    "provisional",
    "need_to_know",
    "review",
    "review_before",
    "unassessed",
    "archived",
    "sort",
)
"""Every part of the address that says what is looked for, in the order it is written."""

UNKNOWN_TIER = "unknown"
OVERDUE = "overdue"
YES_NO = {"yes": True, "no": False}
YES = {"yes": True}
_MOST_SHOWN = 40


@dataclass(slots=True)
class Asked:
    """An address read: the filter, and a sentence for each part that was left out of it."""

    filter: VendorFilter
    problems: list[str] = field(default_factory=list)


def kept(args: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of an address that say what is looked for."""
    return {name: printable(args[name]) for name in NAMES if printable(args.get(name, ""))}


def asks_for_names(args: Mapping[str, str]) -> bool:
    """Say whether reading this address takes knowing who and what there is."""
    return any(args.get(name) for name in ("unit", "tag")) or args.get("owner", "me") != "me"


def query_of(address: Mapping[str, str]) -> str:
    """Return an address as saved views keep it: its parts in their order."""
    return urlencode([(name, address[name]) for name in NAMES if name in address])


def printable(text: str | None) -> str:
    """Return a text as a page may print it, trimmed."""
    return "".join(char if char.isprintable() else " " for char in text or "").strip()


def read_filter(args: Mapping[str, str], viewer_id: UUID, today: date, known: Choices) -> Asked:
    """Return what an address asks for; what nobody offered is left out and said."""
    reader = _Reader(kept(args))
    owners = {str(key): key for key in known.owners} | {"me": viewer_id}
    tier = reader.choice("tier", {**{str(n): n for n in range(1, 5)}, UNKNOWN_TIER: 0})
    overdue = reader.choice("review", {OVERDUE: True})
    before = reader.day("review_before")
    wanted = VendorFilter(
        text=reader.search(),
        tier=tier or None,
        is_tier_unknown=tier == 0,
        is_provisional=reader.choice("provisional", YES_NO),
        state=reader.choice("state", {state.value: state for state in VendorState}),
        owner_id=reader.choice("owner", owners),
        unit_id=reader.choice("unit", {str(key): key for key in known.units}),
        tag=reader.named("tag", known.tags),
        country=reader.country(),
        category=reader.args.get("category", ""),
        is_need_to_know=reader.choice("need_to_know", YES_NO),
        review_before=min(filter(None, (today if overdue else None, before)), default=None),
        is_unassessed=bool(reader.choice("unassessed", YES)),
        is_archived=bool(reader.choice("archived", YES)),
        sort=reader.sort(),
    )
    return Asked(wanted, reader.problems)


class _Reader:
    """Reads one part after the other and notes what it left out."""

    def __init__(self, args: dict[str, str]) -> None:
        self.args = args
        self.problems: list[str] = []

    def choice(self, name: str, offered: Mapping[str, Value]) -> Value | None:
        given = self.args.get(name)
        if given is None:
            return None
        if given not in offered:
            self._left_out(name, given)
        return offered.get(given)

    def named(self, name: str, known: tuple[str, ...]) -> str:
        given = self.args.get(name, "")
        found = next((each for each in known if each.casefold() == given.casefold()), "")
        if given and not found:
            self._left_out(name, given)
        return found

    def day(self, name: str) -> date | None:
        given = self.args.get(name)
        try:
            return date.fromisoformat(given) if given else None
        except ValueError:
            self.problems.append(
                _(
                    "“%(given)s” is not a day. Write it like 2026-12-31.",
                    given=_short(given or ""),
                )
            )
            return None

    def country(self) -> str:
        given = self.args.get("country", "")
        if not given or is_country(given.upper()):
            return given.upper()
        names: dict[str, Any] = {name.casefold(): code for code, name in country_choices()}
        if given.casefold() not in names:
            self._left_out("country", given)
        return str(names.get(given.casefold(), ""))

    def search(self) -> str:
        given = self.args.get("q", "")
        if given and not is_search(given):
            self.problems.append(
                _(
                    "A search needs %(least)d characters or more.",
                    least=SHORTEST_SEARCH,
                )
            )
        if len(given) > LONGEST_NAME:
            self.problems.append(_("A search has %(most)d characters at most.", most=LONGEST_NAME))
            return ""
        return given

    def sort(self) -> str:
        given = self.args.get("sort", "name")
        if is_sort(given):
            return given
        self._left_out("sort", given)
        return "name"

    def _left_out(self, name: str, given: str) -> None:
        self.problems.append(
            _(
                "“%(given)s” is not offered under “%(field)s”. Choose one of the values there.",
                given=_short(given),
                field=words_for()[name],
            )
        )


def words_for() -> dict[str, str]:
    """Return the word for each part of the address."""
    return {
        "tier": _("Tier"),
        "state": _("State"),
        "owner": _("Owner"),
        "unit": _("Business unit"),
        "tag": _("Tag"),
        "country": _("Country"),
        "provisional": _("Tier is provisional"),
        "need_to_know": _("Need to know"),
        "review": _("Next review"),
        "unassessed": _("Questionnaire"),
        "archived": _("Archived"),
        "sort": _("Sort by"),
    }


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
