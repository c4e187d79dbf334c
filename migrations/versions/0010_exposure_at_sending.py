"""An assessment keeps what our use of the vendor touched when it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assessment", sa.Column("exposure", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("assessment", "exposure")
