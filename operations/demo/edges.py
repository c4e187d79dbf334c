"""Vendors at the edges: just registered, hidden, turned down, on their way out, gone."""

from collections.abc import Mapping
from uuid import UUID

from foundation import clock
from operations.demo import deciding
from operations.demo.arcs import Course, answered, in_use
from operations.demo.profiles import HOLDS_NOTHING, SOLID, WEAK
from operations.demo.stage import Company, Stage
from operations.demo.uses import COURIER, HARMLESS, MAILER, PAYROLL, WATCHERS
from reviews.rules import Outcome, Severity
from vendors import commands as vendors
from vendors.life_commands import settle_line
from vendors.models import Vendor
from vendors.offboarding import LineState
from vendors.rules import VendorState


def print_works(stage: Stage) -> None:
    """Turn one down: no second factor, no rule for a breach."""
    company = Company(
        name="Saffron Print Works",
        purpose="Prints and posts our customers' statements.",
        use=PAYROLL,
        person=("Bilal Aziz", "bilal@saffron.example", "Owner"),
        category="Printing",
    )
    told = answered(stage, company, Course(begins=60, tier=3, profile=WEAK))
    deciding.find(
        stage, 51, told.review_id, "trn_yearly_training", "Nobody was ever trained", Severity.HIGH
    )
    deciding.decide(
        stage,
        50,
        told.review_id,
        Outcome.REJECTED,
        "Half the answers are no, nothing is proven and nothing is planned.",
        proposer="Rabia",
    )


def studio(stage: Stage) -> None:
    """Withdrawn by procurement before anything was asked."""
    vendor_id = stage.register(
        75,
        Company(
            name="Teal Marketing Studio",
            purpose="Would have planned a campaign.",
            use={**MAILER, "people": "many"},
            category="Marketing",
        ),
    )
    _move(stage, 70, vendor_id, VendorState.DECLINED)


def fraud(stage: Stage) -> None:
    """On its way out: the successor is chosen."""
    company = Company(
        name="Sirius Fraud Scoring",
        purpose="Scores payments for signs of fraud.",
        use={**WATCHERS, "enters": ["connect"], "people": "many"},
        person=("Salman Dar", "salman@sirius.example", "Product owner"),
        category="Security",
    )
    course = Course(
        begins=300,
        tier=2,
        profile=SOLID,
        contract="Fraud scoring",
        ends_in=25,
        condition="Explain every refused payment.",
        meets="Each refusal now carries its reason in the monthly file.",
    )
    vendor_id = in_use(stage, company, course).vendor_id
    note = "By registered post; their sales director confirmed it by mail the same day."
    deciding.give_notice(stage, 45, vendor_id, note)
    _move(stage, 15, vendor_id, VendorState.OFFBOARDING)
    _settle(stage, 6, vendor_id, {"access": "", "keys": ""})


def lawyers(stage: Stage) -> None:
    """Need-to-know: only its owner sees it."""
    stage.register(
        5,
        Company(
            name="Meridian Legal Advice",
            purpose="Advises on a purchase nobody may know of yet.",
            use={**HARMLESS, "sees": ["business"], "without": "days"},
            category="Advice",
            is_need_to_know=True,
        ),
    )


def cleaning(stage: Stage) -> None:
    """Just registered, with a few things not known yet: its tier is provisional."""
    stage.register(
        1,
        Company(
            name="Cedar Office Cleaning",
            purpose="Cleans the offices at night.",
            use={"sees": ["nothing"], "enters": ["visit"], "where": "home"},
            category="Facilities",
        ),
    )


def telecom(stage: Stage) -> None:
    """Register one that nobody has asked anything yet."""
    stage.register(
        8,
        Company(
            name="Pine Telecom",
            purpose="Second line to our data centre.",
            use={**COURIER, "sees": ["internal"], "people": "none", "without": "hours"},
            category="Telecom",
            website="https://pine.example",
        ),
    )


def parking(stage: Stage) -> None:
    """Gone for good."""
    company = Company(
        name="Dove Car Parks",
        purpose="Parking spaces at the old office.",
        use=HARMLESS,
        person=("Adeel Zafar", "adeel@dove.example", "Owner"),
        category="Facilities",
    )
    course = Course(
        begins=400,
        tier=4,
        profile=HOLDS_NOTHING,
        contract="Parking spaces",
        ends_in=90,
        note="Two spaces.",
    )
    told = in_use(stage, company, course)
    _move(stage, 100, told.vendor_id, VendorState.OFFBOARDING)
    _settle(stage, 92, told.vendor_id, {**NOTHING_TO_DO, "contract": "", "payment": ""})
    _move(stage, 90, told.vendor_id, VendorState.ENDED)


NOTHING_TO_DO = dict.fromkeys(
    ("access", "data", "keys", "sub_processors"), "They never had anything of ours."
)


def _settle(stage: Stage, days_ago: int, vendor_id: UUID, why: Mapping[str, str]) -> None:
    """Settle lines of the checklist: done, or not needed where a reason is given."""
    with stage.day(days_ago, 11) as session:
        vendor = session.get_one(Vendor, vendor_id)
        for code, note in why.items():
            settle_line(
                session,
                vendor,
                code,
                LineState.NOT_NEEDED if note else LineState.DONE,
                note=note,
                evidence_id=None,
                by=stage.cast["Pervez"],
                at=clock.now(),
            )


def _move(stage: Stage, days_ago: int, vendor_id: UUID, state: VendorState) -> None:
    with stage.day(days_ago, 12) as session:
        vendors.move(
            session,
            session.get_one(Vendor, vendor_id),
            state,
            by=stage.cast["Pervez"],
            at=clock.now(),
        )


STORIES = (print_works, studio, fraud, lawyers, cleaning, telecom, parking)
