"""Files that wait for the scanner, that are locked or too large, and keys made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OLD_STATES = ("not_scanned", "clean", "infected", "failed")
NEW_STATES = ("locked", "too_large")
WAITS = "erased_at IS NULL AND scan_state IN ('failed', 'not_scanned', 'too_large')"


def _states(table: object, states: tuple[str, ...]) -> None:
    spelled = ", ".join(f"'{state}'" for state in states)
    table.drop_constraint(op.f("ck_evidence_scan_state"), type_="check")
    table.create_check_constraint(op.f("ck_evidence_scan_state"), f"scan_state IN ({spelled})")


def upgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        _states(table, (*OLD_STATES, *NEW_STATES))
        table.add_column(sa.Column("scan_again_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("sealed_version", sa.Integer(), nullable=False, server_default="1")
        )
        # Under which key of the ring it was made nobody knows any more: older than all of them.
        table.add_column(sa.Column("sealed_under", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("evidence") as table:
        table.alter_column("sealed_version", server_default=None)
        table.alter_column("sealed_under", server_default=None)
    op.create_index(
        "ix_evidence_scan",
        "evidence",
        ["scan_again_at"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )


def downgrade() -> None:
    # Back to states the older version knows, in which nobody can open them.
    op.drop_index("ix_evidence_scan", table_name="evidence")
    op.execute(
        "UPDATE evidence SET scan_state = 'failed' WHERE scan_state IN ('locked', 'too_large')"
    )
    with op.batch_alter_table("evidence") as table:
        table.drop_column("sealed_under")
        table.drop_column("sealed_version")
        table.drop_column("scan_again_at")
        _states(table, OLD_STATES)
