"""Taking a file back that nothing rests on."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from evidence.erasing import crypto_erase
from evidence.models import Evidence
from foundation.errors import Refused
from identity.rules import Author
from portal.library_queries import removable_of

TAKEN_BACK = "taken back by whoever brought it"


def remove(session: Session, file: Evidence, *, by: Author) -> None:
    """Erase a file its own uploader brought. Raises Refused where something may rest on it."""
    session.refresh(file, attribute_names=["version", "erased_at"], with_for_update=True)
    if file.id not in removable_of(session, by.person_id, file.vendor_id):
        raise Refused(
            _(
                "This file stays: somebody else brought it, an answer uses it, or answers were "
                "submitted since it came."
            )
        )
    crypto_erase(session, file, by.actor, TAKEN_BACK)
