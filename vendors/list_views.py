"""The inventory as a page: what is looked for stands in the address."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.web import page
from organisation.queries import today_of
from vendors import lent
from vendors.list_choices import Choices, choices_for
from vendors.list_forms import SORT_NAMES, filter_form
from vendors.list_queries import MOST_COUNTED, list_vendors
from vendors.list_reading import OVERDUE, Asked, kept, printable, query_of, read_filter
from vendors.search_queries import MOST_CANDIDATES
from vendors.views import bp

SHOWN = ("name", "reference", "tier", "state", "owner", "next_review")
"""The columns of the page; each is an order too."""


@bp.get("/vendors")
@requires(Permission.VENDOR_READ)
def index() -> ResponseReturnValue:
    """Show the inventory, filtered and sorted by the address."""
    known, asked = asked_for()
    after = request.args.get("after")
    found = list_vendors(session(), me().person_id, asked.filter, after, is_counted=True)
    ids = [row.vendor_id for row in found.items]
    address: dict[str, Any] = {**kept(request.args)}
    return page(
        "vendors/index.html",
        form=filter_form(request.args, known),
        asked=asked,
        wanted=asked.filter,
        known=known,
        most_found=MOST_CANDIDATES,
        kept=address,
        views=_views(known, address),
        view=next((one for one in known.views if one.query == query_of(address)), None),
        rows=found.items,
        stand=lent.standings(session(), ids, today_of(session())) if ids else {},
        most_counted=MOST_COUNTED,
        heads=[_head(name, asked.filter.sort, address) for name in SHOWN],
        next_url=_next_url(found.next_cursor, address),
        first_url=url_for("vendors.index", **address) if after else None,
        may_edit=me().may(Permission.VENDOR_EDIT),
        more=_more(),
    )


def _more() -> list[tuple[str, str]]:
    """Return the pages about the list as a whole that whoever looks may open."""
    pages = (
        ("vendors.imports", Permission.VENDOR_READ, _("Past imports")),
        ("operations.duplicates", Permission.VENDOR_MERGE, _("Possible duplicates")),
        ("vendors.fields", Permission.FIELD_DEFINE, _("Fields and tags")),
        ("vendors.rules", Permission.VENDOR_READ, _("Tier rules")),
    )
    return [(text, url_for(endpoint)) for endpoint, right, text in pages if me().may(right)]


def asked_for() -> tuple[Choices, Asked]:
    """Return what the address asks for, and what there is to choose from."""
    known = choices_for(session(), me().person_id, clock.now(), printable(request.args.get("q")))
    today = today_of(session())
    return known, read_filter(request.args, me().person_id, today, known)


def _views(known: Choices, address: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return the views everybody has, then those of whoever looks; and which is shown now."""
    everybody: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Mine"), {"owner": "me"}),
        (_("Overdue"), {"review": OVERDUE, "sort": "next_review"}),
        (_("Tier 1"), {"tier": "1"}),
    ]
    offered = [(name, query_of(parts)) for name, parts in everybody]
    offered += [(one.name, one.query) for one in known.views]
    shown, here = url_for("vendors.index"), query_of(address)
    return [(name, f"{shown}?{query}".rstrip("?"), query == here) for name, query in offered]


def _head(name: str, sort: str, address: dict[str, Any]) -> tuple[str, str, str]:
    """Return a column's word, the address that sorts by it, and how it is sorted now."""
    way = {name: "up", f"-{name}": "down"}.get(sort, "")
    turned = f"-{name}" if way == "up" else name
    return str(SORT_NAMES[name]), url_for("vendors.index", **{**address, "sort": turned}), way


def _next_url(cursor: str | None, address: dict[str, Any]) -> str | None:
    return url_for("vendors.index", **{**address, "after": cursor}) if cursor else None
