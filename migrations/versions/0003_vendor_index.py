"""Vendors are found by full-text search, and every filter and order of their list has an index."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILTERS = {
    "tier": "tier",
    "state": "state",
    "owner": "owner_id",
    "unit": "unit_id",
    "country": "country",
    "category": "category",
}

# Words come folded and separated by single spaces, so neither database may cut them its own way.
SQLITE = (
    """CREATE VIRTUAL TABLE vendor_index_fts USING fts5(
        words, content='vendor_index', content_rowid='number', tokenize='ascii', detail='none'
    )""",
    """CREATE TRIGGER vendor_index_added AFTER INSERT ON vendor_index BEGIN
        INSERT INTO vendor_index_fts(rowid, words) VALUES (new.number, new.words);
    END""",
    """CREATE TRIGGER vendor_index_removed AFTER DELETE ON vendor_index BEGIN
        INSERT INTO vendor_index_fts(vendor_index_fts, rowid, words)
            VALUES ('delete', old.number, old.words);
    END""",
    """CREATE TRIGGER vendor_index_changed AFTER UPDATE OF words ON vendor_index BEGIN
        INSERT INTO vendor_index_fts(vendor_index_fts, rowid, words)
            VALUES ('delete', old.number, old.words);
        INSERT INTO vendor_index_fts(rowid, words) VALUES (new.number, new.words);
    END""",
)
POSTGRESQL = (
    """CREATE INDEX vendor_index_fts ON vendor_index
        USING gin (array_to_tsvector(string_to_array(words, ' ')))""",
)


def upgrade() -> None:
    op.create_table(
        "vendor_index",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_key", sa.Text(), nullable=False),
        sa.Column("reference_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_index_vendor_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_vendor_index")),
        sa.UniqueConstraint("vendor_id", name=op.f("uq_vendor_index_vendor_id")),
    )
    op.create_index("ix_vendor_index_owner", "vendor_index", ["owner_key", "vendor_id"])
    op.create_index("ix_vendor_index_reference", "vendor_index", ["reference_number", "vendor_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
    op.drop_index("ix_vendor_next_review", "vendor")
    op.create_index("ix_vendor_next_review", "vendor", ["next_review_on", "id"])
    op.create_index("ix_vendor_created", "vendor", ["created_at", "id"])
    for name, column in FILTERS.items():
        op.create_index(f"ix_vendor_{name}", "vendor", [column, "name_key", "id"])
    op.create_index(
        "ix_vendor_archived",
        "vendor",
        ["name_key", "id"],
        sqlite_where=sa.text("archived_at IS NOT NULL"),
        postgresql_where=sa.text("archived_at IS NOT NULL"),
    )
    op.create_index("ix_vendor_tag_tag", "vendor_tag", ["tag_id", "vendor_id"])
    op.add_column("saved_view", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "owner",
                "add_tag",
                "remove_tag",
                "archive",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bulk_change_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
    )


def downgrade() -> None:
    op.drop_table("bulk_change")
    op.drop_column("saved_view", "removed_at")
    op.drop_index("ix_vendor_tag_tag", "vendor_tag")
    op.drop_index("ix_vendor_archived", "vendor")
    for name in FILTERS:
        op.drop_index(f"ix_vendor_{name}", "vendor")
    op.drop_index("ix_vendor_created", "vendor")
    op.drop_index("ix_vendor_next_review", "vendor")
    op.create_index("ix_vendor_next_review", "vendor", ["next_review_on"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE vendor_index_fts")
    op.drop_table("vendor_index")
