"""Rows found by the person who wrote them, where there are millions of them."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_answer_updated_by_id", "answer", ["updated_by_id"]),
    ("ix_answer_event_by_id", "answer_event", ["by_id"]),
    ("ix_citation_cited_by_id", "citation", ["cited_by_id"]),
    ("ix_ledger_entry_actor", "ledger_entry", ["actor_id"]),
    ("ix_verdict_by_id", "verdict", ["by_id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
