"""Views of the list that somebody keeps: a name for an address. They are nobody else's."""

from datetime import datetime
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation.errors import Missing, Refused
from foundation.idnumbers import holds_secret
from foundation.ids import new_id
from vendors.inventory_models import SavedView
from vendors.wording import checked_text

MOST_VIEWS = 30
LONGEST_VIEW_NAME = 60
LONGEST_QUERY = 2000


def save_view(session: Session, person_id: UUID, name: str, query: str) -> SavedView:
    """Keep an address under a name. Raises Refused for a name that is taken or none."""
    held = select(func.count(SavedView.id)).where(
        SavedView.person_id == person_id, SavedView.removed_at.is_(None)
    )
    if session.scalars(held).one() >= MOST_VIEWS:
        raise Refused(f"You keep {MOST_VIEWS} views already. Delete one you no longer use.")
    if len(query) > LONGEST_QUERY:
        raise Refused("This search is too long to keep. Shorten it and save it again.")
    for _name, text in parse_qsl(query):
        if holds_secret(checked_text(text, what="The search", longest=LONGEST_QUERY)):
            raise Refused(
                "This search holds a bank account or identity card number, which Duly keeps sealed "
                "and never in a view. Take it out of the search, then save the view."
            )
    view = SavedView(id=new_id(), person_id=person_id, name="", query=query)
    _give_name(session, view, name)
    return view


def rename_view(session: Session, view: SavedView, name: str) -> None:
    """Give a view another name. Raises Refused for a name that is taken or none."""
    _give_name(session, view, name)


def remove_view(session: Session, view: SavedView, *, at: datetime) -> None:
    """Delete a view; it can be taken back for a while."""
    view.removed_at = at
    session.flush()


def take_back_view(session: Session, view: SavedView) -> None:
    """Bring a deleted view back."""
    view.removed_at = None
    session.flush()


def get_view(session: Session, person_id: UUID, view_id: UUID) -> SavedView:
    """Return a view of this person. Raises Missing for one of somebody else."""
    chosen = select(SavedView).where(SavedView.id == view_id, SavedView.person_id == person_id)
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def _give_name(session: Session, view: SavedView, text: str) -> None:
    name = checked_text(
        " ".join(text.split()), what="The name of the view", longest=LONGEST_VIEW_NAME
    )
    if not name:
        raise Refused("Give the view a name, such as “Cloud, due this year”.")
    # A deleted view gives its name free.
    session.execute(
        delete(SavedView).where(
            SavedView.person_id == view.person_id,
            SavedView.name == name,
            SavedView.removed_at.is_not(None),
            SavedView.id != view.id,
        )
    )
    try:
        with session.begin_nested():
            view.name = name
            session.add(view)
            session.flush()
    except IntegrityError:
        raise Refused(
            f"You already keep a view called “{name}”. Choose another name, or delete that one."
        ) from None
