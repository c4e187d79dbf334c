"""The first pages inside the outside door: what is asked of me, help, the way out."""

from flask import Blueprint, Response, g

from foundation import clock
from foundation.csrf import drop_cookie
from foundation.db import session
from foundation.web import page, redirect_to
from identity import sessions
from organisation.queries import time_zone_of_organisation, today_of
from portal.attestation_queries import words_asked_of
from portal.library_queries import brought_by
from portal.people_queries import colleagues_of
from portal.queries import asked_of
from portal.session import COOKIE, PortalContact, code_typed, contact_required
from vendors.note_queries import shared_notes_of

bp = Blueprint("portal", __name__)
MOST_FILES = 50


@bp.get("/p/")
@contact_required
def start(contact: PortalContact) -> str:
    """Show what is asked of this person, across all their vendors."""
    rows = asked_of(session(), contact.person_id)
    words = words_asked_of(session(), contact.person_id)
    notes = shared_notes_of(session(), [one.vendor_id for one in contact.memberships])
    return page(
        "portal/start.html",
        contact=contact,
        rows=rows,
        words=words,
        notes=notes,
        today=today_of(session()),
    )


@bp.get("/p/help")
@contact_required
def help_page(contact: PortalContact) -> str:
    """Show how the portal works, and what is known about this person."""
    vendor_ids = [one.vendor_id for one in contact.memberships]
    return page(
        "portal/help_page.html",
        contact=contact,
        colleagues=colleagues_of(session(), vendor_ids),
        files=brought_by(session(), contact.person_id, vendor_ids, most=MOST_FILES),
        most=MOST_FILES,
        today=today_of(session()),
        our_zone=time_zone_of_organisation(session()),
    )


@bp.post("/p/sign-out")
@code_typed
def sign_out(contact: PortalContact) -> Response:
    """End this session and let the browser forget what it kept."""
    del contact
    sessions.end(session(), g.session_token, clock.now())
    response = redirect_to("portal.signed_out")
    drop_cookie(response, COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
