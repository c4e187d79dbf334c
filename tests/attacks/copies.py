"""A second installation, word for word the first: what is broken in it is broken for nobody else."""

import shutil
import sqlite3
from contextlib import ExitStack, contextmanager
from itertools import count

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from foundation.db import Database
from foundation.settings import Settings
from tests.attacks.world import World
from tests.journeys.conftest import free_port
from tests.operations.served import serving, surroundings

NAMES = (f"duly_copied_{number}" for number in count(1))
PATIENCE = 200
"""Tries to copy while a worker keeps a connection open for a moment at a time."""


@pytest.fixture(scope="module")
def copied(product, world, server, tmp_path_factory):
    """Serve, for the stories of one file, a copy of the attacked world, with its keys and files, and no worker beside it."""
    folder = tmp_path_factory.mktemp("copied")
    shutil.copytree(product.settings.evidence_dir, folder / "evidence", dirs_exist_ok=True)
    shutil.copy(product.settings.keys_path, folder / "keys.json")
    port = free_port()
    settings = Settings(
        data_dir=folder,
        keys_file=folder / "keys.json",
        database_url=_copy_of_postgresql(product, server) if server else "",
        base_url=f"http://localhost:{port}",
    )
    if not server:
        _copy_of_sqlite(product.settings, settings)
    database = Database(settings.database_address)
    log = folder / "product.log"
    with serving(surroundings(settings), port, log):
        made = World(settings.base_url, database, dict(world.secret), dict(world.open))
        yield Copied(made, settings, log)
    database.engine.dispose()


class Copied:
    """The copy: its world, its settings, and the log its processes write."""

    def __init__(self, world, settings, log):
        self.world, self.settings, self.log = world, settings, log

    @property
    def database(self):
        return self.world.database


def _copy_of_sqlite(source, target):
    with ExitStack() as stack:
        ends = [
            stack.enter_context(_closing(one.database_address.removeprefix("sqlite:///")))
            for one in (source, target)
        ]
        ends[0].backup(ends[1])


@contextmanager
def _closing(path):
    connection = sqlite3.connect(path)
    try:
        yield connection
    finally:
        connection.close()


def _copy_of_postgresql(product, server):
    """Copy the database whole; whoever was connected to it connects again by themselves."""
    product.database.engine.dispose()
    engine = server.admin.engine.execution_options(isolation_level="AUTOCOMMIT")
    source, name = make_url(product.settings.database_url).database, next(NAMES)
    end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    for left in reversed(range(PATIENCE)):
        try:
            with engine.connect() as connection:
                connection.execute(end, {"name": source})
                connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'))
            break
        except DBAPIError:
            if not left:
                raise
    return server.address.replace("/postgres?", f"/{name}?")
