"""The ledger's pages: what happened, as a page and as a file, and the check of the chain."""

from itertools import chain
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.copies import note_copy
from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from audit.actions import Action
from evidence.downloads import disposition
from foundation import clock, keyring, signing
from foundation.cells import as_csv
from foundation.db import session
from foundation.errors import Refused
from foundation.labels import label
from foundation.web import page
from operations.ledger_filter import NAMES, LedgerForm, conditions
from operations.ledger_rows import LedgerRow, entry_number, every_row, ledger_page
from operations.ledger_verdict import judge_newest
from operations.ledger_words import sentence
from operations.views import bp
from organisation.queries import today_of
from reports.home_system import health_of


@bp.get("/audit-log")
@requires(Permission.LEDGER_READ)
def ledger() -> ResponseReturnValue:
    """Show who did what, narrowed as the address asks."""
    form, before = LedgerForm(request.args), entry_number(request.args.get("before"))
    is_good = form.validate()
    wanted = conditions(form, me().time_zone)
    found = ledger_page(session(), me(), wanted=wanted, before=before)
    here = _kept()
    older = found.older_than
    shown = page(
        "operations/ledger.html",
        form=form,
        found=found,
        here=here,
        next_url=url_for("operations.ledger", **here, before=older) if older else None,
        first_url=url_for("operations.ledger", **here) if before else None,
    )
    return shown, 200 if is_good else 422


@bp.get("/audit-log/download")
@asks_again
@requires(Permission.LEDGER_READ)
def ledger_file() -> ResponseReturnValue:
    """Give the entries shown out as a table, and write into the ledger who took it."""
    form = LedgerForm(request.args)
    if not form.validate():
        raise Refused(_("Mend what you look for first: %(what)s", what=_first_problem(form)))
    rows = every_row(session(), me(), conditions(form, me().time_zone))
    head = (_("No."), _("When (UTC)"), _("Who"), _("What"), _("About"), _("Details"), _("Address"))
    text = as_csv(chain([head], map(_cells, rows)))
    note_copy(Action.LEDGER_EXPORT, format="csv", narrowed_by=sorted(_kept()))
    reply = Response(text, mimetype="text/csv")
    name = f"ledger-{today_of(session()).isoformat()}.csv"
    reply.headers["Content-Disposition"] = disposition(name)
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@bp.get("/audit-log/check")
@requires(Permission.LEDGER_READ)
def ledger_check() -> str:
    """Check the newest entries, each against the one before it and all against the signed heads.

    Those before them the worker has checked; the page says when, and what it found.
    """
    found, ring = judge_newest(session(), clock.now()), keyring.current()
    return page(
        "operations/ledger_check.html",
        found=found,
        whole=health_of(session()) if found.before else None,
        said=[(each.is_remark, sentence(each)) for each in found.findings],
        keys=[(key_id, signing.public_key(ring, key_id)) for key_id in ring.keys],
    )


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in NAMES if request.args.get(name)}


def _first_problem(form: LedgerForm) -> str:
    return next(f"{field.label.text}: {field.errors[0]}" for field in form if field.errors)


def _cells(row: LedgerRow) -> tuple[str, ...]:
    return (
        str(row.seq),
        f"{row.at:%Y-%m-%d %H:%M:%S}",
        row.actor or label(row.actor_kind),
        label(row.action) if row.action else _("An effect of an older version"),
        row.subject.name,
        "; ".join([*map(str, row.changes), *(f"{word}: {text}" for word, text in row.details)]),
        row.ip,
    )
