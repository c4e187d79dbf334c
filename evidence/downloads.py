"""A file on its way out: always an attachment, never a page of ours."""

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response, stream_with_context
from flask.typing import ResponseReturnValue

from audit.actions import ActorKind
from evidence import commands
from evidence.models import Evidence
from evidence.noting import note_download, note_tampering
from evidence.storage import ObjectLost
from foundation import clock
from foundation.crypto import Tampered
from foundation.db import database
from foundation.errors import Refused
from foundation.headers import KEPT_BY_NOBODY
from identity.rules import Author

CHANGED = (
    "This file was changed on disk and is refused. Nothing of it was given out and the ledger "
    "says so. Tell your administrator: the file must come back from a backup."
)
CHANGED_FOR_THEM = (
    "This file was changed since it was stored and is refused. Nothing of it was given out. "
    "Upload it again, and tell whoever asked for it."
)
POLICY = "sandbox; default-src 'none'"


def send(row: Evidence, *, by: Author) -> ResponseReturnValue:
    """Give a file to somebody who may have it, and write that into the ledger first."""
    try:
        row, parts = _opened(row)
    except Tampered as found:
        note_tampering(row, found, by=by, at=clock.now())
        is_ours = by.actor.kind is ActorKind.STAFF
        raise Refused(CHANGED if is_ours else CHANGED_FOR_THEM) from None
    note_download(row, by=by, at=clock.now())
    response = Response(stream_with_context(_watched(row, parts, by)), mimetype=row.media_type)
    response.headers["Content-Type"] = row.media_type
    response.headers["Content-Length"] = str(row.size)
    response.headers["Content-Disposition"] = disposition(row.original_name)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = KEPT_BY_NOBODY
    response.accept_ranges = "none"
    return response


def disposition(name: str) -> str:
    """Return the header that makes a browser save a file under its own name (RFC 6266)."""
    plain = "".join(char if char.isascii() and char.isprintable() else "_" for char in name)
    plain = plain.replace("\\", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _opened(row: Evidence) -> tuple[Evidence, Iterator[bytes]]:
    """Open a file; where its bytes were encrypted anew meanwhile, what its row names now."""
    try:
        return row, commands.open_content(row)
    except ObjectLost:
        with database().reading() as reading:
            fresh = reading.get_one(Evidence, row.id)
            reading.expunge(fresh)
        if fresh.object_id == row.object_id:
            raise
        return fresh, commands.open_content(fresh)


def _watched(row: Evidence, parts: Iterator[bytes], by: Author) -> Iterator[bytes]:
    """Break off at the first part that was changed: the length announced is then not reached."""
    try:
        yield from parts
    except Tampered as found:
        note_tampering(row, found, by=by, at=clock.now())
        raise
