"""The list of vendors as a file to take away: what is shown, every page of it."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.copies import note_copy
from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from audit.actions import Action
from foundation.cards import find_card_number
from foundation.db import Database, database, session
from foundation.errors import Refused
from foundation.idnumbers import holds_secret, mask
from organisation.queries import today_of
from vendors.columns import Record
from vendors.export_files import FORMATS
from vendors.export_queries import records
from vendors.list_filter import VendorFilter
from vendors.list_reading import kept, query_of
from vendors.list_views import asked_for
from vendors.views import bp


@bp.get("/vendors/download")
@asks_again
@requires(Permission.VENDOR_READ)
def download() -> ResponseReturnValue:
    """Give out what the list shows, as CSV, XLSX or JSON, and write into the ledger who took it."""
    ending = request.args.get("format", "csv")
    if ending not in FORMATS:
        raise Refused(_("Choose CSV, XLSX or JSON."), where="format")
    asked = asked_for()[1]
    if asked.problems:
        raise Refused(asked.problems[0], reasons=tuple(asked.problems[1:]))
    media_type, write = FORMATS[ending]
    query = query_of(_covered(kept(request.args)))
    note_copy(Action.VENDOR_EXPORT, format=ending, query=query)
    parts = write(_batches(database(), me().person_id, asked.filter))
    response = Response(parts, content_type=media_type)
    name = f"vendors-{today_of(session()).isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _batches(stored: Database, viewer_id: UUID, wanted: VendorFilter) -> Iterator[list[Record]]:
    """Read in a transaction of its own: the request's is over when the last part leaves."""
    with stored.reading() as reading:
        yield from records(reading, viewer_id, wanted)


def _covered(address: dict[str, str]) -> dict[str, str]:
    """Mask a card, account or identity number somebody looked for: the ledger forgets nothing."""
    text = address.get("q", "")
    is_secret = holds_secret(text) or find_card_number(text) is not None
    return {**address, "q": mask(text)} if is_secret else address
