"""How much room there is: for the files of one vendor, and for all files together."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence.models import Evidence
from foundation import settings
from foundation.errors import Refused
from foundation.jinja import size as in_words

MEGABYTE = 1_000_000


def check_room(session: Session, vendor_id: UUID, size: int) -> None:
    """Refuse a file of so many bytes that there is no room for, saying how much is left.

    Files that were erased take no room. Only a caller who holds the counter of references may
    rely on the answer; to all others it is an early word.
    """
    chosen = settings.current()
    kept = select(func.count(Evidence.id), func.coalesce(func.sum(Evidence.size), 0)).where(
        Evidence.erased_at.is_(None)
    )
    n_files, used = session.execute(kept.where(Evidence.vendor_id == vendor_id)).one()
    if n_files >= chosen.vendor_files:
        raise Refused(
            f"There are {n_files} files on record, the most one vendor may have. Remove one that "
            "nothing rests on, or ask whoever runs Duly for more.",
            where="file",
        )
    _check(chosen.vendor_storage_mb * MEGABYTE - int(used), size, "the files of this vendor")
    (everything,) = session.execute(
        select(func.coalesce(func.sum(Evidence.size), 0)).where(Evidence.erased_at.is_(None))
    ).one()
    _check(chosen.storage_mb * MEGABYTE - int(everything), size, "all files together")


def _check(left: int, size: int, what: str) -> None:
    if size > left:
        raise Refused(
            f"There is no room for a file of {in_words(size)}: {in_words(max(left, 0))} are left "
            f"for {what}. Bring a smaller one, or ask whoever runs Duly for more.",
            where="file",
        )
