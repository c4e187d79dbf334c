"""Pages of the intake: a new vendor in under ninety seconds, its tier shown live."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from vendors import commands
from vendors.arithmetic import lines_of
from vendors.commands import NewVendor
from vendors.duplicate_queries import Known, known_like
from vendors.intake_forms import IntakeForm
from vendors.tier_versions import model_in_force
from vendors.tiering import tier_for
from vendors.views import bp


@bp.get("/vendors/new")
@requires(Permission.VENDOR_EDIT)
def new() -> ResponseReturnValue:
    """Show the intake."""
    nothing = {"form": IntakeForm(), "known": Known(), "tiering": None}
    return _intake_page(nothing, is_fresh=True)


@bp.post("/vendors/new")
@requires(Permission.VENDOR_EDIT)
def create() -> ResponseReturnValue:
    """Add the vendor, or show the tier to somebody without scripts."""
    form = IntakeForm(request.form)
    live = _live(form)
    if request.form.get("step") == "tier":
        return _intake_page(live)
    if not form.validate():
        return _intake_page(live), 422
    if live["known"] and not form.is_another.data:
        return _intake_page(live, is_stopped=True), 422
    try:
        vendor = commands.register(session(), _wanted(form), by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        (form.number if refusal.where == "number" else form.name).errors = [str(refusal)]
        return _intake_page(live), 422
    flash(
        _("Registered: %(name)s, %(reference)s.", name=vendor.name, reference=vendor.reference),
        "ok",
    )
    return redirect_to("reports.next_steps", vendor_id=vendor.id)


@bp.post("/vendors/new/tier")
@requires(Permission.VENDOR_EDIT)
def tier() -> ResponseReturnValue:
    """Print the part of the intake that follows the form while it is filled in."""
    return page("vendors/_live.html", **_live(IntakeForm(request.form)))


def _intake_page(
    live: dict[str, object], *, is_fresh: bool = False, is_stopped: bool = False
) -> str:
    return page("vendors/new.html", is_fresh=is_fresh, is_stopped=is_stopped, **live)


def _live(form: IntakeForm) -> dict[str, object]:
    """Return what the form says so far: who is known already, and the tier with its reasons."""
    with database().reading() as reading:
        known = known_like(reading, me().person_id, form.typed())
        model = model_in_force(reading)
    said: dict[str, object] = {"form": form, "known": known}
    try:
        exposure = form.exposure()
    except ValueError:  # an answer nobody showed: said beside its question after sending
        return {**said, "tiering": None}
    return {**said, "tiering": tier_for(exposure, model), "lines": lines_of(exposure, model)}


def _wanted(form: IntakeForm) -> NewVendor:
    return NewVendor(
        name=form.name.data or "",
        website=form.website.data or "",
        purpose=form.purpose.data or "",
        country=form.country.data or "",
        number=form.number.data or "",
        service_name=form.service_name.data or "",
        is_need_to_know=form.is_need_to_know.data,
        owner_id=me().person_id,
        exposure=form.exposure(),
        intake=dict(form.answers()),
    )
