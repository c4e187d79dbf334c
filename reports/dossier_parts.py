"""The parts of a dossier about the vendor, its risk, its papers and what was decided."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a closed list, the words people read for it, and its tone."""

    value: str
    text: str
    tone: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """A person of the vendor; addresses stay out of the report."""

    name: str
    role: Word
    job_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFacts:
    """Who the vendor is."""

    reference: str
    name: str
    state: Word
    owner: str
    legal_name: str = ""
    website: str = ""
    country: str = ""
    category: str = ""
    purpose: str = ""
    tier: int | None = None
    is_tier_provisional: bool = True
    computed_tier: int | None = None
    """Differs from the tier where that was set by hand."""
    registered_at: datetime | None = None
    next_review_on: date | None = None
    contacts: tuple[ContactFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFacts:
    """The recommendation in one line, and why."""

    text: str
    tone: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSummaryFacts:
    """The recommendation once more in another language; what people wrote is not translated."""

    language: str
    """As pages name it: ur."""
    verdict: str
    band: str = ""
    reasons: tuple[str, ...] = ()
    """Those in sentences of ours; the note of the decision stands before them as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFacts:
    """One factor of the inherent risk; `value` is None where it is not known yet."""

    name: str
    meaning: str
    weight: int
    points: float
    value: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFacts:
    """A service and why it is in its tier."""

    name: str
    pci_scope: Word
    description: str = ""
    score: float | None = None
    tier: int | None = None
    is_provisional: bool = True
    computed_tier: int | None = None
    floors: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    factors: tuple[FactorFacts, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    location: str = ""
    """Where it works, as far as we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFacts:
    """A gate and how it stands."""

    code: str
    title: str
    status: Word
    sentence: str
    reason: str = ""
    """Why it does not concern the vendor, where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFacts:
    """The numbers of today; shares are 0 to 1, risks 0 to 100, None is not assessed yet."""

    tier: int | None = None
    inherent: float | None = None
    claimed: float | None = None
    evidenced: float | None = None
    residual: float | None = None
    band: Word | None = None
    gates: tuple[GateFacts, ...] = ()
    blockers: tuple[str, ...] = ()
    at_stake: float | None = None
    """The inherent score, or the least of the tier's band where that is more."""
    claimed_residual: float | None = None
    """What the claims alone would leave."""
    assurance_gap: float | None = None
    """Points of remaining risk that only missing proof accounts for."""
    bar: float | None = None
    """The evidenced share from which the remaining risk is no longer high; None: from nought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFacts:
    """Something to be mended or accepted."""

    reference: str
    title: str
    severity: Word
    state: Word
    owner: str
    raised_at: datetime
    is_overdue: bool = False
    description: str = ""
    question: str = ""
    assessment: str = ""
    """The reference of the assessment the question belongs to."""
    raised_by: str = ""
    due_on: date | None = None
    accepted_until: date | None = None
    closed_at: datetime | None = None
    closing_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacts:
    """Something the approval depends on."""

    text: str
    owner: str
    due_on: date
    met_at: datetime | None = None
    met_by: str = ""
    met_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """A signature under the decision."""

    name: str
    role: Word
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """What was decided, with the numbers it rested on frozen."""

    outcome: Word
    is_final: bool
    note: str
    proposed_by: str
    proposed_at: datetime
    tier: int
    inherent: float
    claimed: float | None = None
    evidenced: float | None = None
    residual: float | None = None
    band: Word | None = None
    decided_at: datetime | None = None
    valid_until: date | None = None
    next_review_on: date | None = None
    signatures: tuple[SignatureFacts, ...] = ()
    missing: tuple[str, ...] = ()
