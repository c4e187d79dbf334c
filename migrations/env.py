"""Where alembic meets the tables: the caller has imported every module with tables."""

from alembic import context
from sqlalchemy import Connection

from foundation.db import Model


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    raise SystemExit("Run ./duly migrate: the schema is changed through it alone.")
run(given)
