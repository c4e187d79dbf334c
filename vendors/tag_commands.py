"""Tags: words vendors are grouped by. Putting them on, renaming, merging and deleting."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from audit.actions import Action
from audit.commands import record
from foundation.errors import Missing, Refused
from foundation.ids import new_id
from identity.rules import Author
from vendors.inventory_models import Tag, VendorTag
from vendors.models import Vendor
from vendors.wording import LONGEST_TAG, checked_text

MOST_ON_ONE = 30


def checked_tag(text: str) -> str:
    """Return a tag in one line. Raises Refused for an empty or overlong one."""
    tag = checked_text(" ".join(text.split()), what="A tag", longest=LONGEST_TAG)
    if not tag or any(sign in tag for sign in ",;"):
        raise Refused("A tag is a word or a few, without commas and semicolons.", where="tags")
    return tag


def set_tags(
    session: Session, vendor: Vendor, names: Iterable[str], *, by: Author, at: datetime
) -> None:
    """Give a vendor exactly these tags; a new word becomes a tag. Raises Refused."""
    wanted: dict[str, str] = {}
    for tag in (checked_tag(name) for name in names if name.strip()):
        wanted.setdefault(tag.casefold(), tag)
    if len(wanted) > MOST_ON_ONE:
        raise Refused(f"{len(wanted)} tags are too many; {MOST_ON_ONE} fit.", where="tags")
    chosen = (
        select(Tag)
        .join(VendorTag, VendorTag.tag_id == Tag.id)
        .where(VendorTag.vendor_id == vendor.id)
    )
    before = {known.name.casefold(): known for known in session.scalars(chosen)}
    added = [name for key, name in wanted.items() if key not in before]
    removed = [known for key, known in before.items() if key not in wanted]
    for name in added:
        session.add(VendorTag(vendor_id=vendor.id, tag_id=tag_named(session, name).id))
    session.execute(
        delete(VendorTag).where(
            VendorTag.vendor_id == vendor.id, VendorTag.tag_id.in_([known.id for known in removed])
        )
    )
    session.flush()
    if added or removed:
        record(
            session,
            at=at,
            actor=by.actor,
            action=Action.VENDOR_TAGS,
            subject=("vendor", vendor.id),
            detail={"added": sorted(added), "removed": sorted(known.name for known in removed)},
        )


def tag_named(session: Session, name: str) -> Tag:
    """Return the tag of a word, new when nobody used it yet; capitals make no difference."""
    checked = checked_tag(name)
    found = find_tag_named(session, checked)
    if found is None:
        found = Tag(id=new_id(), name=checked)
        session.add(found)
        session.flush()
    return found


def find_tag_named(session: Session, name: str) -> Tag | None:
    """Return the tag of a word, or None."""
    exact = session.scalars(select(Tag).where(Tag.name == name)).first()
    return exact or next(
        (
            tag
            for tag in session.scalars(select(Tag).where(func.length(Tag.name) == len(name)))
            if tag.name.casefold() == name.casefold()
        ),
        None,
    )


def get_tag(session: Session, tag_id: UUID) -> Tag:
    """Return a tag. Raises Missing."""
    found = session.get(Tag, tag_id)
    if found is None:
        raise Missing
    return found


def rename_tag(session: Session, tag: Tag, name: str, *, by: Author, at: datetime) -> Tag:
    """Give a tag another word. A word that is a tag already takes its vendors over."""
    checked = checked_tag(name)
    other = find_tag_named(session, checked)
    if other is not None and other.id != tag.id:
        return _merge(session, tag, other, by=by, at=at)
    before, tag.name = tag.name, checked
    session.flush()
    _note(session, Action.TAG_RENAME, tag.id, {"before": before, "after": checked}, by=by, at=at)
    return tag


def remove_tag(session: Session, tag: Tag, *, by: Author, at: datetime) -> None:
    """Take a tag off every vendor and forget it."""
    session.execute(delete(VendorTag).where(VendorTag.tag_id == tag.id))
    session.delete(tag)
    session.flush()
    _note(session, Action.TAG_REMOVE, tag.id, {"name": tag.name}, by=by, at=at)


def _merge(session: Session, tag: Tag, into: Tag, *, by: Author, at: datetime) -> Tag:
    has = set(session.scalars(select(VendorTag.vendor_id).where(VendorTag.tag_id == into.id)))
    moving = set(session.scalars(select(VendorTag.vendor_id).where(VendorTag.tag_id == tag.id)))
    session.execute(delete(VendorTag).where(VendorTag.tag_id == tag.id))
    session.add_all(VendorTag(vendor_id=one, tag_id=into.id) for one in moving - has)
    session.delete(tag)
    session.flush()
    detail: dict[str, object] = {"merged": tag.name, "into": into.name, "vendors": len(moving)}
    _note(session, Action.TAG_MERGE, into.id, detail, by=by, at=at)
    return into


def _note(
    session: Session,
    action: Action,
    tag_id: UUID,
    detail: dict[str, object],
    *,
    by: Author,
    at: datetime,
) -> None:
    record(session, at=at, actor=by.actor, action=action, subject=("tag", tag_id), detail=detail)
