"""SQLite: REPLACE removes a row without asking the triggers of DELETE; it is refused as well."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEYS = {
    "ledger_entry": "seq",
    "answer_event": "id",
    "tiering_record": "id",
    "questionnaire_version": "id",
    "submission": "id",
    "sign_off": "id",
}
"""The append-only tables of the first day, and what tells their rows apart."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, key in KEYS.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEYS:
            op.execute(f"DROP TRIGGER {table}_no_replace")
