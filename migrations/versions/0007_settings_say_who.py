"""Settings say who changed them and what stands of each regime; a token says when it was used."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation_settings", sa.Column("actor_id", sa.Uuid(), nullable=True))
    op.add_column(
        "organisation_settings",
        sa.Column("regime_facts", sa.JSON(), nullable=False, server_default="{}"),
    )
    op.add_column("api_token", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("api_token", "last_used_at")
    op.drop_column("organisation_settings", "regime_facts")
    op.drop_column("organisation_settings", "actor_id")
