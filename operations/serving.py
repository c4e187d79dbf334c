"""duly serve: gunicorn with our settings; the worker is a process of its own."""

import argparse
import gc
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from accounts.queries import has_administrator
from app import create_app, load
from foundation import logs, metrics, sandbox, schema, settings
from foundation.db import Database
from foundation.errors import Refused
from foundation.web import House
from operations import first_run
from operations.cli_print import note
from operations.porter import Porter
from operations.setup_cli import opened

THREADS = 8
CONNECTIONS = 500
"""Connections of one process, far below the descriptors it may open; the slowest makes room."""
MOST_WORKERS = 256


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on")
    parser.add_argument("--workers", type=workers, default=2, help="web processes")
    return run


def port(typed: str) -> int:
    """Read the port to listen on. Raises ArgumentTypeError."""
    return _number(typed, 65_535)


def workers(typed: str) -> int:
    """Read how many web processes there are. Raises ArgumentTypeError."""
    return _number(typed, MOST_WORKERS)


def run(chosen: argparse.Namespace) -> int:
    """Serve until told to stop; refuses an outdated schema."""
    database = opened()
    if settings.current().demo:
        raise Refused("DULY_DEMO opens doors without sign-in: it is for ./duly demo. Unset it.")
    if schema.revision_of(database) != schema.newest():
        raise Refused("The database schema is not up to date. Run ./duly migrate first.")
    _say_how_to_begin(database)
    database.engine.dispose()
    note(f"Duly listens on {chosen.host}:{chosen.port}; people reach it at {_base_url()}.")
    load()
    made = settings.from_env()
    logs.configure(made.log_format)
    Server(options(chosen.host, chosen.port, chosen.workers), make=lambda: create_app(made)).run()
    return 0


def _say_how_to_begin(database: Database) -> None:
    """Print the set-up code while nobody is an administrator."""
    with database.reading() as reading:
        if has_administrator(reading):
            return
    code = first_run.write_code()
    note(f"Nobody is an administrator yet. Open {_base_url()}/setup; the set-up code is {code}")
    note(f"It is also kept in {first_run.code_path()} until it is used.")


def options(host: str, port: int, workers: int) -> dict[str, Any]:
    """Return the shipped server configuration."""
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": Porter,
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        "sendfile": False,  # what leaves goes through the porter
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 4094,
        "forwarder_headers": "",  # no header says where we are mounted or what was asked for
        "accesslog": None,
        "loglevel": "warning",
        "logger_class": QuietLogger,
        "worker_tmp_dir": _in_memory(),
        "post_worker_init": _make_ready,
        "control_socket_disable": True,
        "proc_name": "duly",
    }


def _in_memory() -> str | None:
    """Return a folder in memory for heartbeats, or None where it is shut: then /tmp has to do."""
    place = "/dev/shm"  # noqa: S108
    return place if os.access(place, os.W_OK) else None


class QuietLogger(Logger):  # type: ignore[misc]
    """Gunicorn's words go the way of ours, which blots out addresses and tokens."""

    def setup(self, cfg: object) -> None:
        """Take its own way out away."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here and not by a file."""

    def __init__(self, chosen: dict[str, Any], *, make: Callable[[], House]) -> None:
        """Keep the options until gunicorn asks for them."""
        self.chosen = chosen
        self.make = make
        folder = Path(tempfile.mkdtemp(prefix="duly-metrics-"))
        metrics.share(folder)  # before the web processes are forked
        self.chosen["on_exit"] = lambda _server: shutil.rmtree(folder, ignore_errors=True)
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over, leaving out what this gunicorn does not know."""
        for name, value in self.chosen.items():
            if value is not None and name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> House:
        """Return the application, made once in each web process."""
        return self.make()


def _make_ready(worker: object) -> None:
    del worker
    gc.freeze()  # what is loaded at start never needs collecting
    # The first upload should not wait for the parsers to be loaded.
    threading.Thread(target=sandbox.walls, daemon=True).start()


def _number(typed: str, most: int) -> int:
    if not typed.isascii() or not typed.isdecimal() or not 1 <= int(typed[:9]) <= most:
        raise argparse.ArgumentTypeError(f"{typed[:20]} is not a number from 1 to {most}")
    return int(typed[:9])


def _base_url() -> str:
    return settings.current().base_url
