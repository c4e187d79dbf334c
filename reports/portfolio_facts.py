"""The portfolio on paper: what one person may see, frozen, and so in no register."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from pydantic import TypeAdapter

FORMAT = "duly-portfolio-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """A tier, and how many of its vendors are in each band."""

    tier: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFacts:
    """Something past its date."""

    kind: str
    vendor: str
    tier: int | None
    what: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFacts:
    """Everything the summary says."""

    format: str = FORMAT
    organisation: str
    prepared_by: str
    as_of: datetime
    zone: str
    """In which its days are counted: ours."""
    vendors: int
    rated: int
    bands: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    findings: tuple[tuple[str, int], ...]
    late: tuple[LateFacts, ...]
    page_size: str = "a4"


def to_json(facts: PortfolioFacts) -> bytes:
    """Return the canonical bytes."""
    plain = asdict(facts) | {"as_of": f"{facts.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"}
    return json.dumps(
        plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=date.isoformat
    ).encode()


def from_json(content: bytes) -> PortfolioFacts:
    """Return the facts of canonical bytes. Raises ValueError when they are none."""
    return _adapter.validate_json(content)


_adapter = TypeAdapter(PortfolioFacts)
