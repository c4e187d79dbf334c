"""The table vendors are found and sorted by; what it says follows from other tables."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Model


class VendorIndex(Model):
    """What one vendor is found by. Derived: `search_index.rebuild` makes it again."""

    __tablename__ = "vendor_index"
    __table_args__ = (
        Index("ix_vendor_index_owner", "owner_key", "vendor_id"),
        Index("ix_vendor_index_reference", "reference_number", "vendor_id"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    """What SQLite's full-text table calls the row."""
    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), unique=True)
    words: Mapped[str]
    """Folded words, each once; see vendors.search_words."""
    owner_key: Mapped[str]
    """The folded name of the owner, for sorting."""
    reference_number: Mapped[int]
    """42 for V-0042, so that V-10000 comes after V-9999."""
