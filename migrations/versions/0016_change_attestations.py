"""Change attestations: vendors are asked between reviews whether anything has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATES = ("asked", "unchanged", "reported", "noted", "reassessed", "overtaken")
OLD_KINDS = (
    "assessment",
    "reassessment",
    "evidence",
    "finding",
    "condition",
    "exemption",
    "contract",
    "matrix",
)
NEW_KINDS = ("attestation", "change")
PARTIAL = (
    ("ix_attestation_due", "due_on", "state = 'asked'"),
    ("ix_attestation_remind", "remind_on", "state = 'asked'"),
    ("ix_attestation_judge", "judge_by", "state = 'reported'"),
)
CHECKS = (
    ("word_has_moment", "(state IN ('asked', 'overtaken')) = (declared_at IS NULL)"),
    ("word_has_somebody", "(declared_at IS NULL) = (declared_by_id IS NULL)"),
    ("word_has_name", "declared_at IS NULL OR declared_name != ''"),
    ("change_has_date", "state != 'reported' OR judge_by IS NOT NULL"),
    ("judgement_has_moment", "(state IN ('noted', 'reassessed')) = (judged_at IS NOT NULL)"),
    ("judgement_has_reason", "judged_at IS NULL OR reason != ''"),
)


def _named(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_attestation_{name}"))


def _put_off(kinds: tuple[str, ...]) -> None:
    """Let things of these kinds be put off."""
    spelled = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("snooze") as table:
        table.drop_constraint(op.f("ck_snooze_kind"), type_="check")
        table.create_check_constraint(op.f("ck_snooze_kind"), f"kind IN ({spelled})")


def upgrade() -> None:
    op.create_table(
        "attestation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("declared_by_id", sa.Uuid(), nullable=True),
        sa.Column("declared_name", sa.Text(), nullable=False),
        sa.Column("declared_role", sa.Text(), nullable=False),
        sa.Column("judge_by", sa.Date(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(_named(condition, name) for name, condition in CHECKS),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_attestation_vendor_id")
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_attestation_declared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["person.id"], name=op.f("fk_attestation_judged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_attestation_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index("ix_attestation_vendor", "attestation", ["vendor_id", "asked_at"])
    for name, column, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(name, "attestation", [column], sqlite_where=where, postgresql_where=where)
    _put_off((*OLD_KINDS, *NEW_KINDS))


def downgrade() -> None:
    op.execute("DELETE FROM snooze WHERE kind IN ('attestation', 'change')")
    _put_off(OLD_KINDS)
    op.drop_table("attestation")
