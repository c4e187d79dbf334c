"""The page that tells a vendor's person what is kept of them."""

from foundation.db import session
from foundation.web import page
from portal.kept_queries import kept_of
from portal.session import PortalContact, contact_required
from portal.views import bp


@bp.get("/p/kept")
@contact_required
def kept(contact: PortalContact) -> str:
    """Show what is kept of this person, and until when."""
    return page("portal/kept.html", contact=contact, kept=kept_of(session(), contact))
