"""The questions of the intake as data, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vendors.tier_model import Factor, Flag

NOT_KNOWN_YET = "unknown"
Effects = Mapping[Factor | Flag, int]


@dataclass(frozen=True)
class IntakeQuestion:
    """One question; `maps_to` names what stays unknown until it is answered."""

    key: str
    text: str
    hint: str
    options: tuple[tuple[str, str], ...]
    maps_to: tuple[Factor | Flag, ...]
    is_multiple: bool = False
    """Several answers may be ticked; the first says that there is nothing to tick."""
    effects: Mapping[str, Effects] = field(default_factory=dict)

    @property
    def alone(self) -> tuple[str, ...]:
        """The answers that no other may stand beside: "nothing" and "not known yet"."""
        return (self.options[0][0], NOT_KNOWN_YET) if self.is_multiple else ()

    def effects_of(self, value: str) -> Mapping[Factor | Flag, int | None]:
        """Return what an option means for factors (0 to 4) and flags (0 or 1)."""
        if value == NOT_KNOWN_YET:
            return dict.fromkeys(self.maps_to)
        return dict(self.effects[value])


Option = tuple[str, str, Effects]


def _ask(
    key: str, text: str, hint: str, *options: Option, is_multiple: bool = False
) -> IntakeQuestion:
    return IntakeQuestion(
        key=key,
        text=text,
        hint=hint,
        options=(*((v, t) for v, t, _ in options), (NOT_KNOWN_YET, "Not known yet")),
        maps_to=tuple(options[0][2]),
        is_multiple=is_multiple,
        effects={value: effects for value, _, effects in options},
    )


def _ladder(factor: Factor, *rungs: tuple[str, str]) -> tuple[Option, ...]:
    return tuple((value, text, {factor: level}) for level, (value, text) in enumerate(rungs))


_SEES = Factor.DATA_CLASS
_IN = Factor.ACCESS
_RULES = Factor.REGULATORY
_ONWARD = Factor.SUBCONTRACTING

INTAKE: tuple[IntakeQuestion, ...] = (
    _ask(
        "sees",
        "What will they see or keep of ours?",
        "Tick everything that applies, even if they only see it now and then.",
        ("nothing", "Nothing of ours", {_SEES: 0}),
        ("internal", "Everyday papers, such as schedules or internal notes", {_SEES: 1}),
        ("business", "Papers we would not want to see in public: prices, plans", {_SEES: 2}),
        ("people", "People's names, addresses, phone numbers or CNIC numbers", {_SEES: 3}),
        ("money", "Salaries, bank accounts or payments of people", {_SEES: 3}),
        ("cards", "Card numbers", {_SEES: 4, Flag.ACCOUNT_DATA: 1}),
        ("passwords", "Passwords or keys to our systems", {_SEES: 4}),
        ("body", "Fingerprints, faces or voices", {_SEES: 4}),
        ("health", "Anything about people's health", {_SEES: 4}),
        is_multiple=True,
    ),
    _ask(
        "people",
        "About how many people is that about?",
        "Customers and staff together. A rough guess is fine.",
        *_ladder(
            Factor.DATA_VOLUME,
            ("none", "Nobody"),
            ("hundreds", "Fewer than 1,000"),
            ("thousands", "1,000 to 100,000"),
            ("many", "100,000 to 1 million"),
            ("millions", "More than 1 million"),
        ),
    ),
    _ask(
        "enters",
        "How do they get into our systems?",
        "Tick everything that applies.",
        ("not", "They do not", {_IN: 0}),
        ("visit", "We sign in to theirs; they never come into ours", {_IN: 1}),
        ("connect", "Their system talks to ours, or they use our test systems", {_IN: 2}),
        ("inside", "They come into our network, or look into live systems", {_IN: 3}),
        ("run", "They can change or run our live systems", {_IN: 4}),
        is_multiple=True,
    ),
    _ask(
        "without",
        "How long can we do without them?",
        "Think of the day they stop without warning.",
        *_ladder(
            Factor.CRITICALITY,
            ("weeks", "More than five days"),
            ("days", "Up to five days"),
            ("day", "Up to a day"),
            ("workday", "Up to eight hours"),
            ("hours", "Four hours or less"),
        ),
    ),
    _ask(
        "replace",
        "How hard would it be to use somebody else?",
        "Think of the time, the money and who else offers this.",
        *_ladder(
            Factor.SUBSTITUTABILITY,
            ("shop", "Easy: many offer the same"),
            ("weeks", "A few weeks of work"),
            ("months", "Some months of work"),
            ("year", "Very hard: a project of a year or so"),
            ("never", "There is nobody else"),
        ),
    ),
    _ask(
        "rules",
        "Which rules does this work fall under?",
        "Tick everything that applies. The compliance team can help.",
        ("none", "No particular rules", {_RULES: 0, Flag.CRITICAL_FUNCTION: 0}),
        ("law", "General law, such as data protection", {_RULES: 1}),
        ("sector", "Rules of our own trade, such as the State Bank's", {_RULES: 2}),
        (
            "several",
            "Rules of several authorities, or of the card companies",
            {_RULES: 3},
        ),
        (
            "essential",
            "A regulator must approve it, or calls it critical, important or material",
            {_RULES: 4, Flag.CRITICAL_FUNCTION: 1},
        ),
        is_multiple=True,
    ),
    _ask(
        "where",
        "Where will they work and keep what we give them?",
        "Choose the farthest place.",
        *_ladder(
            Factor.LOCATION,
            ("home", "In our own country"),
            ("similar", "In a country that protects data as ours does"),
            ("agreement", "In a country where an extra agreement is needed"),
            ("risky", "In a country our risk team calls high-risk"),
            ("forbidden", "Where this data may not go by law"),
        ),
    ),
    _ask(
        "passes_on",
        "Do they pass any of it on to other companies?",
        "For example a data centre, a call centre or freelancers.",
        ("no", "No", {_ONWARD: 0}),
        ("one", "Yes, to one company they named", {_ONWARD: 1}),
        ("several", "Yes, to several they named", {_ONWARD: 2}),
        (
            "essential",
            "Yes, and they could not work without it",
            {_ONWARD: 3},
        ),
    ),
    _ask(
        "cards",
        "Do card payments come into it?",
        "Credit and debit cards of our customers.",
        ("no", "No", {Flag.ACCOUNT_DATA: 0, Flag.CDE: 0}),
        (
            "near",
            "They see no card numbers, but a mistake of theirs could reach our card systems",
            {Flag.ACCOUNT_DATA: 0, Flag.CDE: 1},
        ),
        (
            "through",
            "Yes, card numbers pass through their hands or systems",
            {Flag.ACCOUNT_DATA: 1, Flag.CDE: 1, _SEES: 4},
        ),
    ),
)
