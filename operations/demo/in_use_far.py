"""Vendors in use of tiers 3 and 4: most of what a company buys."""

from dataclasses import replace

from operations.demo.arcs import Course, again, in_use
from operations.demo.profiles import HOLDS_NOTHING, SOLID
from operations.demo.stage import Company, Stage
from operations.demo.uses import COURIER, HARMLESS, OFFICE, PAYROLL
from reviews.rules import Severity


def couriers(stage: Stage) -> None:
    """Tier 3, two cycles two years apart, nothing in the way."""
    company = Company(
        name="Falcon Couriers",
        purpose="Brings new cards to our customers' doors.",
        use=COURIER,
        person=("Waqas Ali", "waqas@falcon.example", "Branch manager"),
        category="Logistics",
    )
    course = Course(begins=760, tier=3, profile=SOLID, contract="Delivery of cards", ends_in=70)
    told = in_use(stage, company, replace(course, notice_days=30))
    again(stage, told, company, replace(course, begins=50, note="Nothing has changed."))


def people_software(stage: Stage) -> None:
    """Tier 3, in use, with a medium finding whose date comes near."""
    company = Company(
        name="Helix People Software",
        purpose="Keeps leave, contracts and appraisals of our staff.",
        use=PAYROLL,
        person=("Ayesha Noor", "ayesha@helix.example", "Account manager"),
        website="https://helix.example",
        category="Software",
    )
    course = Course(
        begins=125,
        tier=3,
        profile=SOLID,
        contract="Personnel software",
        ends_in=300,
        condition="Turn the second factor on for every administrator.",
        meets="Their list of administrators shows it; we tried three accounts.",
        findings=(
            ("trn_yearly_training", "New people wait half a year for training", Severity.MEDIUM),
        ),
    )
    in_use(stage, company, course)


def analytics(stage: Stage) -> None:
    """Tier 3, in use, approved long ago: the two years are nearly over."""
    company = Company(
        name="Marble Analytics",
        purpose="Draws our merchants' sales charts.",
        use={**COURIER, "enters": ["connect"]},
        person=("Hamza Rauf", "hamza@marble.example", "Founder"),
        category="Software",
    )
    in_use(
        stage,
        company,
        Course(begins=725, tier=3, profile=SOLID, contract="Sales charts", ends_in=20),
    )


def photos(stage: Stage) -> None:
    """Tier 4, decided by procurement alone; its notice date comes near."""
    company = Company(
        name="Brightline Stock Photos",
        purpose="Pictures for our website.",
        use=HARMLESS,
        person=("Tom Fairley", "tom@brightline.example", "Account manager"),
        country="GB",
        category="Marketing",
    )
    course = Course(
        begins=230,
        tier=4,
        profile=HOLDS_NOTHING,
        contract="Picture licence",
        ends_in=80,
        note="Holds nothing of ours.",
    )
    in_use(stage, company, course)


def learning(stage: Stage) -> None:
    """Tier 4, in use, one of many that need little."""
    company = Company(
        name="Orchard Learning",
        purpose="Courses for our staff.",
        use=OFFICE,
        person=("Sana Javed", "sana@orchard.example", "Partner"),
        category="Training",
    )
    in_use(
        stage,
        company,
        Course(
            begins=300,
            tier=4,
            profile=HOLDS_NOTHING,
            contract="Courses for staff",
            ends_in=430,
            note="Names of participants only.",
        ),
    )


def catering(stage: Stage) -> None:
    """Tier 4, in use since last month."""
    company = Company(
        name="Lotus Catering",
        purpose="Lunch at the head office.",
        use=HARMLESS,
        person=("Rehan Qureshi", "rehan@lotus.example", "Owner"),
        category="Facilities",
    )
    course = Course(
        begins=45,
        tier=4,
        profile=HOLDS_NOTHING,
        contract="Lunch at the head office",
        ends_in=340,
        note="Holds nothing of ours.",
    )
    in_use(stage, company, course)


STORIES = (couriers, people_software, analytics, photos, learning, catering)
