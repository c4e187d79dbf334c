"""The stories of the demo: a payment company's vendors, each in another state."""

from datetime import datetime

from accounts.rules import Role
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.db import Database
from operations import demo_decisions as after
from operations.demo_lines import (
    CLOUD,
    HARMLESS,
    MAILER,
    NO_DATA,
    PAYROLL,
    PROOF,
    STRONG,
    TESTER,
    WEAK,
)
from operations.demo_stage import Stage
from reminders.sweep import nudge_vendors, open_reassessments
from reports.building import build_due
from reviews.rules import Outcome, Severity


def tell(database: Database, *, until: datetime) -> None:
    """Play every story in simulated time, ending now."""
    stage = Stage(database, until)
    stage.people(400)
    for story in (
        _photos,
        _cloud,
        _print_works,
        _mailer,
        _identity,
        _penetration,
        _hosting,
        _payroll,
        _lawyers,
        _cleaning,
    ):
        story(stage)
    for days_ago in (17, 13, 10, 9, 6, 2, 0):
        with clock.fixed(stage.moment(days_ago, 8)):
            nudge_vendors(database, clock.now())
            open_reassessments(database, clock.now())
    with clock.fixed(until):
        build_due(database, until)


def _photos(stage: Stage) -> None:
    """Lowest tier, decided by procurement alone, in use; its notice date comes near."""
    vendor = stage.register(
        230, "Brightline Stock Photos", "Pictures for our website.", HARMLESS, country="GB"
    )
    sent = stage.send(229, vendor, ("Tom Fairley", "tom@brightline.example", "Account manager"))
    stage.answer(227, sent, NO_DATA)
    for code, title, kind in PROOF:
        stage.prove(227, sent, code, title, kind)
    review = stage.submit(227, sent)
    contract = after.contract(stage, 226, vendor, "Picture licence", ends_in=100, notice_days=60)
    after.judge(stage, 226, review)
    after.decide(stage, 225, review, Outcome.APPROVED, "Holds nothing of ours.", proposer="Pervez")
    after.attach(stage, 225, contract, "Picture licence")
    after.activate_contract(stage, 225, contract)


def _cloud(stage: Stage) -> None:
    """Closest tier, approved with a condition a year ago: its next review opens by itself."""
    vendor = stage.register(
        340,
        "Kestrel Managed Cloud",
        "Runs the servers of our payment switch.",
        CLOUD,
        country="PK",
        website="https://kestrel.example",
    )
    sent = stage.send(
        339, vendor, ("Nadia Khan", "nadia@kestrel.example", "Head of compliance"), window=14
    )
    stage.answer(330, sent, STRONG)
    for code, title, kind in PROOF:
        stage.prove(330, sent, code, title, kind)
    stage.prove(330, sent, "net_updates", "Restore test", EvidenceKind.RESTORE_TEST)
    review = stage.submit(330, sent)
    contract = after.contract(stage, 325, vendor, "Managed cloud services", ends_in=400)
    after.judge(stage, 324, review)
    after.decide(
        stage,
        322,
        review,
        Outcome.APPROVED_WITH_CONDITIONS,
        "Well proven. The exit plan has to be rehearsed once.",
        proposer="Laila",
        condition="Rehearse the exit plan and send us the record.",
        signers=(("Asif", Role.APPROVER),),
    )
    after.attach(stage, 321, contract, "Managed cloud agreement")
    after.activate_contract(stage, 321, contract)
    after.report(stage, 320, vendor)


def _print_works(stage: Stage) -> None:
    """Turn one down."""
    vendor = stage.register(
        60, "Saffron Print Works", "Prints and posts our customers' statements.", PAYROLL
    )
    sent = stage.send(59, vendor, ("Bilal Aziz", "bilal@saffron.example", "Owner"))
    stage.answer(55, sent, WEAK)
    review = stage.submit(55, sent)
    after.find(stage, 53, review, "iam_second_factor", "No second factor anywhere", Severity.HIGH)
    after.decide(
        stage,
        52,
        review,
        Outcome.REJECTED,
        "No second factor and no rule for reporting a breach; they do not plan either.",
        proposer="Rabia",
    )


