"""System pages: the outbox, the ledger, and whether the house is up."""

from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires
from audit.queries import first_bad_entry
from foundation import clock, schema
from foundation.db import database, session
from foundation.web import page, public, redirect_to
from mail import commands as mail
from mail.queries import get_letter, list_letters
from mail.rules import LetterState
from operations.ledger_rows import ledger_page
from reminders.queries import find_heartbeat

bp = Blueprint("operations", __name__)


@bp.get("/mail")
@requires(Permission.OUTBOX_READ)
def outbox() -> str:
    chosen = request.args.get("state", "")
    state = LetterState(chosen) if chosen in set(LetterState) else None
    letters = list_letters(session(), request.args.get("after"), state=state)
    return page(
        "operations/outbox.html",
        letters=letters,
        states=list(LetterState),
        chosen=state,
        heartbeat=find_heartbeat(session()),
        now=clock.now(),
    )


@bp.get("/mail/<uuid:letter_id>")
@requires(Permission.OUTBOX_READ)
def letter(letter_id: UUID) -> str:
    return page("operations/letter.html", letter=get_letter(session(), letter_id))


@bp.post("/mail/<uuid:letter_id>/send-again")
@requires(Permission.PEOPLE_MANAGE)
def send_again(letter_id: UUID) -> ResponseReturnValue:
    mail.send_again(session(), letter_id, at=clock.now())
    return redirect_to("operations.letter", letter_id=letter_id)


@bp.get("/audit-log")
@requires(Permission.LEDGER_READ)
def ledger() -> str:
    before = request.args.get("before", type=int)
    return page("operations/ledger.html", found=ledger_page(session(), before=before), bad=None)


@bp.get("/audit-log/check")
@requires(Permission.LEDGER_READ)
def ledger_check() -> str:
    return page("operations/ledger_check.html", bad=first_bad_entry(session()))


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    is_current = schema.revision_of(database()) == schema.newest()
    return jsonify(status="ok" if is_current else "migrate"), 200 if is_current else 503
