"""Who meets which requirement of PCI DSS: a matrix for a vendor, a row for each requirement."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SHARES = ("vendor", "ours", "shared", "not_applicable")


KINDS = ("assessment", "reassessment", "evidence", "finding", "condition", "exemption", "contract")


def _snooze(kinds: tuple[str, ...]) -> None:
    """Let these kinds of things be put off."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("snooze") as table:
        table.drop_constraint(op.f("ck_snooze_kind"), type_="check")
        table.create_check_constraint(op.f("ck_snooze_kind"), f"kind IN ({listed})")


def upgrade() -> None:
    _snooze((*KINDS, "matrix"))
    op.create_table(
        "responsibility_matrix",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("times_moved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(agreed_on IS NULL) = (valid_until IS NULL)",
            name=op.f("ck_responsibility_matrix_agreed_has_end"),
        ),
        sa.CheckConstraint(
            "agreed_on <= valid_until",
            name=op.f("ck_responsibility_matrix_validity_runs_forward"),
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_responsibility_matrix_vendor_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_responsibility_matrix_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility_matrix")),
        sa.UniqueConstraint("vendor_id", name=op.f("uq_responsibility_matrix_vendor_id")),
    )
    op.create_index(
        "ix_responsibility_matrix_valid_until", "responsibility_matrix", ["valid_until"]
    )
    op.create_table(
        "responsibility",
        sa.Column("matrix_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "share",
            sa.Enum(*SHARES, name="share", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matrix_id"],
            ["responsibility_matrix.id"],
            name=op.f("fk_responsibility_matrix_id"),
        ),
        sa.PrimaryKeyConstraint("matrix_id", "number", name=op.f("pk_responsibility")),
    )


def downgrade() -> None:
    op.drop_table("responsibility")
    op.drop_table("responsibility_matrix")
    op.execute("DELETE FROM snooze WHERE kind = 'matrix'")
    _snooze(KINDS)
