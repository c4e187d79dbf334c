"""Tasks for the sandbox tests: well-behaved ones and every kind of hostile one."""

import ctypes
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

from foundation.errors import Refused


def echo(payload: bytes) -> bytes:
    return payload[::-1]


def who(payload: bytes) -> bytes:
    return f"{os.getpid()} {os.getppid()} {os.nice(0)} {dict(os.environ)}".encode()


def connect(payload: bytes) -> bytes:
    try:
        socket.create_connection(("127.0.0.1", int(payload)), timeout=2)
    except OSError as error:
        return f"refused {error.errno}".encode()
    return b"connected"


def read(payload: bytes) -> bytes:
    try:
        return Path(payload.decode()).read_bytes()
    except OSError as error:
        return f"refused {error.errno}".encode()


def write(payload: bytes) -> bytes:
    try:
        Path(payload.decode()).write_bytes(b"x")
    except OSError as error:
        return f"refused {error.errno}".encode()
    return b"written"


def eat_memory(payload: bytes) -> bytes:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def spin(payload: bytes) -> bytes:
    while True:
        pass


def sleep(payload: bytes) -> bytes:
    time.sleep(float(payload))
    return b"slept"


def fork(payload: bytes) -> bytes:
    made = 0
    for _ in range(100):
        try:
            if not os.fork():
                time.sleep(60)
        except OSError:
            continue
        made += 1
    return str(made).encode()


def execute(payload: bytes) -> bytes:
    try:
        subprocess.run(["/bin/true"], check=False)
        os.execv("/bin/true", ["true"])
    except OSError as error:
        return f"refused {error.errno}".encode()
    return b"ran"


def start_thread(payload: bytes) -> bytes:
    seen = []
    thread = threading.Thread(target=lambda: seen.append(b"thread"))
    thread.start()
    thread.join()
    return seen[0]


def kill(payload: bytes) -> bytes:
    try:
        os.kill(int(payload), 9)
    except OSError as error:
        return f"refused {error.errno}".encode()
    return b"killed"


def unshare(payload: bytes) -> bytes:
    return str(ctypes.CDLL(None).unshare(0x10000000)).encode()


def crash(payload: bytes) -> bytes:
    ctypes.string_at(0)
    return b""


def flood(payload: bytes) -> bytes:
    return bytes(5_000_000)


def leak(payload: bytes) -> bytes:
    raise ValueError(payload.decode())


def refuse(payload: bytes) -> bytes:
    raise Refused("Line 7, column 3 is not JSON.")


def look_around(payload: bytes) -> bytes:
    return " ".join(str(number) for number in range(256) if _is_open(number)).encode()


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
