"""What falls due is found through indexes of what is open; reminders know who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WITH_VENDOR = "state IN ('sent', 'answering', 'returned')"
KINDS = ("assessment", "reassessment", "evidence", "finding", "condition", "exemption", "contract")
NOBODY = "00000000000000000000000000000000"

PARTIAL = (
    ("ix_finding_due", "finding", "due_on", "state = 'open'"),
    ("ix_condition_due", "condition", "due_on", "met_at IS NULL"),
    ("ix_evidence_valid_until", "evidence", "valid_until", "erased_at IS NULL"),
    ("ix_contract_notice", "contract", "notice_deadline_on", "state != 'ended'"),
)
"""Indexes that held closed things too."""
NEW = (
    ("ix_exemption_ends", "exemption", "ends_on", "revoked_at IS NULL"),
    ("ix_vendor_review_due", "vendor", "state, next_review_on", "state = 'active'"),
    ("ix_assessment_remind", "assessment", "remind_on", WITH_VENDOR),
    ("ix_outbox_letter_failed", "outbox_letter", "about_id", "state = 'failed'"),
)


def _index(name: str, table: str, column: str, where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        name, table, column.split(", "), sqlite_where=condition, postgresql_where=condition
    )


def upgrade() -> None:
    op.add_column(
        "assessment",
        sa.Column("remind_on", sa.Date(), nullable=True, server_default="2000-01-01"),
    )
    op.add_column("outbox_letter", sa.Column("about_id", sa.Uuid(), nullable=True))
    op.add_column(
        "outbox_letter", sa.Column("stop_path", sa.Text(), nullable=False, server_default="")
    )
    for name, table, column, where in PARTIAL:
        op.drop_index(name, table)
        _index(name, table, column, where)
    for name, table, column, where in NEW:
        _index(name, table, column, where)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    nobody = f"'{NOBODY}'" if is_sqlite else f"'{NOBODY}'::uuid"
    op.execute(f"UPDATE reminder SET recipient_id = {nobody} WHERE recipient_id IS NULL")
    with op.batch_alter_table("reminder") as table:
        table.alter_column("recipient_id", existing_type=sa.Uuid(), nullable=False)
        table.drop_constraint(op.f("uq_reminder_kind_subject_id_step_due_on"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_reminder_kind_subject_id_step_due_on_recipient_id"),
            ["kind", "subject_id", "step", "due_on", "recipient_id"],
        )
    op.create_table(
        "mail_stop",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", "kind", name=op.f("pk_mail_stop")),
    )
    op.create_table(
        "digest_day",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_day_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digest_day")),
    )
    op.create_table(
        "sweep_lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sweep_lease")),
    )
    op.create_table(
        "snooze",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_past_due", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason != ''", name=op.f("ck_snooze_has_reason")),
        sa.CheckConstraint(
            "is_past_due OR until_on <= due_on", name=op.f("ck_snooze_past_due_is_said")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_snooze_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
        sa.UniqueConstraint(
            "kind", "subject_id", "person_id", name=op.f("uq_snooze_kind_subject_id_person_id")
        ),
    )
    op.create_index("ix_snooze_until", "snooze", ["until_on"])


def downgrade() -> None:
    for table in ("snooze", "sweep_lease", "digest_day", "mail_stop"):
        op.drop_table(table)
    with op.batch_alter_table("reminder") as table:
        table.drop_constraint(
            op.f("uq_reminder_kind_subject_id_step_due_on_recipient_id"), type_="unique"
        )
        table.create_unique_constraint(
            op.f("uq_reminder_kind_subject_id_step_due_on"),
            ["kind", "subject_id", "step", "due_on"],
        )
        table.alter_column("recipient_id", existing_type=sa.Uuid(), nullable=True)
    for name, table, _column, _where in NEW:
        op.drop_index(name, table)
    for name, table, column, _where in PARTIAL:
        op.drop_index(name, table)
        _index(name, table, column)
    op.drop_column("outbox_letter", "stop_path")
    op.drop_column("outbox_letter", "about_id")
    op.drop_column("assessment", "remind_on")
