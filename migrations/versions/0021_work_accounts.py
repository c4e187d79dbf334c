"""Work accounts: whose they are, and ways to the provider that are not back yet."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_account_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_work_account_issuer_subject")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_work_account_person_id_issuer")),
    )
    op.create_table(
        "sign_on",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_on")),
    )


def downgrade() -> None:
    op.drop_table("sign_on")
    op.drop_table("work_account")
