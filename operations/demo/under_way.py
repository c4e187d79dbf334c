"""Vendors on their way in: each waits for somebody else."""

from operations.demo import answering, card_duties, deciding, signing
from operations.demo.arcs import LEADS, Course, answered, ask, judge
from operations.demo.profiles import (
    BIG,
    CARD_HANDLER,
    HOLDS_NOTHING,
    MIDDLING,
    NO_CARDS,
    POLICIES,
    SOLID,
    STRONG,
    Profile,
)
from operations.demo.stage import Company, Stage
from operations.demo.uses import (
    BIOMETRICS,
    CARDS,
    CLOUD,
    COURIER,
    HARMLESS,
    MAILER,
    OFFICE,
    PAYROLL,
    TESTER,
    WATCHERS,
)
from reviews.rules import Outcome, Severity


def identity(stage: Stage) -> None:
    """Tier 1: proposed by the lead, sent back once, waiting for the approver's signature."""
    company = Company(
        name="Verity Identity Checks",
        purpose="Compares faces with identity cards when customers join.",
        use=BIOMETRICS,
        person=("Omar Sheikh", "omar@verity.example", "Security officer"),
        category="Identity",
    )
    course = Course(
        begins=45,
        tier=1,
        profile=STRONG,
        findings=(("trn_yearly_training", "Half the staff untrained", Severity.MEDIUM),),
    )
    told = answered(stage, company, course)
    deciding.contract(stage, 30, told.vendor_id, "Identity verification", ends_in=700)
    judge(stage, told, course)
    outcome = Outcome.APPROVED_WITH_CONDITIONS
    condition = "Train the remaining staff."
    note = "Strong proof; training has to catch up."
    by = LEADS[1]
    deciding.decide(stage, 6, told.review_id, outcome, note, proposer=by, condition=condition)
    why = "How will we see that they were trained? Ask for the record, and put it in the condition."
    signing.not_yet(stage, 5, told.review_id, why)
    condition = "Train the remaining staff and send the record."
    deciding.decide(stage, 3, told.review_id, outcome, note, proposer=by, condition=condition)


def tokens(stage: Stage) -> None:
    """Tier 1: half judged, one gate answered badly, with the analyst."""
    company = Company(
        name="Quartz Token Vault",
        purpose="Keeps the tokens that stand for our customers' cards.",
        use=CARDS,
        person=("Bushra Anjum", "bushra@quartz.example", "Compliance lead"),
        category="Payments",
        unit="Cards",
    )
    profile = Profile(
        weak_every=6,
        answers={**CARD_HANDLER.answers, "pci_card_numbers": "yes_planned"},
        files=BIG,
    )
    told = answered(stage, company, Course(begins=33, tier=1, profile=profile))
    deciding.find(
        stage,
        12,
        told.review_id,
        "trn_yearly_training",
        "People with vault access are not trained",
        Severity.HIGH,
    )
    deciding.contract(stage, 20, told.vendor_id, "Token vault", ends_in=720, leave_open=5)
    card_duties.agree(stage, 12, told.vendor_id, card_duties.VAULT)


def hosting(stage: Stage) -> None:
    """Tier 1: handed in two days ago, in the reviewers' inbox."""
    company = Company(
        name="Halcyon Hosting",
        purpose="Hosts our merchants' portal.",
        use={**CLOUD, "enters": ["inside"]},
        person=("Usman Tariq", "usman@halcyon.example", "Operations"),
        category="Hosting",
    )
    course = Course(begins=14, tier=1, profile=MIDDLING, answers_after=12)
    told = answered(stage, company, course)
    deciding.contract(stage, 2, told.vendor_id, "Hosting of the portal", ends_in=380, leave_open=6)


def mailer(stage: Stage) -> None:
    """Tier 2: silent and overdue; the ladder has reached the owner."""
    company = Company(
        name="Lumen Bulk Mail",
        purpose="Sends our newsletters and notices.",
        use=MAILER,
        person=("Sara Malik", "sara@lumen.example", "Customer success"),
        category="Messaging",
    )
    ask(stage, company, 21)


