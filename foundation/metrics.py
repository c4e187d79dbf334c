"""Counts and times of requests, by endpoint: no id, no name, nothing anybody wrote."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Counts:
    """The counters of this process; in a shared folder, those of all processes of the server."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin at nothing."""
        self.folder = folder
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "duly_requests",
            "Requests answered.",
            ("method", "endpoint", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "duly_request_seconds",
            "Time until an answer began.",
            ("endpoint",),
            buckets=SECONDS,
            registry=self.registry,
        )

    def note(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self.requests.labels(method, endpoint, str(status)).inc()
        self.seconds.labels(endpoint).observe(seconds)

    def collected(self) -> CollectorRegistry:
        """Return a registry of what was counted, over all processes where they share a folder."""
        if self.folder is None:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self.folder))  # type: ignore[no-untyped-call]
        return together


_current: list[Counts] = []


def current() -> Counts:
    """Return the counters of the process."""
    if not _current:
        _current.append(Counts())
    return _current[0]


def share(folder: Path) -> None:
    """Count in a folder from now on, together with the processes that are forked later."""
    # The library asks the environment where to count, and decides at its import how.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    _current[:] = [Counts(folder)]
