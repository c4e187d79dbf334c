"""The parts of a dossier about papers: contracts, clauses, evidence, companies behind."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.dossier_parts import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionFacts:
    """A waiver, an accepted risk or an override, with its end."""

    kind: Word
    reason: str
    owner: str
    ends_on: date
    frozen_rating: str
    approver: str = ""
    compensating_control: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFacts:
    """A required clause: what must stand there, what does, and whether that is enough."""

    code: str
    title: str
    status: Word
    is_settled: bool
    required: str = ""
    found: str = ""
    page: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """A contract and its clauses."""

    reference: str
    title: str
    state: Word
    starts_on: date | None = None
    ends_on: date | None = None
    notice_deadline_on: date | None = None
    notice_given_on: date | None = None
    leaves_on: date | None = None
    """The last day of one that still runs, once notice was given."""
    clauses: tuple[ClauseFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFacts:
    """How many required clauses stand, are waived, or are still open."""

    required: int = 0
    met: int = 0
    waived: int = 0
    open: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFacts:
    """A file on record; the hash is of its plain bytes."""

    reference: str
    title: str
    kind: Word
    original_name: str
    size: int
    sha256: str
    scan: Word
    uploaded_at: datetime
    uploaded_by: str
    is_over: bool = False
    issued_on: date | None = None
    valid_until: date | None = None
    times_cited: int = 0
    is_internal: bool = False
    """Put on record by us and not shown to the vendor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationFacts:
    """Countries a vendor is in, or serves us from."""

    kind: Word
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubProcessorFacts:
    """A company the vendor uses for us, as far as everybody of ours may know of it."""

    name: str
    rank: int
    countries: tuple[str, ...] = ()
    purpose: str = ""
    reference: str = ""
    """Of the same company in our own inventory."""
    shared_with: int = 0
    """How many other vendors of ours lean on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PciDutyFacts:
    """One duty of ours towards a provider under PCI DSS 12.8, and what is on record for it."""

    requirement: str
    duty: str
    status: Word
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityFacts:
    """Who meets one requirement of PCI DSS, in a name of ours."""

    number: str
    name: str
    share: Word
    note: str = ""
    is_rest: bool = False
    """Parts of it stand apart; this is about everything else in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityMatrixFacts:
    """The matrix agreed with the vendor (PCI DSS 12.8.5), and what is missing in it."""

    status: Word
    agreed_on: date | None
    valid_until: date | None
    changed_at: datetime
    changed_by: str
    lines: tuple[ResponsibilityFacts, ...]
    gaps: tuple[str, ...] = ()
