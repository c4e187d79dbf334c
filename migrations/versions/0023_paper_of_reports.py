"""What reports are printed on, and the language of a second summary in them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisation_settings",
        sa.Column("page_size", sa.Text(), nullable=False, server_default="a4"),
    )
    op.add_column(
        "organisation_settings",
        sa.Column("second_language", sa.Text(), nullable=False, server_default="none"),
    )


def downgrade() -> None:
    op.drop_column("organisation_settings", "second_language")
    op.drop_column("organisation_settings", "page_size")
