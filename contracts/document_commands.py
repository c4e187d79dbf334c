"""Files of a contract: taken into evidence and put to the contract in one step."""

from datetime import datetime

from sqlalchemy.orm import Session

from contracts.commands import attach_document
from contracts.models import Contract
from evidence.commands import put_on_record
from evidence.models import Evidence
from evidence.received import Received
from evidence.rules import EvidenceKind
from identity.rules import Author
from vendors.rules import Visibility


def keep_document(
    session: Session,
    contract: Contract,
    received: Received,
    title: str,
    *,
    by: Author,
    at: datetime,
) -> Evidence:
    """Put a received file on record, as internal evidence of the vendor, and to its contract."""
    row = put_on_record(
        session,
        received,
        vendor_id=contract.vendor_id,
        title=title,
        kind=EvidenceKind.CONTRACT,
        issued_on=None,
        valid_until=None,
        visibility=Visibility.INTERNAL,
        by=by,
        at=at,
    )
    attach_document(session, contract, row, by=by, at=at)
    return row
