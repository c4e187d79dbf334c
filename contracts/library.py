"""The clause catalogue: loads and checks the YAML, and picks what a contract needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from contracts.rules import Circumstances, Direction, Parameter, ParameterKind, RequiredClause

CATALOGUE = Path(__file__).parent / "library" / "clauses.yaml"
AREAS = frozenset(["ENC", "NET", "REG", "PCI", "TOK", "IAM", "AUD", "TRN", "INC", "TPR"])
_KEYS = frozenset(["id", "title", "says", "area", "applies", "refs", "gate", "parameter", "wants"])

_MAY_BE_ABSENT = frozenset(["gate", "parameter", "wants"])


def _class(facts: Circumstances) -> int:
    return 4 if facts.data_class is None else facts.data_class


_CONDITIONS: Mapping[str, Callable[[Circumstances], bool]] = {
    "all": lambda _: True,
    "pci": lambda c: c.is_pci,
    "account_data": lambda c: c.has_account_data,
    "cde": lambda c: c.affects_cde,
    "pii": lambda c: c.has_pii,
    "phi": lambda c: c.has_phi,
    "cross_border": lambda c: c.is_cross_border,
    "ict": lambda c: c.is_ict,
    "cif": lambda c: c.is_critical_function,
    "pakistan_re": lambda c: c.is_pakistan_regulated,
}
_BECAUSE = {
    "all": "every contract needs it",
    "pci": "it touches card data or our card environment",
    "account_data": "card numbers pass through it",
    "cde": "it can affect our card environment",
    "pii": "it touches personal data",
    "phi": "it touches health data",
    "cross_border": "it works in another country",
    "ict": "it is an IT service",
    "cif": "a critical or important function depends on it",
    "pakistan_re": "the State Bank of Pakistan supervises us",
}
_BECAUSE_LIMIT = {
    "class_at_least": {
        2: "it sees confidential data",
        3: "it sees personal or financial data",
    },
    "tier_at_most": {1: "it is tier 1", 2: "it is tier 1 or 2", 3: "it is not tier 4"},
}
_LIMITS: Mapping[str, Callable[[Circumstances, int], bool]] = {
    "class_at_least": lambda c, least: _class(c) >= least,
    "tier_at_most": lambda c, most: c.tier <= most,
}


@dataclass(frozen=True)
class CatalogueClause:
    """A clause of the catalogue: it applies when one of its alternatives holds as a whole."""

    clause: RequiredClause
    tier_1: Decimal | None
    alternatives: tuple[Mapping[str, Any], ...]

    def applies(self, facts: Circumstances) -> bool:
        """Say whether a contract in these circumstances needs the clause."""
        return any(
            all(_holds(key, value, facts) for key, value in entry.items())
            for entry in self.alternatives
        )

    def why(self, facts: Circumstances) -> str:
        """Return why a contract in these circumstances needs the clause."""
        holding = (
            entry
            for entry in self.alternatives
            if all(_holds(key, value, facts) for key, value in entry.items())
        )
        reasons = [_because(key, value) for key, value in next(holding, {}).items()]
        return f"Needed because {' and '.join(reasons)}." if reasons else ""

    def for_tier(self, tier: int) -> RequiredClause:
        """Return the clause with the value this tier must have."""
        clause, parameter = self.clause, self.clause.parameter
        if tier > 1 or self.tier_1 is None:
            return clause
        strict = Parameter(parameter.kind, self.tier_1, parameter.direction, parameter.text)
        return RequiredClause(**{**vars(clause), "parameter": strict})


@dataclass(frozen=True)
class Catalogue:
    version: str
    clauses: tuple[CatalogueClause, ...]


@dataclass(frozen=True)
class Requirement:
    """A clause one contract needs, and why it needs it."""

    clause: RequiredClause
    why: str


class CatalogueError(ValueError):
    """The catalogue is wrong; the sentence names the clause."""


def requirements(facts: Circumstances) -> tuple[Requirement, ...]:
    """Return the clauses a contract needs in these circumstances, each with its reason."""
    return tuple(
        Requirement(entry.for_tier(facts.tier), entry.why(facts))
        for entry in catalogue().clauses
        if entry.applies(facts)
    )


def find_clause(clause_id: str) -> RequiredClause | None:
    """Find a clause of the catalogue by its id."""
    return next((c.clause for c in catalogue().clauses if c.clause.id == clause_id), None)


@cache
def catalogue() -> Catalogue:
    """Return the shipped catalogue, checked."""
    return load(CATALOGUE.read_text(encoding="utf-8"))


def load(text: str) -> Catalogue:
    """Read and check a catalogue."""
    raw = yaml.safe_load(text)
    clauses = tuple(_clause(entry) for entry in raw["clauses"])
    seen: set[str] = set()
    for entry in clauses:
        if entry.clause.id in seen:
            raise CatalogueError(f"The clause {entry.clause.id} is there twice.")
        seen.add(entry.clause.id)
    return Catalogue(str(raw["version"]), clauses)


def _clause(entry: Mapping[str, Any]) -> CatalogueClause:
    name = str(entry.get("id", "without an id"))
    wrong = [*(set(entry) - _KEYS), *(_KEYS - _MAY_BE_ABSENT - set(entry))]
    if wrong:
        raise CatalogueError(f"Clause {name}: unknown or missing keys: {', '.join(sorted(wrong))}.")
    if entry["area"] not in AREAS:
        raise CatalogueError(f"Clause {name}: there is no area {entry['area']}.")
    for alternative in entry["applies"]:
        strange = set(alternative) - set(_CONDITIONS) - set(_LIMITS)
        if strange or not alternative:
            raise CatalogueError(f"Clause {name}: unknown condition {', '.join(sorted(strange))}.")
    parameter = entry.get("parameter", {"kind": "present"})
    return CatalogueClause(
        RequiredClause(
            id=name,
            title=entry["title"],
            says=entry["says"],
            refs=tuple(entry["refs"]),
            area=entry["area"],
            gate=entry.get("gate"),
            parameter=_parameter(parameter),
            wants=_wants(entry),
        ),
        _amount(parameter.get("tier_1")),
        tuple(entry["applies"]),
    )


def _wants(entry: Mapping[str, Any]) -> str:
    words = str(entry.get("wants", ""))
    is_counted = "value" in entry.get("parameter", {})
    if words and ("{amount}" in words) is not is_counted:
        raise CatalogueError(f"Clause {entry['id']}: wants must name its amount, if it has one.")
    return words


def _parameter(raw: Mapping[str, Any]) -> Parameter:
    return Parameter(
        kind=ParameterKind(raw["kind"]),
        amount=_amount(raw.get("value")),
        direction=Direction(raw.get("direction", "max")),
        text=raw.get("text", ""),
    )


def _amount(value: str | int | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _holds(key: str, value: bool | int, facts: Circumstances) -> bool:
    if key in _LIMITS:
        return _LIMITS[key](facts, value)
    return _CONDITIONS[key](facts) is value


def _because(key: str, value: bool | int) -> str:
    if key in _BECAUSE_LIMIT:
        return _BECAUSE_LIMIT[key].get(int(value), f"it is within {value}")
    return _BECAUSE[key]
