"""The post room's pages: the outbox, one letter, a test letter, another try."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock, settings
from foundation.db import session
from foundation.paging import Page
from foundation.web import page, redirect_to
from mail.covering import covered
from mail.queries import (
    OpenLetter,
    count_to_send_again,
    get_letter,
    list_letters,
    outbox_state,
)
from mail.rules import LetterState
from operations import mail_commands as commands
from operations.letter_cover import letter_for, row_for
from operations.letter_links import parts_of, that_open
from operations.views import bp
from reminders.queries import find_heartbeat
from vendors.letter_sight import unknown_to


@bp.get("/mail")
@requires(Permission.OUTBOX_READ)
def outbox() -> str:
    """Show what became of every letter, and whether mail works at all."""
    chosen = request.args.get("state", "")
    state = LetterState(chosen) if chosen in set(LetterState) else None
    found = list_letters(session(), request.args.get("after"), state=state)
    unknown = unknown_to(session(), me().person_id)
    return page(
        "operations/outbox.html",
        letters=Page(tuple(row_for(unknown, row) for row in found.items), found.next_cursor),
        standing=outbox_state(session()),
        n_to_send_again=count_to_send_again(session()),
        states=LetterState,
        chosen=state,
        heartbeat=find_heartbeat(session()),
        server=_server(),
        sender=settings.current().mail_from,
    )


@bp.get("/mail/<uuid:letter_id>")
@requires(Permission.OUTBOX_READ)
def letter(letter_id: UUID) -> str:
    """Show a letter; links and codes only to those who may see them."""
    unknown = unknown_to(session(), me().person_id)
    found, is_apart = letter_for(unknown, get_letter(session(), letter_id))
    body = found.body
    if body is not None and not _may_see_secrets(found):
        body = covered(body)
    return page(
        "operations/letter.html",
        letter=found,
        is_apart=is_apart,
        parts=None if body is None else parts_of(body, that_open(session(), [body])),
        is_covered=body != found.body,
        heartbeat=find_heartbeat(session()),
    )


@bp.post("/mail/test")
@requires(Permission.PEOPLE_MANAGE)
def send_test() -> ResponseReturnValue:
    """Write a test letter to the visitor."""
    written = commands.send_test(session(), by=me().author, at=clock.now())
    return redirect_to("operations.letter", letter_id=written.id)


@bp.post("/mail/<uuid:letter_id>/send-again")
@requires(Permission.PEOPLE_MANAGE)
def send_again(letter_id: UUID) -> ResponseReturnValue:
    """Queue one letter again."""
    commands.retry(session(), letter_id, by=me().author, at=clock.now())
    flash(_("The letter is in the queue again."), "ok")
    return redirect_to("operations.letter", letter_id=letter_id)


@bp.post("/mail/send-failed-again")
@requires(Permission.PEOPLE_MANAGE)
def send_failed_again() -> ResponseReturnValue:
    """Queue every letter that failed again."""
    count = commands.retry_failed(session(), by=me().author, at=clock.now())
    told = ngettext(
        "%(num)d letter is in the queue again.", "%(num)d letters are in the queue again.", count
    )
    flash(told, "ok")
    return redirect_to("operations.outbox")


def _may_see_secrets(found: OpenLetter) -> bool:
    """Say whether links and codes are shown: in the demo, or where no mail server carries them.

    An administrator must then hand them over; once a server is set, they are the recipient's.
    """
    if settings.current().demo:
        return True
    return found.row.state is LetterState.KEPT and me().may(Permission.PEOPLE_MANAGE)


def _server() -> str:
    """Return the mail server without its password, or nothing."""
    parts = urlsplit(settings.current().smtp_url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
