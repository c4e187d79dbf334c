"""A condition that was met says who saw it, and how."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("condition") as table:
        table.add_column(sa.Column("met_by_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("met_note", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_condition_met_by_id"), "person", ["met_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("condition") as table:
        table.drop_constraint(op.f("fk_condition_met_by_id"), type_="foreignkey")
        table.drop_column("met_note")
        table.drop_column("met_by_id")
