"""Pages of the intake: a new vendor in under three minutes, its tier shown live."""

from flask import request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import database, session
from foundation.web import page, redirect_to
from vendors import commands
from vendors.arithmetic import lines_of
from vendors.commands import NewVendor
from vendors.duplicate_queries import Duplicate, duplicates_of
from vendors.intake_forms import IntakeForm
from vendors.tiering import tier_for
from vendors.views import bp


@bp.get("/vendors/new")
@requires(Permission.VENDOR_EDIT)
def new() -> ResponseReturnValue:
    """Show the intake."""
    return _intake_page(IntakeForm(), [])


@bp.post("/vendors/new")
@requires(Permission.VENDOR_EDIT)
def create() -> ResponseReturnValue:
    """Add the vendor, or show the tier to somebody without scripts."""
    form = IntakeForm(request.form)
    if request.form.get("step") == "tier":
        return _intake_page(form, _duplicates(form), shows_tier=True)
    known = _duplicates(form)
    if not form.validate():
        return _intake_page(form, known, shows_tier=True), 422
    if known and not form.is_another.data:
        return _intake_page(form, known, shows_tier=True, is_stopped=True), 422
    vendor = commands.register(session(), _wanted(form), by=me().author, at=clock.now())
    return redirect_to("reports.vendor", vendor_id=vendor.id)


@bp.post("/vendors/new/tier")
@requires(Permission.VENDOR_EDIT)
def tier() -> ResponseReturnValue:
    """Print the part of the intake that follows the form while it is filled in."""
    form = IntakeForm(request.form)
    return page("vendors/_live.html", **_live(form, _duplicates(form), shows_tier=True))


def _duplicates(form: IntakeForm) -> list[Duplicate]:
    with database().reading() as reading:
        return duplicates_of(
            reading, me().person_id, (form.name.data or "")[:200], form.website.data or ""
        )


def _intake_page(
    form: IntakeForm,
    known: list[Duplicate],
    *,
    shows_tier: bool = False,
    is_stopped: bool = False,
) -> str:
    return page(
        "vendors/new.html", is_stopped=is_stopped, **_live(form, known, shows_tier=shows_tier)
    )


def _live(form: IntakeForm, known: list[Duplicate], *, shows_tier: bool) -> dict[str, object]:
    try:
        exposure = form.exposure()
    except ValueError:  # an answer nobody showed: said beside its question after sending
        return {"form": form, "known": known, "tiering": None, "lines": ()}
    tiering = tier_for(exposure) if shows_tier else None
    return {"form": form, "known": known, "tiering": tiering, "lines": lines_of(exposure)}


def _wanted(form: IntakeForm) -> NewVendor:
    return NewVendor(
        name=form.name.data or "",
        website=form.website.data or "",
        purpose=form.purpose.data or "",
        country=form.country.data or "",
        service_name=form.service_name.data or "",
        is_need_to_know=form.is_need_to_know.data,
        owner_id=me().person_id,
        exposure=form.exposure(),
        intake=dict(form.answers()),
    )
