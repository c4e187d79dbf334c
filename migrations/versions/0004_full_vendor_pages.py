"""Countries, archived services, contacts who left, notes that are superseded, offboarding, merges."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = (
    ("contact", sa.Column("duties", sa.JSON(), nullable=False, server_default="[]")),
    ("contact", sa.Column("is_primary", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("contact", sa.Column("left_on", sa.Date(), nullable=True)),
    ("service", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True)),
    ("sub_processor", sa.Column("name_key", sa.Text(), nullable=False, server_default="")),
    ("note", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
    ("note", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True)),
    ("note", sa.Column("supersedes_id", sa.Uuid(), nullable=True)),
    ("note", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True)),
    ("evidence", sa.Column("sealed_for_id", sa.Uuid(), nullable=True)),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    op.create_index(
        "uq_contact_primary",
        "contact",
        ["vendor_id"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )
    op.create_index("ix_sub_processor_name_key", "sub_processor", ["name_key"])
    op.execute("UPDATE sub_processor SET name_key = lower(name)")
    op.create_table(
        "vendor_country",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum(
                "operates",
                "serves_from",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_country_vendor_id")
        ),
        sa.PrimaryKeyConstraint("vendor_id", "country", "presence", name=op.f("pk_vendor_country")),
    )
    op.create_table(
        "offboarding_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "done",
                "not_needed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_past", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state != 'not_needed' OR note != ''", name="not_needed_has_reason"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_offboarding_line_by_id")),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_offboarding_line_vendor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offboarding_line")),
    )
    op.create_index(
        "uq_offboarding_line",
        "offboarding_line",
        ["vendor_id", "code"],
        unique=True,
        sqlite_where=sa.text("NOT is_past"),
        postgresql_where=sa.text("NOT is_past"),
    )


def downgrade() -> None:
    op.drop_table("offboarding_line")
    op.drop_table("vendor_country")
    op.drop_index("ix_sub_processor_name_key", "sub_processor")
    op.drop_index("uq_contact_primary", "contact")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
