"""Rows found by their other end, and the few questionnaires that nobody has closed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_contact_person_id", "contact", ["person_id"]),
    ("ix_contract_service_service_id", "contract_service", ["service_id"]),
)


LIVE = "state IN ('sent', 'answering', 'submitted', 'returned')"


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.create_index(
        "ix_assessment_live",
        "assessment",
        ["vendor_id", "due_on"],
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )


def downgrade() -> None:
    op.drop_index("ix_assessment_live", table_name="assessment")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
