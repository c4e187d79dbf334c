"""Logs for operators: ids and codes only. What people write, see or are called never gets in."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

ROOT = Path(__file__).resolve().parent.parent
FACTS = ("request_id", "method", "endpoint", "status", "ms", "actor")
"""What may stand beside the event of a line."""

ADDRESS = re.compile(r"(?<![^\s@\"'<>(),;:])[^\s@\"'<>(),;:]+@[^\s@\"'<>(),;:]+")
SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")
"""A token is 43 signs and a hash 64; an id has a hyphen after 8, but is no secret."""
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Event = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Lines(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment."""

    def __init__(self) -> None:
        """Take no stream: it is asked for with every line."""
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base keeps one for ever
        """Return standard error."""
        return sys.stderr


def configure(kind: str) -> None:
    """Let every logger of the process write lines of a kind: json, text, or "" for what fits."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, Lines)]:
        root.removeHandler(handler)
    chosen = kind or ("text" if sys.stderr.isatty() else "json")
    handler = Lines()
    handler.setFormatter(formatter(chosen))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("duly").setLevel(logging.INFO)


def formatter(kind: str) -> logging.Formatter:
    """Return what turns a record into a line."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if kind == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=FACTS),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_words_of_faults,
            _without_secrets,
            last,
        ],
    )


def _without_words_of_faults(logger: object, method: str, event: Event) -> Event:
    """Say which fault it was and where, but not its message: that may hold what somebody wrote."""
    del logger, method
    found: ExcInfo | None = event.pop("exc_info", None)
    if found and found[0] is not None:
        event["fault"] = _name_of(found[1])
        event["where"] = places(found[2])
    return event


def _name_of(error: BaseException) -> str:
    kind = type(error)
    inner = getattr(error, "orig", None)
    own = f"{kind.__module__}.{kind.__qualname__}"
    return f"{own} of {type(inner).__module__}.{type(inner).__qualname__}" if inner else own


def places(trace: TracebackType | None) -> list[str]:
    """Return file, line and function of each step, those of libraries by their last name."""
    return [
        f"{_short(Path(step.filename))}:{step.lineno} {step.name}"
        for step in traceback.extract_tb(trace)
    ]


def _short(path: Path) -> str:
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])


def _without_secrets(logger: object, method: str, event: Event) -> Event:
    """Blot out what looks like a mail address or a token, whoever wrote the line."""
    del logger, method
    for name, value in event.items():
        if isinstance(value, str) and name not in {"timestamp", "level", "logger"}:
            event[name] = scrubbed(value)
    return event


def scrubbed(text: str) -> str:
    """Return a text without mail addresses and tokens; ids stay."""
    return SECRET.sub(_blot, ADDRESS.sub("(address)", text))


def _blot(found: re.Match[str]) -> str:
    return found[0] if ID.fullmatch(found[0]) else "(hidden)"
