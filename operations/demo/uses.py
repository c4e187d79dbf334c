"""What our use of a vendor touches, as the intake is answered."""

from collections.abc import Mapping, Sequence

Use = Mapping[str, str | Sequence[str]]

HARMLESS: Use = {
    "sees": ["nothing"],
    "people": "none",
    "enters": ["not"],
    "without": "weeks",
    "replace": "shop",
    "rules": ["none"],
    "where": "home",
    "passes_on": "no",
    "cards": "no",
}
OFFICE: Use = {**HARMLESS, "sees": ["internal"], "without": "days"}
PAYROLL: Use = {
    **HARMLESS,
    "sees": ["people", "money"],
    "people": "hundreds",
    "without": "day",
    "replace": "weeks",
    "rules": ["sector"],
    "passes_on": "several",
}
COURIER: Use = {
    **HARMLESS,
    "sees": ["people"],
    "people": "many",
    "without": "day",
    "replace": "weeks",
    "rules": ["law"],
    "passes_on": "one",
}
MAILER: Use = {**PAYROLL, "sees": ["people"], "people": "millions", "without": "days"}
MESSAGES: Use = {
    **MAILER,
    "enters": ["connect"],
    "without": "hours",
    "replace": "months",
    "rules": ["sector"],
}
TESTER: Use = {**HARMLESS, "sees": ["business"], "enters": ["inside"], "cards": "near"}
TERMINALS: Use = {
    **COURIER,
    "sees": ["business"],
    "people": "thousands",
    "enters": ["connect"],
    "without": "workday",
    "replace": "months",
    "rules": ["several"],
    "cards": "near",
}
WATCHERS: Use = {
    **TESTER,
    "sees": ["business", "people"],
    "people": "thousands",
    "without": "workday",
    "replace": "months",
    "rules": ["sector"],
    "cards": "no",
}
CLOUD: Use = {
    **PAYROLL,
    "sees": ["people", "money", "passwords"],
    "people": "millions",
    "enters": ["run"],
    "without": "hours",
    "replace": "year",
    "rules": ["essential"],
    "where": "agreement",
}
CARDS: Use = {
    **CLOUD,
    "sees": ["people", "money"],
    "enters": ["connect"],
    "replace": "months",
    "rules": ["several"],
    "where": "home",
    "cards": "through",
}
BIOMETRICS: Use = {
    **CLOUD,
    "sees": ["body", "people"],
    "enters": ["connect"],
    "rules": ["several"],
}
