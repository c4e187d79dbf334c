"""An answer kept for a repeated call keeps its status; webhooks and their deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idempotency_key", sa.Column("status", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_key", "status")
