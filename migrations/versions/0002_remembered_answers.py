"""A call that created something is answered again with the same JSON."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idempotency_key", sa.Column("answer", sa.Text(), nullable=True))
    op.add_column("idempotency_key", sa.Column("etag", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_key", "etag")
    op.drop_column("idempotency_key", "answer")
