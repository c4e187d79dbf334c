"""Notice that was given of a contract, and proposals that a signer sent back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Checks stand at their column: SQLite takes them there without making the table anew.
    op.add_column("contract", sa.Column("notice_given_on", sa.Date(), nullable=True))
    op.add_column(
        "contract",
        sa.Column(
            "leaves_on",
            sa.Date(),
            sa.CheckConstraint(
                "(notice_given_on IS NULL) = (leaves_on IS NULL)",
                name=op.f("ck_contract_notice_has_last_day"),
            ),
            sa.CheckConstraint(
                "leaves_on IS NULL OR (leaves_on >= notice_given_on"
                " AND notice_deadline_on IS NULL)",
                name=op.f("ck_contract_notice_ends_deadline"),
            ),
            nullable=True,
        ),
    )
    op.create_table(
        "contract_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "leaves_on >= given_on", name=op.f("ck_contract_notice_ends_after_notice")
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)",
            name=op.f("ck_contract_notice_taken_back_by_somebody"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (reason = '')",
            name=op.f("ck_contract_notice_taken_back_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_contract_notice_contract_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["evidence.id"], name=op.f("fk_contract_notice_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["person.id"], name=op.f("fk_contract_notice_noted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by_id"], ["person.id"], name=op.f("fk_contract_notice_taken_back_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_notice")),
    )
    op.create_index(
        "uq_contract_notice_standing",
        "contract_notice",
        ["contract_id"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    op.create_table(
        "sent_back",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason != ''", name=op.f("ck_sent_back_has_reason")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_sent_back_decision_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sent_back_person_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_sent_back")),
    )


def downgrade() -> None:
    op.drop_table("sent_back")
    op.drop_table("contract_notice")
    op.drop_column("contract", "leaves_on")
    op.drop_column("contract", "notice_given_on")
