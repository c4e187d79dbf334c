"""The vendor's library of documents: uploaded once, used under any number of questions."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evidence.downloads import send
from evidence.queries import evidence_of
from foundation.db import database, session
from foundation.errors import Missing, Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from portal import uploads
from portal.access import my_evidence, my_membership
from portal.forms import EvidenceForm, intake
from portal.library_commands import remove
from portal.library_queries import removable_of
from portal.queries import citation_counts
from portal.session import PortalContact, contact_required
from portal.views import bp
from vendors.rules import Visibility


@bp.get("/p/evidence")
@contact_required
def evidence(contact: PortalContact) -> ResponseReturnValue:
    """List the documents of one of the contact's vendors."""
    vendor_id = _vendor_in(contact, request.args.get("vendor", ""))
    form = EvidenceForm(data={"vendor_id": str(vendor_id)})
    return _library_page(contact, vendor_id, form)


@bp.post("/p/evidence")
@contact_required
def add_evidence(contact: PortalContact) -> ResponseReturnValue:
    """Take a document into the library."""
    form = EvidenceForm(request.form)
    vendor_id = _vendor_in(contact, request.form.get("vendor_id", ""))
    if not uploads.has_file("file"):
        form.validate()
        form.file.errors = [_("Choose a file.")]
        return _library_page(contact, vendor_id, form), 422
    if not form.validate():
        return _library_page(contact, vendor_id, form), 422
    try:
        received = uploads.receive(contact, vendor_id, "file")
        day = form.issued_on.data.isoformat() if form.issued_on.data else ""
        facts = uploads.facts_of(form.kind.data, day, form.title.data or "")
        row = uploads.put_on_record(session(), received, facts, contact=contact)
    except Refused as refusal:
        form.file.errors = [str(refusal)]
        return _library_page(contact, vendor_id, form), 422
    if row.id != received.evidence_id:
        flash(_("You have brought this file before: it is %(file)s.", file=row.title), "info")
    return redirect_to("portal.evidence", vendor=vendor_id)


@bp.get("/p/evidence/<uuid:evidence_id>/download")
@contact_required
def download(contact: PortalContact, evidence_id: UUID) -> ResponseReturnValue:
    """Give a vendor's document back to its own people, as a download only."""
    with database().reading() as reading:
        found = my_evidence(reading, contact, evidence_id)
    return send(found, by=contact.author)


@bp.post("/p/evidence/<uuid:evidence_id>/remove")
@contact_required
def remove_evidence(contact: PortalContact, evidence_id: UUID) -> ResponseReturnValue:
    """Erase a file its uploader brought by mistake."""
    file = my_evidence(session(), contact, evidence_id)
    vendor_id, title = file.vendor_id, file.title
    try:
        remove(session(), file, by=contact.author)
    except Refused as refusal:
        session().rollback()
        form = EvidenceForm(data={"vendor_id": str(vendor_id)})
        form.file.errors = [str(refusal)]
        return _library_page(contact, vendor_id, form), 409
    flash(_("%(file)s was erased.", file=title), "ok")
    return redirect_to("portal.evidence", vendor=vendor_id)


def _vendor_in(contact: PortalContact, text: str) -> UUID:
    """Return the vendor meant: the named one, else the only or first one. Raises Missing."""
    if not text and contact.memberships:
        return contact.memberships[0].vendor_id
    try:
        return my_membership(contact, UUID(text)).vendor_id
    except ValueError:
        raise Missing from None


def _library_page(contact: PortalContact, vendor_id: UUID, form: EvidenceForm) -> str:
    form.show_words()
    rows = evidence_of(session(), vendor_id, visibility=Visibility.VENDOR)
    return page(
        "portal/evidence.html",
        vendor=my_membership(contact, vendor_id),
        rows=[row for row in rows if row.erased_at is None],
        cited=citation_counts(session(), vendor_id),
        removable=removable_of(session(), contact.person_id, vendor_id),
        intake=intake(),
        form=form,
        today=today_of(session()),
    )
