"""The life cycle page of a vendor: its state, where it may go, and the checklist of leaving."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.signin import me
from evidence.queries import EvidenceRow, evidence_of
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.labels import label
from foundation.web import page, redirect_to
from operations.life_forms import LineForm, MoveForm
from operations.views import bp
from vendors import life_commands
from vendors.life_queries import SettledLine, settled_lines
from vendors.models import Vendor
from vendors.offboarding import CHECKLIST, Line, LineState, line_of
from vendors.queries import get_vendor
from vendors.rules import VendorState, moves_from, needs_reason

SHOWS_CHECKLIST = frozenset({VendorState.OFFBOARDING, VendorState.ENDED})


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the checklist with what was done and the form to say it."""

    line: Line
    settled: SettledLine | None
    form: LineForm


@bp.get("/vendors/<uuid:vendor_id>/life")
@requires(Permission.VENDOR_READ)
def life(vendor_id: UUID) -> ResponseReturnValue:
    """Show where a vendor is in its life and what stands before the next step."""
    return _life_page(get_vendor(session(), me().person_id, vendor_id), MoveForm())


@bp.post("/vendors/<uuid:vendor_id>/move")
@requires(Permission.VENDOR_EDIT)
def move(vendor_id: UUID) -> ResponseReturnValue:
    """Bring a vendor into another state."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form, chosen = MoveForm(request.form), request.form.get("state", "")
    if chosen not in {state.value for state in VendorState}:
        raise Refused(_("Choose one of the states shown."))
    if not form.validate():
        return _life_page(vendor, form), 422
    target, why = VendorState(chosen), form.reason.data or ""
    try:
        life_commands.move(session(), vendor, target, by=me().author, at=clock.now(), reason=why)
    except Refused as refusal:
        session().rollback()
        form.reason.errors = [str(refusal)]
        return _life_page(get_vendor(session(), me().person_id, vendor_id), form), 422
    flash(_("%(name)s: %(state)s.", name=vendor.name, state=label(target)), "ok")
    return redirect_to("operations.life", vendor_id=vendor_id)


@bp.post("/vendors/<uuid:vendor_id>/offboarding/<string:code>")
@requires(Permission.VENDOR_EDIT)
def settle(vendor_id: UUID, code: str) -> ResponseReturnValue:
    """Say what was done about a line of the checklist."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    files = evidence_of(session(), vendor_id)
    if line_of(code) is None:
        raise Missing
    form = _line_form(code, files, is_sent=True)
    if not form.validate():
        return _life_page(vendor, MoveForm(formdata=None), blamed=(code, form)), 422
    try:
        _settle(session(), vendor, code, form, clock.now())
    except Refused as refusal:
        session().rollback()
        blamed = form.evidence_id if refusal.where == "evidence_id" else form.note
        blamed.errors = [str(refusal)]
        vendor = get_vendor(session(), me().person_id, vendor_id)
        return _life_page(vendor, MoveForm(formdata=None), blamed=(code, form)), 422
    flash(_("Noted."), "ok")
    return redirect_to("operations.life", vendor_id=vendor_id, _anchor=code)


@bp.post("/vendors/<uuid:vendor_id>/offboarding/<string:code>/reopen")
@requires(Permission.VENDOR_EDIT)
def reopen(vendor_id: UUID, code: str) -> ResponseReturnValue:
    """Open a line of the checklist again."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    life_commands.reopen_line(session(), vendor, code, by=me().author, at=clock.now())
    flash(_("The line is open again."), "ok")
    return redirect_to("operations.life", vendor_id=vendor_id, _anchor=code)


def _settle(session: Session, vendor: Vendor, code: str, form: LineForm, at: datetime) -> None:
    life_commands.settle_line(
        session,
        vendor,
        code,
        LineState(form.state.data),
        note=form.note.data or "",
        evidence_id=UUID(form.evidence_id.data) if form.evidence_id.data else None,
        by=me().author,
        at=at,
    )


def _line_form(code: str, files: list[EvidenceRow], *, is_sent: bool = False) -> LineForm:
    form = LineForm(request.form if is_sent else None, prefix=code)
    kept = [one for one in files if one.erased_at is None]
    pairs = [(str(one.evidence_id), f"{one.reference} {one.title}") for one in kept]
    form.evidence_id.choices = offered([("", _("None")), *pairs])
    return form


def _life_page(
    vendor: Vendor, form: MoveForm, *, blamed: tuple[str, LineForm] | None = None
) -> str:
    files = evidence_of(session(), vendor.id) if vendor.state in SHOWS_CHECKLIST else []
    settled = settled_lines(session(), vendor.id) if vendor.state in SHOWS_CHECKLIST else {}
    steps = [
        Step(
            line,
            settled.get(line.code),
            blamed[1] if blamed and blamed[0] == line.code else _line_form(line.code, files),
        )
        for line in CHECKLIST
    ]
    is_cleared = vendor.cleared_by is not None
    moves = moves_from(vendor.state, is_cleared=is_cleared)
    return page(
        "operations/life.html",
        vendor=vendor,
        form=form,
        moves=[(target, needs_reason(vendor.state, target)) for target in moves],
        steps=steps if vendor.state in SHOWS_CHECKLIST else [],
        is_leaving=vendor.state is VendorState.OFFBOARDING,
        blamed_form=blamed[1] if blamed else None,
        blamed_code=blamed[0] if blamed else "",
        files={one.evidence_id: one for one in files},
        may_edit=me().may(Permission.VENDOR_EDIT),
    )
