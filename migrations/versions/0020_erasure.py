"""Erasure: words beside the ledger's chain, legal holds, erased vendors, and a pass for erasing."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RECORDS = ("answer_event", "tiering_record", "submission", "sign_off")
"""Append-only to everybody but an erasure, which shows its pass."""

OPEN = "lifted_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "ledger_words",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.JSON(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(words IS NULL) = (salt IS NULL)", name=op.f("ck_ledger_words_erased_has_no_salt")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_words")),
    )
    op.create_table(
        "erasure_pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_pass")),
    )
    _holds()
    op.add_column("vendor", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    _protect()


def _holds() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason != ''", name=op.f("ck_legal_hold_has_reason")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_reason = '')",
            name=op.f("ck_legal_hold_lifted_has_reason"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_legal_hold_{name}"))
            for name, table in (
                ("vendor_id", "vendor"),
                ("evidence_id", "evidence"),
                ("set_by_id", "person"),
                ("lifted_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    for name, column, condition in (
        ("uq_legal_hold_vendor", "vendor_id", f"{OPEN} AND evidence_id IS NULL"),
        ("uq_legal_hold_file", "evidence_id", f"{OPEN} AND evidence_id IS NOT NULL"),
    ):
        op.create_index(
            name,
            "legal_hold",
            [column],
            unique=True,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )


def _protect() -> None:
    """Refuse every change of words but emptying them; let only an erasure change records."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER ledger_words_no_delete BEFORE DELETE ON ledger_words "
            "BEGIN SELECT RAISE(ABORT, 'ledger_words is append-only'); END"
        )
        op.execute(
            "CREATE TRIGGER ledger_words_no_update BEFORE UPDATE ON ledger_words "
            "WHEN NEW.words IS NOT NULL OR NEW.seq != OLD.seq "
            "BEGIN SELECT RAISE(ABORT, 'ledger_words is append-only'); END"
        )
        op.execute(
            "CREATE TRIGGER ledger_words_no_replace BEFORE INSERT ON ledger_words "
            "WHEN EXISTS (SELECT 1 FROM ledger_words WHERE seq = NEW.seq) "
            "BEGIN SELECT RAISE(ABORT, 'ledger_words is append-only'); END"
        )
        for table in RECORDS:
            for verb in ("UPDATE", "DELETE"):
                op.execute(f"DROP TRIGGER {table}_no_{verb.lower()}")
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    "WHEN NOT EXISTS (SELECT 1 FROM erasure_pass) "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.words IS NOT NULL OR NEW.seq <> OLD.seq THEN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_words_only_emptied BEFORE UPDATE ON ledger_words "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased()"
    )
    op.execute(
        "CREATE TRIGGER ledger_words_append_only BEFORE DELETE OR TRUNCATE ON ledger_words "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_without_pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'TRUNCATE' OR NOT EXISTS (SELECT 1 FROM erasure_pass) THEN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF; RETURN NULL; END $$"
    )
    for table in RECORDS:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_without_pass()"
        )


def downgrade() -> None:
    raise NotImplementedError("What was erased does not come back: restore a backup instead.")
