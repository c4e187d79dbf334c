"""What somebody gave as an answer: the plain form every rule here works on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it stands; `assurance` is 0.5 to 1.0 from its evidence, None = asserted."""

    options: frozenset[str] = frozenset()
    text: str = ""
    not_applicable: bool = False
    reason: str = ""
    evidence_count: int = 0
    assurance: float | None = None

    @property
    def is_blank(self) -> bool:
        """Whether neither an answer nor "does not apply" was given."""
        return not (self.not_applicable or self.says_something)

    @property
    def says_something(self) -> bool:
        """Whether an option, a text or a file was given."""
        return bool(self.options or self.text.strip() or self.evidence_count)


NOTHING = Given()
