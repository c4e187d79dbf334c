"""Failpoints: named places where a test makes the program die, fail or wait; otherwise nothing."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from foundation.errors import Refused


class FailpointReached(RuntimeError):  # noqa: N818 - it names what happened
    """A test asked for a failure at this place."""


FOLDER = "@"
_armed: dict[str, Callable[[], None]] = {}
_orders: Path | None = None


def configure(spec: str) -> None:
    """Arm failpoints: "name=kill", "name=raise" or "name=sleep:MS", separated by commas.

    "@FOLDER" arms while the program runs: a file there, named like the place and holding what to
    do, is an order to whoever comes by first, and is gone with it.
    """
    global _orders  # noqa: PLW0603  armed once, at the start of the process
    _orders = Path(spec.removeprefix(FOLDER)) if spec.startswith(FOLDER) else None
    armed: dict[str, Callable[[], None]] = {}
    if _orders is not None:
        spec = ""
    for entry in filter(None, (part.strip() for part in spec.split(","))):
        name, separator, action = entry.partition("=")
        if not separator:
            raise Refused(f'The failpoint "{entry}" needs an action: kill, raise or sleep:MS.')
        armed[name] = _action(name, action)
    _armed.clear()
    _armed.update(armed)


def failpoint(name: str) -> None:
    """Do what was armed for this place; costs one look into an empty table otherwise."""
    if _armed and name in _armed:
        _armed[name]()
    if _orders is not None:
        _obey(_orders / name)


def _obey(order: Path) -> None:
    try:
        action = order.read_text()
        order.unlink()  # only one can take it
    except FileNotFoundError:
        return
    _action(order.name, action)()


def _action(name: str, action: str) -> Callable[[], None]:
    verb, _, milliseconds = action.partition(":")
    if verb == "sleep" and milliseconds.isdecimal():
        return lambda: time.sleep(int(milliseconds) / 1000)
    if action == "kill":
        return lambda: os.kill(os.getpid(), signal.SIGKILL)
    if action == "raise":
        return lambda: _raise(name)
    raise Refused(f'The failpoint {name} cannot do "{action}": only kill, raise or sleep:MS.')


def _raise(name: str) -> None:
    raise FailpointReached(f"The failpoint {name} was reached.")
