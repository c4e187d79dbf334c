"""The page on which a contact of a vendor leaves: who takes over, and from when."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity.queries import get_person
from organisation.queries import today_of
from questionnaires.hand_over import let_go, open_work_of
from questionnaires.hand_over_forms import LeaveForm
from questionnaires.views import bp
from vendors.models import Contact
from vendors.queries import contacts_of, get_contact, get_vendor


@bp.get("/vendors/<uuid:vendor_id>/contacts/<uuid:contact_id>/leave")
@requires(Permission.VENDOR_EDIT)
def leave(vendor_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Show what a contact leaves behind."""
    get_vendor(session(), me().person_id, vendor_id)
    contact = get_contact(session(), vendor_id, contact_id)
    return _leave_page(contact, _form(contact))


@bp.post("/vendors/<uuid:vendor_id>/contacts/<uuid:contact_id>/leave")
@requires(Permission.VENDOR_EDIT)
def let_leave(vendor_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Hand everything on and end what the contact may do."""
    get_vendor(session(), me().person_id, vendor_id)
    contact = get_contact(session(), vendor_id, contact_id)
    form = _form(contact)
    if not form.validate():
        return _leave_page(contact, form), 422
    if form.left_on.data and form.left_on.data > today_of(session()):
        form.left_on.errors = [_("This day is still to come. Come back then.")]
        return _leave_page(contact, form), 422
    heir = get_contact(session(), vendor_id, UUID(form.heir.data)) if form.heir.data else None
    left_on = form.left_on.data
    try:
        moved = let_go(session(), contact, heir, left_on=left_on, by=me().author, at=clock.now())
    except Refused as refusal:
        form.heir.errors = [str(refusal)]
        return _leave_page(contact, form), 422
    gone = _("Their links and sign-ins for this vendor have ended.")
    handed = ngettext("%(num)d assessment was handed on.", "%(num)d were handed on.", moved)
    flash(f"{gone} {handed}" if moved else gone, "ok")
    return redirect_to("vendors.contacts", vendor_id=vendor_id)


def _form(contact: Contact) -> LeaveForm:
    form = LeaveForm(request.form)
    others = contacts_of(session(), contact.vendor_id)
    pairs = [(str(one.contact_id), one.name) for one in others if one.contact_id != contact.id]
    form.heir.choices = offered([("", _("Nobody")), *pairs])
    return form


def _leave_page(contact: Contact, form: LeaveForm) -> str:
    return page(
        "questionnaires/leave.html",
        vendor=get_vendor(session(), me().person_id, contact.vendor_id),
        contact=contact,
        person=get_person(session(), contact.person_id),
        work=open_work_of(session(), contact.id),
        form=form,
        today=today_of(session()),
    )
