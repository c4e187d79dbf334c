"""Tables of the tier model: every version there was, since tiers keep the one that made them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foundation.columns import Id
from foundation.db import Model


class TierModelVersion(Model):
    """One published version; the newest number is in force, and without any the shipped one."""

    __tablename__ = "tier_model_version"
    __table_args__ = (
        CheckConstraint("number >= 2", name="first_is_shipped"),
        CheckConstraint("note != ''", name="has_note"),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    """2 and up; number 1 comes with the product. Unique: two people cannot publish one number."""
    name: Mapped[str] = mapped_column(unique=True)
    """As tiering records carry it, such as 2026-2."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str]
    published_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
