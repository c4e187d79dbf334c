"""Pages of contacts: who may act for a vendor."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from identity.queries import get_person
from vendors.contact_commands import ContactEdit, add_contact, edit_contact
from vendors.forms import ContactEditForm, ContactForm
from vendors.models import Contact, Vendor
from vendors.queries import (
    contacts_of,
    former_contacts_of,
    get_contact,
    get_vendor,
    memberships_of,
)
from vendors.rules import ContactRole, Duty
from vendors.views import bp


@bp.get("/vendors/<uuid:vendor_id>/contacts")
@requires(Permission.VENDOR_READ)
def contacts(vendor_id: UUID) -> ResponseReturnValue:
    """Show the people of a vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    return _contacts_page(vendor, ContactForm())


@bp.post("/vendors/<uuid:vendor_id>/contacts")
@requires(Permission.VENDOR_EDIT)
def add(vendor_id: UUID) -> ResponseReturnValue:
    """Let a person act for the vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = ContactForm(request.form)
    if not form.validate():
        return _contacts_page(vendor, form), 422
    try:
        add_contact(
            session(),
            vendor,
            email=form.email.data or "",
            name=form.person_name.data or "",
            role=ContactRole(form.role.data),
            job_title=form.job_title.data or "",
            by=me().author,
            at=clock.now(),
        )
    except Refused as refusal:
        session().rollback()
        form.email.errors = [str(refusal)]
        return _contacts_page(vendor, form), 422
    flash(
        _("%(name)s may now act for %(vendor)s.", name=form.person_name.data, vendor=vendor.name),
        "ok",
    )
    return redirect_to("vendors.contacts", vendor_id=vendor_id)


@bp.get("/vendors/<uuid:vendor_id>/contacts/<uuid:contact_id>")
@requires(Permission.VENDOR_EDIT)
def contact(vendor_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Show what a contact is for, for editing."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = get_contact(session(), vendor_id, contact_id)
    return _contact_page(vendor, found, ContactEditForm(obj=found))


@bp.post("/vendors/<uuid:vendor_id>/contacts/<uuid:contact_id>")
@requires(Permission.VENDOR_EDIT)
def save_contact(vendor_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    """Store what a contact is for."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    found = get_contact(session(), vendor_id, contact_id)
    form = ContactEditForm(request.form)
    if not form.validate():
        return _contact_page(vendor, found, form), 422
    change = ContactEdit(
        version=form.version.data or 0,
        role=ContactRole(form.role.data),
        job_title=form.job_title.data or "",
        duties=tuple(Duty(one) for one in form.duties.data or ()),
        is_primary=form.is_primary.data,
    )
    try:
        edit_contact(session(), found, change, by=me().author, at=clock.now())
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        form.version.raw_data, form.version.data = None, found.version
        return _contact_page(vendor, found, form), 409
    flash(_("Saved."), "ok")
    return redirect_to("vendors.contacts", vendor_id=vendor_id)


def _contact_page(vendor: Vendor, found: Contact, form: ContactEditForm) -> str:
    person = get_person(session(), found.person_id)
    return page("vendors/contact.html", vendor=vendor, contact=found, person=person, form=form)


def _contacts_page(vendor: Vendor, form: ContactForm) -> str:
    people = contacts_of(session(), vendor.id)
    known = memberships_of(session(), me().person_id, [row.person_id for row in people])
    others = {
        person_id: [one for one in found if one.vendor_id != vendor.id]
        for person_id, found in known.items()
    }
    return page(
        "vendors/contacts.html",
        vendor=vendor,
        people=people,
        former=former_contacts_of(session(), vendor.id),
        others=others,
        form=form,
        may_edit=me().may(Permission.VENDOR_EDIT),
    )
