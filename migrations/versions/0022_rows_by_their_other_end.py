"""Rows found by their other end: the vendors of a person, the contracts of a service."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_contact_person_id", "contact", ["person_id"]),
    ("ix_contract_service_service_id", "contract_service", ["service_id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
