"""Pages of duplicates: the likeliest ones, and merging two vendors that are one company."""

import re
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import RadioField

from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from operations.duplicate_rows import possible_duplicates
from operations.merge_commands import merge as merge_vendors
from operations.merge_forms import ChoicesForm, OtherForm
from operations.merge_plan import KEEP, OTHER, Difference, Plan, plan_of
from operations.views import bp
from vendors.duplicate_queries import duplicates_of
from vendors.group_commands import find_named
from vendors.models import Vendor
from vendors.queries import get_vendor


@bp.get("/vendors/duplicates")
@requires(Permission.VENDOR_MERGE)
def duplicates() -> ResponseReturnValue:
    """Show vendors that may be one company."""
    return page("operations/duplicates.html", groups=possible_duplicates(session(), me().person_id))


@bp.get("/vendors/<uuid:vendor_id>/merge")
@requires(Permission.VENDOR_MERGE)
def merge(vendor_id: UUID) -> ResponseReturnValue:
    """Ask which vendor is the same company, or show what merging it would do."""
    keep = get_vendor(session(), me().person_id, vendor_id)
    form = OtherForm(request.args if "other" in request.args else None)
    if "other" not in request.args or not form.validate():
        return _ask_page(keep, form)
    try:
        other = find_named(session(), me().person_id, form.other.data or "")
    except Refused as refusal:
        form.other.errors = [str(refusal)]
        return _ask_page(keep, form)
    return _preview(keep, other)


@bp.post("/vendors/<uuid:vendor_id>/merge")
@asks_again
@requires(Permission.VENDOR_MERGE)
def do_merge(vendor_id: UUID) -> ResponseReturnValue:
    """Merge two vendors after the preview."""
    keep = get_vendor(session(), me().person_id, vendor_id)
    other = get_vendor(session(), me().person_id, _id_of(request.form.get("other_id", "")))
    plan = plan_of(session(), me().person_id, keep, other)
    form = _choices_form(plan, keep, other, is_sent=True)
    if not form.validate():
        return _preview_page(keep, other, plan, form), 422
    by, at, seen = me().author, clock.now(), _pair_of(form.versions.data or "")
    try:
        merge_vendors(session(), keep, other, form.choices(), versions=seen, by=by, at=at)
    except Refused as refusal:
        session().rollback()
        return _refused(vendor_id, other.id, refusal)
    flash(_("%(old)s is part of %(new)s now.", old=other.name, new=keep.name), "ok")
    return redirect_to("reports.vendor", vendor_id=vendor_id)


def _refused(keep_id: UUID, other_id: UUID, refusal: Refused) -> ResponseReturnValue:
    keep = get_vendor(session(), me().person_id, keep_id)
    other = get_vendor(session(), me().person_id, other_id)
    plan = plan_of(session(), me().person_id, keep, other)
    form = _choices_form(plan, keep, other, is_sent=True)
    form.versions.raw_data, form.versions.data = None, _versions(keep, other)
    form.form_errors.append(str(refusal))
    return _preview_page(keep, other, plan, form), 409 if isinstance(refusal, Conflict) else 422


def _preview(keep: Vendor, other: Vendor) -> str:
    plan = plan_of(session(), me().person_id, keep, other)
    return _preview_page(keep, other, plan, _choices_form(plan, keep, other))


def _preview_page(keep: Vendor, other: Vendor, plan: Plan, form: ChoicesForm) -> str:
    return page(
        "operations/preview_merge.html",
        keep=keep,
        other=other,
        plan=plan,
        form=form,
        swapped=url_for("operations.merge", vendor_id=other.id, other=keep.reference),
        hides=keep.is_need_to_know != other.is_need_to_know,
    )


def _ask_page(keep: Vendor, form: OtherForm) -> str:
    alike = duplicates_of(session(), me().person_id, keep.name, keep.website)
    return page(
        "operations/merge.html",
        vendor=keep,
        form=form,
        alike=[one for one in alike if one.vendor_id != keep.id],
    )


def _choices_form(plan: Plan, keep: Vendor, other: Vendor, *, is_sent: bool = False) -> ChoicesForm:
    made: type[ChoicesForm] = type("MadeChoicesForm", (ChoicesForm,), {})
    for one in plan.differences:
        setattr(made, one.name, _radio(one, keep, other))
    start = {"versions": _versions(keep, other), "other_id": str(other.id)}
    return made(request.form if is_sent else None, data=start)


def _radio(one: Difference, keep: Vendor, other: Vendor) -> RadioField:
    nothing = _("nothing")
    choices = [
        (KEEP, f"{one.keep or nothing} ({keep.reference})"),
        (OTHER, f"{one.other or nothing} ({other.reference})"),
    ]
    return RadioField(one.label, choices=offered(choices), default=one.chosen)


def _versions(keep: Vendor, other: Vendor) -> str:
    return f"{keep.version}-{other.version}"


def _pair_of(text: str) -> tuple[int, int]:
    """Return the versions somebody looked at; what is none fits no vendor."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(_("Choose the other vendor first.")) from None
