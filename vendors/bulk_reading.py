"""Reading from an address or a form which vendors are chosen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from organisation.queries import today_of
from vendors import bulk_queries
from vendors.bulk_queries import Chosen
from vendors.list_choices import choices_for
from vendors.list_reading import kept, printable, read_filter

MOST_TICKED = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """The vendors a page is about, and how its forms say so again."""

    vendors: list[Chosen]
    is_all: bool
    address: dict[str, Any]

    @property
    def again(self) -> list[tuple[str, str]]:
        """The hidden fields that choose the same vendors again."""
        if self.is_all:
            return [("all", "yes"), *self.address.items()]
        return [("vendor", str(one.vendor_id)) for one in self.vendors]


def selection(given: MultiDict[str, str]) -> Selection:
    """Read which vendors are chosen: those ticked, or all that match. Raises Refused."""
    viewer_id, address = me().person_id, {**kept(given)}
    if given.get("all") != "yes":
        return Selection(bulk_queries.ticked(session(), viewer_id, _ids(given)), False, {})
    known = choices_for(session(), viewer_id, clock.now(), printable(given.get("q")))
    asked = read_filter(given, viewer_id, today_of(session()), known)
    if asked.problems:
        raise Refused(asked.problems[0], reasons=tuple(asked.problems[1:]))
    found = bulk_queries.all_that_match(session(), viewer_id, asked.filter)
    return Selection(found, True, address)


def _ids(given: MultiDict[str, str]) -> list[UUID]:
    try:
        return [UUID(text) for text in given.getlist("vendor")[:MOST_TICKED]]
    except ValueError:
        raise Refused(_("Tick vendors in the list and try again.")) from None