def _mailer(stage: Stage) -> None:
    """Overdue: the ladder has reached the owner."""
    vendor = stage.register(
        24, "Lumen Bulk Mail", "Sends our newsletters and notices.", MAILER, country="PK"
    )
    stage.send(20, vendor, ("Sara Malik", "sara@lumen.example", "Customer success"), window=14)


def _identity(stage: Stage) -> None:
    """Reviewed, proposed by the lead, waiting for the approver's signature."""
    vendor = stage.register(
        45,
        "Verity Identity Checks",
        "Compares faces with identity cards when customers join.",
        CLOUD | {"sees": ["body", "people"], "enters": ["connect"], "rules": ["several"]},
        country="PK",
    )
    sent = stage.send(
        44, vendor, ("Omar Sheikh", "omar@verity.example", "Security officer"), window=14
    )
    stage.answer(38, sent, STRONG | {"trn_people": ("partial", "")})
    for code, title, kind in PROOF:
        stage.prove(38, sent, code, title, kind)
    stage.prove(38, sent, "net_updates", "Restore test", EvidenceKind.RESTORE_TEST)
    review = stage.submit(38, sent)
    after.contract(stage, 30, vendor, "Identity verification", ends_in=700)
    after.find(stage, 20, review, "trn_people", "Half the staff untrained", Severity.MEDIUM)
    after.judge(stage, 19, review)
    after.decide(
        stage,
        3,
        review,
        Outcome.APPROVED_WITH_CONDITIONS,
        "Strong proof; training has to catch up.",
        proposer="Laila",
        condition="Train the remaining staff and send the record.",
    )


def _penetration(stage: Stage) -> None:
    """Handed back with two questions."""
    vendor = stage.register(16, "Onyx Penetration Testing", "Attacks us once a year.", TESTER)
    sent = stage.send(15, vendor, ("Hira Baig", "hira@onyx.example", "Managing partner"))
    stage.answer(9, sent, STRONG | {"tpr_other_companies": ("partial", "")})
    stage.prove(9, sent, "aud_outside_view", "Certificate of the testers", EvidenceKind.ISO27001)
    stage.submit(9, sent)
    stage.clarify(
        3,
        sent,
        {
            "tpr_other_companies": "Which companies do you use for our test, and in which country?",
            "enc_in_transit": "How are the results of our test kept, and who can open them?",
        },
    )


def _hosting(stage: Stage) -> None:
    """Freshly submitted: in the reviewers' inbox."""
    vendor = stage.register(
        14, "Halcyon Hosting", "Hosts our merchants' portal.", CLOUD | {"enters": ["inside"]}
    )
    sent = stage.send(12, vendor, ("Usman Tariq", "usman@halcyon.example", "Operations"), window=14)
    stage.answer(4, sent, WEAK | {"iam_second_factor": ("partial", "")})
    stage.prove(4, sent, "enc_in_transit", "Encryption policy", EvidenceKind.POLICY)
    stage.submit(2, sent)
    after.contract(stage, 2, vendor, "Hosting of the portal", ends_in=380, leave_open=6)


def _payroll(stage: Stage) -> None:
    """With the vendor: Vania is half way through."""
    vendor = stage.register(
        7,
        "Acme Payroll Services",
        "Pays our staff's salaries.",
        PAYROLL,
        country="PK",
        website="https://acme.example",
    )
    sent = stage.send(6, vendor, ("Vania Petrova", "vania@acme.example", "Compliance manager"))
    half = dict(list(STRONG.items())[:4])
    stage.answer(1, sent, half)
    stage.prove(1, sent, "enc_in_transit", "Encryption at Acme", EvidenceKind.POLICY)


def _lawyers(stage: Stage) -> None:
    """Need-to-know: only its owner sees it."""
    stage.register(
        5,
        "Meridian Legal Advice",
        "Advises on a purchase nobody may know of yet.",
        HARMLESS | {"sees": ["business"], "without": "days"},
        is_need_to_know=True,
    )


def _cleaning(stage: Stage) -> None:
    """Just registered, with a few things not known yet."""
    stage.register(
        1,
        "Cedar Office Cleaning",
        "Cleans the offices at night.",
        {"sees": ["nothing"], "enters": ["visit"], "where": "home"},
        country="PK",
    )
