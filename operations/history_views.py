"""The history of a vendor: everything the ledger holds about it, as a page and as a file."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from evidence.downloads import disposition
from foundation.cells import as_csv
from foundation.db import session
from foundation.labels import label
from foundation.web import page
from operations.history_rows import KINDS, MOST_EXPORTED, HistoryRow, history_of_vendor
from operations.ledger_rows import entry_number
from operations.views import bp
from vendors.queries import get_vendor


@bp.get("/vendors/<uuid:vendor_id>/history")
@requires(Permission.VENDOR_READ)
def history(vendor_id: UUID) -> ResponseReturnValue:
    """Show what happened to a vendor and to everything that belongs to it."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    kind = _kind()
    before = entry_number(request.args.get("before"))
    found = history_of_vendor(session(), me().person_id, vendor_id, kind=kind, before=before)
    here: dict[str, Any] = {"vendor_id": vendor_id, **({"kind": kind} if kind else {})}
    older = found.older_than
    return page(
        "operations/history.html",
        vendor=vendor,
        rows=found.rows,
        kinds=KINDS,
        kind=kind,
        next_url=url_for("operations.history", **here, before=older) if older else None,
        first_url=url_for("operations.history", **here) if before else None,
    )


@bp.get("/vendors/<uuid:vendor_id>/history.csv")
@requires(Permission.VENDOR_READ)
def history_file(vendor_id: UUID) -> ResponseReturnValue:
    """Give the history out as a table; times are UTC, and no cell is a formula."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = history_of_vendor(
        session(), me().person_id, vendor_id, kind=_kind(), size=MOST_EXPORTED
    )
    head = (_("When (UTC)"), _("Who"), _("What"), _("About"), _("Details"), _("Entry"))
    reply = Response(as_csv([head, *map(_cells, found.rows)]), mimetype="text/csv")
    reply.headers["Content-Disposition"] = disposition(f"{vendor.reference}-history.csv")
    return reply


def _cells(row: HistoryRow) -> tuple[str, ...]:
    return (
        f"{row.at:%Y-%m-%d %H:%M:%S}",
        row.actor or label(row.actor_kind),
        label(row.action) if row.action else _("An effect of an older version"),
        row.subject,
        row.told,
        str(row.seq),
    )


def _kind() -> str:
    asked = request.args.get("kind", "")
    return asked if asked in KINDS else ""
