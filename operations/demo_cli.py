"""duly demo: everything from nothing, then web and worker until told to stop."""

import argparse
import json
import multiprocessing
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app import create_app, set_up
from foundation import clock, logs, schema
from foundation.db import Database
from foundation.errors import Refused
from foundation.settings import ROOT, Settings
from identity import api_tokens
from identity.queries import find_by_email
from identity.rules import Scope
from operations import demo_doors
from operations.cli_print import note, say
from operations.demo.telling import tell
from operations.serving import Server, options
from operations.serving import port as served_port
from operations.worker import start_ticking

FOLDER = ROOT / ".duly" / "demo"
LONGEST_START = 60.0
WEB_PROCESSES = 2


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument(
        "--port", type=served_port, help="where it listens (default: 8000 or the next)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line once it answers")
    parser.add_argument("--keep", action="store_true", help="go on with the demo of last time")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where its data lives")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Seed, start web and worker, print the way in, and stay until stopped."""
    port = chosen.port or _free_port()
    if not _is_free(port):
        raise Refused(f"Port {port} is taken. Name another with --port, or leave it out.")
    settings = demo_settings(chosen.folder.absolute(), port)
    token = seeded(settings, keep=chosen.keep)
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=serve, args=(settings, port), daemon=False),
        context.Process(target=work, args=(settings,), daemon=False),
    ]
    for process in processes:
        process.start()
    try:
        _wait_until_it_answers(settings.base_url, processes[0])
        _print(settings, token, as_json=chosen.json)
        _wait_for_the_end(processes)
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
            process.join(timeout=25)
    return 0


def demo_settings(folder: Path, port: int) -> Settings:
    """Return the settings of a demo: its own data folder, mail kept on the outbox page."""
    return Settings(
        data_dir=folder,
        database_url="",
        base_url=f"http://localhost:{port}",
        demo=True,
        smtp_url="",
        sandbox_weak=True,
    )


def seeded(settings: Settings, *, keep: bool) -> str:
    """Make the demo's database through the commands, in simulated time; return an API token."""
    has_one = (settings.data_dir / "duly.sqlite3").exists()
    if has_one and not keep:
        _remove(settings.data_dir)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    set_up(settings)
    database = Database(settings.database_address)
    schema.migrate(database)
    if not (has_one and keep):
        began = time.monotonic()
        tell(database, until=clock.now())
        note(f"The demo's stories took {time.monotonic() - began:.1f} s to tell.")
    token = _api_token(database)
    database.engine.dispose()
    return token


def serve(settings: Settings, port: int) -> None:
    """Serve the demo: the shipped server configuration."""
    logs.configure("text")
    Server(options("127.0.0.1", port, WEB_PROCESSES), make=lambda: create_app(settings)).run()


def work(settings: Settings) -> None:
    """Run the demo's worker."""
    logs.configure("text")
    set_up(settings)
    start_ticking(Database(settings.database_address), every=2.0)


def _remove(folder: Path) -> None:
    # Only a folder that holds a demo of ours is ever removed.
    if not (folder / "duly.sqlite3").exists():
        raise Refused(f"{folder} holds no demo. Name an empty folder with --folder.")
    shutil.rmtree(folder)


def _api_token(database: Database) -> str:
    at = clock.now()
    with database.writing() as session:
        person = find_by_email(session, demo_doors.DOORS[1].email)
        if person is None:
            raise Refused("The demo has no people. Run ./duly demo without --keep.")
        return api_tokens.create(session, person.id, "Demo", Scope.WRITE, at, 30)


def _free_port() -> int:
    port = next((port for port in range(8000, 8100) if _is_free(port)), None)
    if port is None:
        raise Refused("Ports 8000 to 8099 are all taken. Name a free one with --port.")
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait_until_it_answers(base_url: str, web: multiprocessing.process.BaseProcess) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{base_url}/healthz", timeout=2).close()  # noqa: S310
            return
        if not web.is_alive():
            raise Refused("The web server stopped at once; its message is above.")
        time.sleep(0.1)
    raise Refused(f"The web server did not answer within {LONGEST_START:.0f} seconds.")


def _print(settings: Settings, token: str, *, as_json: bool) -> None:
    doors = {door.name: demo_doors.address_of(door) for door in demo_doors.DOORS}
    if as_json:
        say(json.dumps({"url": settings.base_url, "api_token": token, "doors": doors}))
        return
    say(f"\nDuly's demo is at {settings.base_url}. Sign in as:\n")
    for name, address in doors.items():
        say(f"  {name:12} {address}")
    say(f"\nMail lands at {settings.base_url}/mail. API token: {token}\nStop with Ctrl-C.")


def _wait_for_the_end(processes: Sequence[multiprocessing.process.BaseProcess]) -> None:
    def stop(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with suppress(KeyboardInterrupt):
        while all(process.is_alive() for process in processes):
            time.sleep(0.5)
