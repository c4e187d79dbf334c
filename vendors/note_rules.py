"""Rules of notes: who may still change one, and when another takes its place."""

from datetime import datetime, timedelta
from uuid import UUID

CHANGEABLE = timedelta(hours=24)


def may_change(*, author_id: UUID, viewer_id: UUID, written_at: datetime, at: datetime) -> bool:
    """Say whether somebody may change or delete a note: its author, within a day."""
    return author_id == viewer_id and at - written_at < CHANGEABLE
