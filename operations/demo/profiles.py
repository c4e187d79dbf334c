"""How a vendor of the demo answers: a habit, and the questions where it answers otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from evidence.rules import EvidenceKind
from questionnaires.answer_commands import RawAnswer
from questionnaires.nodes import Area, Option, Question, WeightClass

NONE: Mapping[str, str] = MappingProxyType({})

WORDS: Mapping[Area, str] = {
    Area.ENC: "TLS 1.3 outside, AES-256 at rest; two people open the key vault together.",
    Area.NET: "Three zones with a firewall between them; rules are reviewed every six months.",
    Area.REG: "Pakistan only; nothing is stored elsewhere.",
    Area.PCI: "The service is listed in section 2 of the attestation we enclose.",
    Area.TOK: "Tokens are random; the table behind them stays in one vault.",
    Area.IAM: "Named accounts only, a second factor everywhere, looked through each quarter.",
    Area.AUD: "Once a year by an outside firm; the summary is enclosed.",
    Area.TRN: "On joining and once a year; 98 of 100 finished the last course.",
    Area.INC: "Our security desk answers day and night: +92 21 555 0100.",
    Area.TPR: "Two: our data centre in Karachi and a support desk in Lahore.",
}
"""What they write where a question asks for words."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A vendor's way of answering.

    `weak_every` 7 means a weaker answer at every seventh question that feeds no gate.
    """

    weak_every: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question code to the option chosen instead, or to the words written instead."""
    files: tuple[tuple[str, EvidenceKind], ...] = ()
    """Title and kind of each file they bring."""
    cites: frozenset[WeightClass] = frozenset({WeightClass.CRITICAL})
    """Which questions they back with a file where they have one that fits."""

    def answer_to(self, question: Question, number: int) -> RawAnswer:
        """Return what they say to a question, the `number`th they meet."""
        chosen = self.answers.get(question.code)
        if not question.options:
            words = chosen or WORDS.get(question.area or Area.TPR, "")
            return RawAnswer(code=question.code, text=words)
        known = {option.code for option in question.options}
        if chosen in known:
            return RawAnswer(code=question.code, options=(chosen,))
        is_weak = self.weak_every > 0 and number % self.weak_every == 0 and not question.gate
        return RawAnswer(code=question.code, options=(_pick(question.options, is_weak=is_weak),))

    def file_for(self, question: Question) -> int | None:
        """Return which of their files proves this answer, or None."""
        if question.weight_class not in self.cites and not question.gate:
            return None
        fitting = [n for n, (_, kind) in enumerate(self.files) if kind in question.evidence_kinds]
        return fitting[0] if fitting else None


def _pick(options: tuple[Option, ...], *, is_weak: bool) -> str:
    """Return the best option, or the one below the best."""
    ranked = sorted(options, key=lambda option: -(option.value or 0.0))
    best = ranked[0].value or 0.0
    if is_weak:
        below = [option for option in ranked if (option.value or 0.0) < best]
        return (below or ranked)[0].code
    return ranked[0].code


REPORT = ("SOC 2 report, type II", EvidenceKind.SOC2_TYPE2)
ATTESTATION = ("Attestation of compliance", EvidenceKind.PCI_AOC)
MATRIX = ("Responsibility matrix", EvidenceKind.PCI_MATRIX)
PENTEST = ("Penetration test letter", EvidenceKind.PENTEST)
RESTORED = ("Record of the restore test", EvidenceKind.RESTORE_TEST)
CERTIFICATE = ("ISO 27001 certificate", EvidenceKind.ISO27001)
SCAN = ("External scan of the last quarter", EvidenceKind.ASV_SCAN)
POLICIES = ("Information security policy", EvidenceKind.POLICY)
INSURED = ("Cyber insurance certificate", EvidenceKind.INSURANCE)

NO_CARDS = {"pci_card_numbers": "no"}
YES_CARDS = {"pci_card_numbers": "yes_attested"}
SCORED = frozenset(WeightClass)
BIG = (REPORT, PENTEST, RESTORED, CERTIFICATE, POLICIES, INSURED)

STRONG = Profile(weak_every=23, answers=NO_CARDS, files=BIG, cites=SCORED)
SOLID = Profile(weak_every=9, answers=NO_CARDS, files=(CERTIFICATE, PENTEST, RESTORED, POLICIES))
CARD_HANDLER = Profile(
    weak_every=31, answers=YES_CARDS, files=(*BIG, ATTESTATION, MATRIX, SCAN), cites=SCORED
)
CARDS_NEAR = Profile(weak_every=9, answers=YES_CARDS, files=(*SOLID.files, ATTESTATION))
MIDDLING = Profile(weak_every=4, answers=NO_CARDS, files=(POLICIES,))
WEAK = Profile(
    weak_every=2,
    answers={
        **NO_CARDS,
        "iam_second_factor": "no",
        "iam_remote_second_factor": "no",
        "inc_notice": "no_rule",
        "inc_response_plan": "no_plan",
        "inc_restore_test": "never",
        "tpr_list_given": "no",
    },
)
HOLDS_NOTHING = Profile(answers={**NO_CARDS, "enc_in_transit": "none_held"}, files=(REPORT,))
