"""A whole dossier by hand: Acme Payments, with everything a report can show."""

from datetime import UTC, date, datetime

from reports.dossier import Dossier
from reports.dossier_answers import (
    AnswerFacts,
    AreaFacts,
    AssessmentFacts,
    CitedFacts,
    ClarificationFacts,
    HiddenFacts,
    LeftOutFacts,
    LineFacts,
    ScoreFacts,
    SectionFacts,
)
from reports.dossier_papers import (
    ClauseFacts,
    ContractFacts,
    CoverageFacts,
    EvidenceFacts,
    ExemptionFacts,
    LocationFacts,
    PciDutyFacts,
    ResponsibilityFacts,
    ResponsibilityMatrixFacts,
    SubProcessorFacts,
)
from reports.dossier_parts import (
    ConditionFacts,
    ContactFacts,
    DecisionFacts,
    FactorFacts,
    FindingFacts,
    GateFacts,
    ServiceFacts,
    SignatureFacts,
    StandingFacts,
    VendorFacts,
    VerdictFacts,
    Word,
)
from reports.dossier_past import (
    AttestationFacts,
    ChangeFacts,
    ChangesFacts,
    CycleFacts,
    EffectFacts,
    NumberFacts,
    PersonFacts,
    ReviewFacts,
    RuleFacts,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
URDU = "ہم اپنے صارفین کا ڈیٹا خفیہ رکھتے ہیں اور چابیاں ہر سال بدلتے ہیں۔"
NASTY = "Line one\x00\x07\nLine two \u202egnp.exe 中文 🙂 <script>alert(1)</script>"
LONG = "supercalifragilistic" * 30

MODERATE = Word("moderate", "Moderate", "warn")
AREAS = (
    ("Encryption", 0.92, 0.78, 0.60),
    ("Network security", 0.85, 0.61, 0.35),
    ("Regulation and privacy", 0.75, 0.49, 0.20),
    ("PCI DSS", 0.90, 0.80, 0.75),
    ("Tokenisation and keys", 0.60, 0.33, 0.10),
    ("Identity and access", 0.95, 0.70, 0.40),
    ("Logging and audit", 0.80, 0.52, 0.25),
    ("Training", 1.00, 0.50, 0.00),
    ("Incidents and continuity", 0.70, 0.45, 0.20),
    ("Third parties", 0.55, 0.28, 0.00),
)


def _area(name: str, claimed: float, evidenced: float, coverage: float) -> AreaFacts:
    return AreaFacts(
        name=name,
        claimed=claimed,
        evidenced=evidenced,
        coverage=coverage,
        weight=60,
        claimed_points=claimed * 60,
        evidenced_points=evidenced * 60,
        questions=6,
    )


def _lines() -> tuple[LineFacts, ...]:
    return tuple(
        LineFacts(
            code=f"{name[:3].upper()}-{n:02}",
            area=name,
            weight=10,
            value=1.0,
            assurance=0.85,
            claimed_points=10.0,
            evidenced_points=8.5,
            outcome=Word("counted", "Counted", "none"),
        )
        for name, *_ in AREAS
        for n in range(1, 7)
    )


def _answers(name: str) -> tuple[AnswerFacts, ...]:
    return tuple(
        AnswerFacts(
            code=f"{name[:3].upper()}-{n:02}",
            question=f"Is control {n} of {name.lower()} in place for the service you provide to us, "
            "and is it checked at least once a year?",
            answer=("Yes", "Partly", "No")[n % 3],
            text=("At least annually; see section 4.2 of the attached report.", "", URDU)[n % 3],
            by="Vania Petrova",
            at=AT,
            cited=(CitedFacts(reference="E-0001", page="14"),) if n % 2 else (),
            references=("GDPR 32", "PCI DSS 12.8.4") if n < 3 else (),
            verdict=Word("accepted", "Accepted", "ok") if n % 2 else None,
            judged_by="Rabia Siddiqui" if n % 2 else "",
            judged_at=AT if n % 2 else None,
            judged_note="Read page 14." if n == 1 else "",
        )
        for n in range(1, 7)
    )


def _assessment() -> AssessmentFacts:
    hard = (
        AnswerFacts(code="X-1", question="Describe your incidents.", text=NASTY, by="Vania", at=AT),
        AnswerFacts(code="X-2", question="Anything else?", text=LONG + "\n\n" + "Words. " * 400),
        AnswerFacts(code="X-3", question="Is there more?", is_required=False),
        AnswerFacts(code="X-4", question="HSM?", is_not_applicable=True, reason="We hold no keys."),
    )
    areas = tuple(_area(*row) for row in AREAS)
    return AssessmentFacts(
        reference="A-0107",
        title="Payment provider security",
        version=3,
        questionnaire_sha256="7d" * 32,
        state=Word("accepted", "Accepted", "ok"),
        round=2,
        contact="Vania Petrova",
        sent_at=AT,
        due_on=date(2026, 3, 20),
        submitted_at=AT,
        n_visible=64,
        n_answered=62,
        n_hidden=12,
        left_out=(
            LeftOutFacts(
                reason="At sending the intake said: no card data comes into it.",
                codes=("pci_card_numbers", "tok_replacement"),
                questions=(
                    "Do payment card numbers of our customers reach your systems?",
                    "What do your systems store in place of a full card number?",
                ),
            ),
        ),
        added_since=(
            LeftOutFacts(
                reason="The intake now says: a critical function depends on it.",
                codes=("inc_exit_plan",),
                questions=("Is it agreed in writing how we could leave your service?",),
            ),
        ),
        hidden=(
            HiddenFacts(
                question="Who holds the spare keys?", asked_when="“Do you hold keys?” is “Yes”"
            ),
        ),
        score=ScoreFacts(
            total=_area("All areas", 0.802, 0.546, 0.285),
            areas=areas,
            lines=_lines(),
            formula="score-1",
        ),
        sections=(
            *(SectionFacts(title=name, answers=_answers(name)) for name, *_ in AREAS),
            SectionFacts(title="In your own words", answers=hard),
        ),
    )


def _unscored() -> AssessmentFacts:
    return AssessmentFacts(
        reference="A-0108",
        title="Short physical security questionnaire",
        version=1,
        questionnaire_sha256="8e" * 32,
        state=Word("answering", "Being answered", "info"),
        round=1,
        contact="Vania Petrova",
        sent_at=AT,
        due_on=date(2026, 3, 20),
        n_visible=10,
        n_answered=4,
    )


def _service() -> ServiceFacts:
    names = (
        "Most sensitive data",
        "Number of people",
        "Access to our systems",
        "How soon we miss it",
    )
    return ServiceFacts(
        name="Card acquiring",
        description="Accepts card payments in our shops and online.",
        pci_scope=Word("shares_account_data", "Card data is shared with it", "bad"),
        score=74.5,
        tier=1,
        is_provisional=True,
        floors=("Card account data is stored, processed or passed on: at least tier 1.",),
        reasons=("It sees account data, credentials, biometrics or health data (22.0 points).",),
        factors=tuple(
            FactorFacts(
                name=name, meaning="It administers live systems", weight=22, points=18.6, value=v
            )
            for name, v in zip(names, (4, None, 3, 2), strict=True)
        ),
        flags=(("Card account data", "yes"), ("Reaches our card systems", "not known")),
    )


def _contract() -> ContractFacts:
    rows = (
        ("DP-0", "Data processing agreement", "present", "Present", "ok", "", "Annex 2", ""),
        (
            "DP-j",
            "Breach notice",
            "partial",
            "Partly there",
            "warn",
            "24 hours or less",
            "72 hours",
            "72 hours is longer than 24 hours.",
        ),
        (
            "PCI-1",
            "PCI responsibility",
            "missing",
            "Missing",
            "bad",
            "",
            "",
            "The contract does not have it.",
        ),
        (
            "CIF-5",
            "Right to audit",
            "waived",
            "Waived",
            "info",
            "",
            "",
            "Waived until 1 June 2026.",
        ),
    )
    return ContractFacts(
        reference="C-0012",
        title="Master services agreement",
        state=Word("draft", "Draft", "none"),
        starts_on=date(2026, 4, 1),
        ends_on=date(2029, 3, 31),
        notice_deadline_on=date(2028, 12, 31),
        clauses=tuple(
            ClauseFacts(
                code=code,
                title=title,
                status=Word(value, text, tone),
                is_settled=tone in {"ok", "info"},
                required=required,
                found=found,
                page="7" if found else "",
                sentence=sentence,
            )
            for code, title, value, text, tone, required, found, sentence in rows
        ),
    )


def _evidence() -> tuple[EvidenceFacts, ...]:
    return tuple(
        EvidenceFacts(
            reference=f"E-{n:04}",
            title=title,
            kind=Word("soc2_type2", "SOC 2 type 2 report"),
            original_name=f"{title.lower().replace(' ', '-')}.pdf",
            size=1_480_000 * n,
            sha256=f"{n:02x}" * 32,
            scan=Word("clean", "no malware found", "ok"),
            uploaded_at=AT,
            uploaded_by="Vania Petrova",
            is_over=n == 2,
            issued_on=date(2025, 6, 1),
            valid_until=date(2026, 6, 1) if n != 2 else date(2026, 1, 1),
            times_cited=n * 3,
        )
        for n, title in enumerate(
            ("SOC 2 report 2025", "Penetration test 2024", "PCI attestation"), 1
        )
    )


def _decision() -> DecisionFacts:
    return DecisionFacts(
        outcome=Word("approved_with_conditions", "Approved with conditions", "warn"),
        is_final=True,
        note="Key rotation is weak; everything else is sound for the tier.",
        proposed_by="Rabia Siddiqui",
        proposed_at=AT,
        decided_at=AT,
        tier=1,
        inherent=74.5,
        claimed=0.802,
        evidenced=0.546,
        residual=37.9,
        band=MODERATE,
        valid_until=date(2027, 3, 2),
        next_review_on=date(2027, 3, 2),
        signatures=(
            SignatureFacts(name="Laila Haddad", role=Word("lead", "Risk lead"), at=AT),
            SignatureFacts(
                name="Asif Mahmood", role=Word("approver", "Approver"), at=AT, note="Agreed."
            ),
        ),
    )


def _review() -> ReviewFacts:
    return ReviewFacts(
        reference="R-0009",
        cycle=2,
        kind="Reassessment",
        state=Word("decided", "Decided", "ok"),
        opened_at=AT,
        decided_at=AT,
        reviewer="Rabia Siddiqui",
        judged=60,
        asked=64,
        respondents=(PersonFacts(name="Vania Petrova", answers=62),),
        judges=(PersonFacts(name="Rabia Siddiqui", answers=60),),
    )


def _last_cycle() -> CycleFacts:
    return CycleFacts(
        reference="R-0002",
        cycle=1,
        decided_at=datetime(2025, 3, 1, 10, tzinfo=UTC),
        outcome=Word("approved", "Approved", "ok"),
        tier=1,
        inherent=74.5,
        claimed=0.75,
        evidenced=0.50,
        residual=41.0,
        band=Word("high", "High", "warn"),
        areas=tuple(_area(name, c - 0.05, e - 0.04, v) for name, c, e, v in AREAS),
    )


def _changes() -> ChangesFacts:
    return ChangesFacts(
        since="report D-0000",
        at=datetime(2025, 3, 1, 10, tzinfo=UTC),
        numbers=(
            NumberFacts(name="Controls, evidenced", before=50.0, after=54.6),
            NumberFacts(name="Remaining risk", before=41.0, after=37.9),
        ),
        effects=(
            EffectFacts(area="Encryption", points=5.1),
            EffectFacts(area="Network security", points=-0.5),
        ),
        lines=(
            ChangeFacts(
                kind="Answer", what="Is it encrypted?", before="No", after="Yes", points=5.1
            ),
            ChangeFacts(kind="Finding", what="F-0004: No test", before="none", after="Open"),
        ),
    )


def _attestations() -> tuple[AttestationFacts, ...]:
    return (
        AttestationFacts(
            asked_at=AT,
            since_on=date(2026, 1, 12),
            due_on=date(2026, 3, 16),
            state=Word("asked", "The vendor is asked", "accent"),
        ),
        AttestationFacts(
            asked_at=datetime(2025, 12, 29, 6, tzinfo=UTC),
            since_on=date(2025, 9, 29),
            due_on=date(2026, 1, 12),
            state=Word("noted", "Change noted", "none"),
            changes=(
                (
                    Word("sub_processors", "Companies that work is passed on to", "warn"),
                    "Backups go to Granite Backup since December.",
                ),
            ),
            declared_at=datetime(2026, 1, 12, 8, 15, tzinfo=UTC),
            declared_by="Vania Petrova",
            declared_role="CISO",
            judge_by=date(2026, 1, 19),
            judged_at=datetime(2026, 1, 13, 11, 0, tzinfo=UTC),
            judged_by="Rabia Siddiqui",
            reason="Only copies that we encrypt ourselves.",
        ),
    )


def _standing() -> StandingFacts:
    words = {
        "passed": Word("passed", "Passed", "ok"),
        "failed": Word("failed", "Failed", "bad"),
        "unanswered": Word("unanswered", "Not answered yet", "warn"),
        "not_applicable": Word("not_applicable", "Does not apply", "none"),
    }
    return StandingFacts(
        tier=1,
        inherent=74.5,
        claimed=0.802,
        evidenced=0.546,
        residual=37.9,
        band=MODERATE,
        gates=tuple(
            GateFacts(
                code=f"G{n}",
                title="A second factor guards administration and remote access",
                status=word,
                sentence="Second factor: yes.",
                reason="the tier is 4" if word.value == "not_applicable" else "",
            )
            for n, word in enumerate(words.values(), 1)
        ),
        blockers=("The vendor has no current attestation of PCI compliance.",),
        at_stake=74.5,
        claimed_residual=20.7,
        assurance_gap=17.2,
        bar=0.6637,
    )


def whole(**changes: object) -> Dossier:
    """Return the dossier with some facts changed."""
    facts: dict[str, object] = {
        "reference": "D-0001",
        "number": 1,
        "organisation": "Northwind Bank",
        "as_of": AT,
        "prepared_by": "Rabia Siddiqui",
        "vendor": VendorFacts(
            reference="V-0042",
            name="Acme Payments",
            legal_name="Acme Payments (Private) Limited",
            state=Word("active", "Active", "ok"),
            owner="Pervez Anwar",
            website="https://acme.example",
            country="Pakistan",
            category="Payments",
            purpose="Accepts card payments in our shops and online.",
            tier=1,
            is_tier_provisional=True,
            registered_at=AT,
            next_review_on=date(2027, 3, 2),
            contacts=(
                ContactFacts(
                    name="Vania Petrova", role=Word("lead", "Lead contact"), job_title="CISO"
                ),
            ),
        ),
        "verdict": VerdictFacts(
            text="Approved with 2 conditions; remaining risk moderate.",
            tone="warn",
            reasons=(
                "Controls are claimed at 80.2 and evidenced at 54.6 of 100.",
                "One gate failed: no current attestation of PCI compliance.",
                "2 of 4 required clauses are met.",
            ),
        ),
        "standing": _standing(),
        "services": (_service(),),
        "assessments": (_assessment(), _unscored()),
        "findings": (
            FindingFacts(
                reference="F-0003",
                title="Keys are rotated every three years",
                owner="Rabia Siddiqui",
                severity=Word("high", "High", "bad"),
                state=Word("open", "Open", "warn"),
                raised_at=AT,
                due_on=date(2026, 4, 1),
                question="TOK-03",
                assessment="A-0107",
                raised_by="Rabia Siddiqui",
                description="Rotate them yearly.",
            ),
            FindingFacts(
                reference="F-0004",
                title="No restore test",
                owner="Rabia Siddiqui",
                is_overdue=True,
                severity=Word("medium", "Medium", "warn"),
                state=Word("open", "Open", "warn"),
                raised_at=AT,
            ),
        ),
        "conditions": (
            ConditionFacts(
                text="Rotate keys every year and prove it.",
                owner="Pervez Anwar",
                due_on=date(2026, 5, 1),
            ),
            ConditionFacts(text=URDU, owner="Rabia Siddiqui", due_on=date(2026, 6, 1), met_at=AT),
        ),
        "exemptions": (
            ExemptionFacts(
                kind=Word("waiver", "Waiver"),
                reason="Their group audits them yearly.",
                owner="Pervez Anwar",
                approver="Laila Haddad",
                ends_on=date(2026, 6, 1),
                frozen_rating="Moderate",
                compensating_control="We read the group's report.",
            ),
        ),
        "contracts": (_contract(),),
        "coverage": CoverageFacts(required=4, met=1, waived=1, open=1, missing=1),
        "evidence": _evidence(),
        "clarifications": (
            ClarificationFacts(
                assessment="A-0107",
                code="TOK-03",
                text="How often are keys rotated?",
                asked_by="Rabia Siddiqui",
                asked_at=AT,
                reply="Every three years at present.",
                answered_at=AT,
            ),
            ClarificationFacts(
                assessment="A-0107",
                code="AUD-02",
                text="Who reads the logs?",
                asked_by="Rabia Siddiqui",
                asked_at=AT,
            ),
        ),
        "decision": _decision(),
        "areas": tuple(_area(*row) for row in AREAS),
        "verify_at": "https://duly.northwind.example/verify",
        "locations": (
            LocationFacts(kind=Word("serves_from", "Serves us from"), countries=("Pakistan",)),
        ),
        "sub_processors": (
            SubProcessorFacts(
                name="Granite Backup",
                rank=2,
                countries=("Pakistan", "Germany"),
                purpose="copies outside the city",
                reference="V-0077",
                shared_with=2,
            ),
        ),
        "pci": (
            PciDutyFacts(
                requirement="12.8.2",
                duty="The vendor acknowledges in writing what it answers for.",
                status=Word("missing", "Missing", "bad"),
                record="Contract clause PCI-1.",
            ),
        ),
        "matrix": _matrix(),
        "rules": (
            RuleFacts(group="Bands of remaining risk", name="Critical", value="from 50"),
            RuleFacts(group="Bands of remaining risk", name="Low", value="below 15"),
        ),
        "review": _review(),
        "last_cycle": _last_cycle(),
        "changes": _changes(),
        "attestations": _attestations(),
        "models": {
            "Tier model": "2026-1",
            "Score formula": "score-1",
            "Layout of the report": "report-1",
        },
    }
    return Dossier(**{**facts, **changes})  # type: ignore[arg-type]


def _matrix() -> ResponsibilityMatrixFacts:
    vendor = Word("vendor", "The vendor", "none")
    shared, nobody = Word("shared", "Shared", "info"), Word("nobody", "Nobody yet", "bad")
    return ResponsibilityMatrixFacts(
        status=Word("gaps", "Not complete", "warn"),
        agreed_on=date(2025, 11, 3),
        valid_until=date(2026, 11, 3),
        changed_at=AT,
        changed_by="Rabia Siddiqui",
        lines=(
            ResponsibilityFacts(
                number="3", name="Card data that is kept", share=vendor, is_rest=True
            ),
            ResponsibilityFacts(
                number="3.5", name="", share=shared, note="We split the keys with their safe."
            ),
            ResponsibilityFacts(number="6", name="Building and mending software", share=nobody),
        ),
        gaps=("Requirement 6 has no owner.",),
    )


def bare() -> Dossier:
    """Return the dossier of a vendor registered a minute ago: nothing is known."""
    return Dossier(
        reference="",
        number=0,
        organisation="Northwind Bank",
        as_of=AT,
        prepared_by="Pervez Anwar",
        vendor=VendorFacts(
            reference="V-0043",
            name="Borealis Hosting",
            state=Word("onboarding", "Onboarding", "info"),
            owner="Pervez Anwar",
        ),
        verdict=VerdictFacts(text="Not assessed yet.", tone="none"),
        standing=StandingFacts(),
    )
