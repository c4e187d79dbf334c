"""The lines of the demo: what vendors answer, what our use of them touches."""

from evidence.rules import EvidenceKind

STRONG: dict[str, tuple[str, str]] = {
    "enc_in_transit": ("yes", ""),
    "reg_countries": ("", "Pakistan only; nothing is stored elsewhere."),
    "pci_card_numbers": ("no", ""),
    "iam_second_factor": ("yes", ""),
    "net_updates": ("yes", ""),
    "aud_outside_view": ("within_year", ""),
    "trn_people": ("yes", ""),
    "inc_notice": ("within_day", ""),
    "tpr_other_companies": ("yes", ""),
}
WEAK: dict[str, tuple[str, str]] = {
    **STRONG,
    "iam_second_factor": ("no", ""),
    "net_updates": ("partial", ""),
    "aud_outside_view": ("never", ""),
    "inc_notice": ("no_rule", ""),
}
NO_DATA: dict[str, tuple[str, str]] = {
    **{code: said for code, said in STRONG.items() if code != "reg_countries"},
    "enc_in_transit": ("none_held", ""),
}
PROOF = (
    ("enc_in_transit", "Encryption standard", EvidenceKind.SOC2_TYPE2),
    ("iam_second_factor", "Access control report", EvidenceKind.SOC2_TYPE2),
    ("net_updates", "Patch report", EvidenceKind.SOC2_TYPE2),
    ("aud_outside_view", "Penetration test letter", EvidenceKind.PENTEST),
    ("inc_notice", "Incident plan", EvidenceKind.SOC2_TYPE2),
    ("pci_card_numbers", "Scope statement", EvidenceKind.SOC2_TYPE2),
    ("trn_people", "Training record", EvidenceKind.SOC2_TYPE2),
    ("tpr_other_companies", "Supplier list", EvidenceKind.SOC2_TYPE2),
)

HARMLESS = {
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
PAYROLL = HARMLESS | {
    "sees": ["people", "money"],
    "people": "hundreds",
    "without": "day",
    "replace": "weeks",
    "rules": ["sector"],
    "passes_on": "several",
}
MAILER = PAYROLL | {"sees": ["people"], "people": "millions", "without": "days"}
TESTER = HARMLESS | {"sees": ["business"], "enters": ["inside"], "cards": "near"}
CLOUD = PAYROLL | {
    "sees": ["people", "money", "passwords"],
    "people": "millions",
    "enters": ["run"],
    "without": "hours",
    "replace": "year",
    "rules": ["essential"],
    "where": "agreement",
}