def penetration(stage: Stage) -> None:
    """Tier 2: handed back with two questions."""
    company = Company(
        name="Onyx Penetration Testing",
        purpose="Attacks us once a year.",
        use=TESTER,
        person=("Hira Baig", "hira@onyx.example", "Managing partner"),
        category="Security",
    )
    told = answered(stage, company, Course(begins=16, tier=2, profile=SOLID))
    answering.ask_back(
        stage,
        3,
        told.assessment_id,
        {
            "inc_notice": "Who would call us, and how would we know that the caller is you?",
            "enc_in_transit": "How are the results of our test kept, and who can open them?",
        },
    )


def call_centre(stage: Stage) -> None:
    """Tier 2: what was asked back has been answered and waits for the analyst."""
    company = Company(
        name="Ravi Call Centre",
        purpose="Answers our customers' calls in the evening.",
        use={**WATCHERS, "enters": ["inside"], "sees": ["people", "money"], "people": "many"},
        person=("Maryam Latif", "maryam@ravi.example", "Quality manager"),
        category="Customer care",
        unit="Customer care",
    )
    told = answered(stage, company, Course(begins=25, tier=2, profile=MIDDLING))
    answering.ask_back(
        stage,
        12,
        told.assessment_id,
        {"enc_in_transit": "Are recorded calls encrypted when you send them to us?"},
    )
    answering.reply(stage, 1, told.assessment_id, "Yes: they travel over an encrypted channel.")


def payroll(stage: Stage) -> None:
    """Tier 3, with the vendor: Vania is half way through."""
    company = Company(
        name="Acme Payroll Services",
        purpose="Pays our staff's salaries.",
        use=PAYROLL,
        person=("Vania Petrova", "vania@acme.example", "Compliance manager"),
        website="https://acme.example",
        category="Payroll",
    )
    _, assessment_id = ask(stage, company, 7)
    profile = Profile(answers=NO_CARDS, files=(POLICIES,))
    answering.answer(stage, 1, assessment_id, profile, share=0.4)
    answering.prove(stage, 1, assessment_id, profile)


def auditors(stage: Stage) -> None:
    """Tier 3: handed in this morning."""
    company = Company(
        name="Amber Audit Partners",
        purpose="Audit our yearly accounts.",
        use={**COURIER, "sees": ["business", "people"], "people": "thousands"},
        person=("Nida Farooq", "nida@amber.example", "Engagement partner"),
        category="Advice",
    )
    answered(stage, company, Course(begins=9, tier=3, profile=SOLID, answers_after=9))


def archive(stage: Stage) -> None:
    """Tier 2: asked five days ago, nothing is answered yet."""
    company = Company(
        name="Northgate Archive",
        purpose="Stores our paper files.",
        use={**COURIER, "people": "millions", "passes_on": "no", "without": "weeks"},
        person=("Tariq Hameed", "tariq@northgate.example", "Warehouse manager"),
        category="Storage",
    )
    ask(stage, company, 5)


def translators(stage: Stage) -> None:
    """Tier 4: sent yesterday."""
    company = Company(
        name="Juniper Translators",
        purpose="Translate our website.",
        use=OFFICE,
        person=("Elif Demir", "elif@juniper.example", "Project manager"),
        country="TR",
        category="Marketing",
    )
    ask(stage, company, 2)


def florist(stage: Stage) -> None:
    """Tier 4: answered, waiting for procurement's own decision."""
    company = Company(
        name="Opal Office Plants",
        purpose="Water the plants.",
        use=HARMLESS,
        person=("Junaid Akhtar", "junaid@opal.example", "Gardener"),
        category="Facilities",
    )
    course = Course(begins=12, tier=4, profile=HOLDS_NOTHING)
    judge(stage, answered(stage, company, course), Course(begins=17, tier=4, profile=HOLDS_NOTHING))


STORIES = (
    identity,
    tokens,
    hosting,
    mailer,
    penetration,
    call_centre,
    payroll,
    auditors,
    archive,
    translators,
    florist,
)
