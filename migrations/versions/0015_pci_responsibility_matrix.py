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
    """Let these kinds of things be put off. SQLite keeps no check apart from its table."""
    if op.get_bind().dialect.name != "sqlite":
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        op.drop_constraint(op.f("ck_snooze_kind"), "snooze", type_="check")
        op.create_check_constraint(op.f("ck_snooze_kind"), "snooze", f"kind IN ({listed})")
        return
    known = sa.Table(
        "snooze",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *kinds, name="ck_snooze_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_past_due", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason != ''", name="ck_snooze_has_reason"),
        sa.CheckConstraint("is_past_due OR until_on <= due_on", name="ck_snooze_past_due_is_said"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_snooze_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snooze"),
        sa.UniqueConstraint(
            "kind", "subject_id", "person_id", name="uq_snooze_kind_subject_id_person_id"
        ),
        sa.Index("ix_snooze_until", "until_on"),
    )
    with op.batch_alter_table("snooze", copy_from=known, recreate="always"):
        pass  # nothing but the check is new


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
