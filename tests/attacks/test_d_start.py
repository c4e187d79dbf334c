"""D14: what keeps the product from starting: debuggers, test modes, poor or open keys."""

import base64
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import set_up
from foundation import schema
from foundation.db import Database
from foundation.settings import Settings
from tests.attacks.fort import ROOT
from tests.mail.server import free_port
from tests.operations.served import command, surroundings

pytestmark = pytest.mark.slow

DRAWN = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(scope="module")
def installed(tmp_path_factory, server):
    """An installation that starts, with an SQLite file or on the server of PostgreSQL."""
    folder = tmp_path_factory.mktemp("start")
    url = server.new_database("duly_start") if server else ""
    settings = Settings(data_dir=folder, database_url=url, base_url="https://duly.example")
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    database.engine.dispose()
    return settings


def refusal(settings, **changed):
    """Start the product as it ships and return what it says when it refuses."""
    done = subprocess.run(
        command("serve", "--port", free_port()),
        cwd=ROOT,
        env=surroundings(settings, **changed),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def with_key(folder, key, mode):
    path = folder / f"{mode:o}-{len(key)}.json"
    content = {"format": "duly-keyring-1", "current": "k1", "keys": {"k1": key}}
    path.write_text(json.dumps(content))
    path.chmod(mode)
    return {"DULY_KEYS_FILE": str(path)}


def test_D14_nothing_starts_that_shows_more_than_it_may_or_has_a_poor_key(installed, tmp_path):
    typed = base64.b64encode(b"changeme" * 4).decode()
    tries = {
        "FLASK_DEBUG is set": {"FLASK_DEBUG": "1"},
        "DULY_DEMO opens doors without sign-in": {"DULY_DEMO": "1"},
        "is not random": with_key(tmp_path, typed, 0o600),
        "can be read by other users": with_key(tmp_path, DRAWN, 0o644),
    }
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda changed: refusal(installed, **changed), tries.values()))
    for said, answer in zip(tries, told, strict=True):
        assert said in answer
