"""The product as it is served: its own processes, with the settings it ships with."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300
"""Seconds after which a server that says nothing never will; nothing is judged by them."""


def surroundings(settings, **changed):
    """Return the environment of a command on an installation."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DULY_DATA_DIR": str(settings.data_dir),
        "DULY_DATABASE_URL": settings.database_url,
        "DULY_KEYS_FILE": str(settings.keys_path),
        "DULY_BASE_URL": settings.base_url,
    } | changed


def command(*words):
    return [sys.executable, "-m", "operations.cli", *map(str, words)]


def told_by(env, *words):
    """Run a command that ends well, and return the JSON it prints."""
    done = subprocess.run(
        command(*words, "--json"), cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def serving(env, port, log):
    """Run `duly serve` with the settings it ships with, until it answers, and end it in the end."""
    with log.open("ab") as out:
        server = subprocess.Popen(
            command("serve", "--port", port), cwd=ROOT, env=env, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _is_ready(port):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=PATIENCE)


@contextmanager
def working(env, log):
    """Run the worker beside it, which looks twice a second what is due."""
    with log.open("ab") as out:
        worker = subprocess.Popen(
            command("worker", "--every", "0.5"), cwd=ROOT, env=env, stdout=out, stderr=out
        )
    try:
        yield worker
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=PATIENCE)


def _is_ready(port):
    try:
        return ask(port, "GET", "/readyz")[0] == 200
    except OSError:
        return False


def ask(port, method, path, body=b"", headers=None):
    """Send one request; return status, headers and body."""
    connection = HTTPConnection("localhost", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()
