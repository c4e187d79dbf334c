"""The dossier: one vendor, whole, at one moment. Its canonical JSON is what a report is made of."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime

from pydantic import TypeAdapter

from reports.dossier_answers import AreaFacts, AssessmentFacts, ClarificationFacts
from reports.dossier_papers import (
    ClauseFacts,
    ContractFacts,
    CoverageFacts,
    EvidenceFacts,
    ExemptionFacts,
    LocationFacts,
    PciDutyFacts,
    ResponsibilityMatrixFacts,
    SubProcessorFacts,
)
from reports.dossier_parts import (
    ConditionFacts,
    DecisionFacts,
    FindingFacts,
    SecondSummaryFacts,
    ServiceFacts,
    StandingFacts,
    VendorFacts,
    VerdictFacts,
)
from reports.dossier_past import (
    AttestationFacts,
    ChangesFacts,
    CycleFacts,
    ReviewFacts,
    RuleFacts,
)

__all__ = [
    "FORMAT",
    "ClauseFacts",
    "Dossier",
    "from_json",
    "sha256_of",
    "to_json",
]

FORMAT = "duly-dossier-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything the report says, frozen; words are kept beside the values they name."""

    format: str = FORMAT
    reference: str
    """D-0001; empty in a draft."""
    number: int
    """Which report of this vendor it is; 0 in a draft."""
    organisation: str
    as_of: datetime
    prepared_by: str
    vendor: VendorFacts
    verdict: VerdictFacts
    standing: StandingFacts
    services: tuple[ServiceFacts, ...] = ()
    assessments: tuple[AssessmentFacts, ...] = ()
    findings: tuple[FindingFacts, ...] = ()
    conditions: tuple[ConditionFacts, ...] = ()
    exemptions: tuple[ExemptionFacts, ...] = ()
    contracts: tuple[ContractFacts, ...] = ()
    coverage: CoverageFacts = field(default_factory=CoverageFacts)
    evidence: tuple[EvidenceFacts, ...] = ()
    clarifications: tuple[ClarificationFacts, ...] = ()
    decision: DecisionFacts | None = None
    models: dict[str, str] = field(default_factory=dict)
    """The versions of our own rules the numbers rest on."""
    paper: str = "full"
    """Which paper it is for: everything, or what the board or the vendor gets."""
    classification: str = "Confidential"
    verify_at: str = ""
    """The address where anybody can ask whether the paper is genuine."""
    review: ReviewFacts | None = None
    last_cycle: CycleFacts | None = None
    changes: ChangesFacts | None = None
    """None: there was no report and no cycle before."""
    areas: tuple[AreaFacts, ...] = ()
    """The control areas over all scored assessments."""
    locations: tuple[LocationFacts, ...] = ()
    sub_processors: tuple[SubProcessorFacts, ...] = ()
    pci: tuple[PciDutyFacts, ...] = ()
    """Empty where no service touches account data."""
    matrix: ResponsibilityMatrixFacts | None = None
    """None where none is on record, or no service touches account data."""
    rules: tuple[RuleFacts, ...] = ()
    attestations: tuple[AttestationFacts, ...] | None = None
    """The last asking between reviews and, where that has no word yet, the last word. Empty where
    none was asked yet; None where nothing is told of it, as in a dossier of before."""
    zone: str = "UTC"
    """In which its days are counted: ours. That of a dossier of before is UTC."""
    page_size: str = "a4"
    """What its papers are printed on: a4 or letter."""
    second: SecondSummaryFacts | None = None
    """None where no second summary is wanted."""


def to_json(dossier: Dossier) -> bytes:
    """Return the canonical bytes: sorted keys, no spaces, UTF-8, moments in UTC with a Z."""
    return json.dumps(
        asdict(dossier),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
        default=_written,
    ).encode()


def from_json(content: bytes) -> Dossier:
    """Return the dossier of canonical bytes. Raises ValueError when they are no dossier."""
    return _adapter.validate_json(content)


def sha256_of(content: bytes) -> str:
    """Return the hash printed in the report, in hex."""
    return hashlib.sha256(content).hexdigest()


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A dossier holds no {type(value).__name__}.")


_adapter = TypeAdapter(Dossier)
