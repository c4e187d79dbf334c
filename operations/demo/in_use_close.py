"""Vendors in use of tiers 1 and 2: looked at closely, some of them for the second time."""

from dataclasses import replace

from operations.demo import card_duties, exempting
from operations.demo.arcs import Course, again, in_use
from operations.demo.profiles import BIG, CARD_HANDLER, CARDS_NEAR, NO_CARDS, SOLID, STRONG, Profile
from operations.demo.stage import Company, Stage
from operations.demo.uses import CARDS, CLOUD, MESSAGES, TERMINALS, WATCHERS
from reviews.rules import Severity


def cards(stage: Stage) -> None:
    """Tier 1, PCI, two cycles: its attestation and its scan run out soon."""
    company = Company(
        name="Indus Card Processing",
        purpose="Authorises and settles our customers' card payments.",
        use=CARDS,
        person=("Farah Mirza", "farah@induscards.example", "Head of information security"),
        website="https://induscards.example",
        category="Payments",
        unit="Cards",
    )
    course = Course(
        begins=395,
        tier=1,
        profile=CARD_HANDLER,
        contract="Card processing services",
        ends_in=330,
        notice_days=180,
        condition="Enclose the segmentation test of the second half of the year.",
        meets="The report of the test came in on time; no way through.",
    )
    told = in_use(stage, company, course)
    card_duties.agree(stage, 300, told.vendor_id, card_duties.whole(*card_duties.PROCESSOR))
    second = replace(
        course,
        begins=40,
        meets="",
        condition="Send the new attestation before the present one runs out.",
        note="As strong as last year, and the segmentation test is in.",
        proof_age=310,
        reports=True,
    )
    again(stage, told, company, second)


def cloud(stage: Stage) -> None:
    """Tier 1, approved with a condition nearly a year ago: its next review opens by itself."""
    company = Company(
        name="Kestrel Managed Cloud",
        purpose="Runs the servers of our payment switch.",
        use=CLOUD,
        person=("Nadia Khan", "nadia@kestrel.example", "Head of compliance"),
        website="https://kestrel.example",
        category="Hosting",
        unit="Operations",
    )
    course = Course(
        begins=345,
        tier=1,
        profile=STRONG,
        contract="Managed cloud services",
        ends_in=400,
        note="Well proven. The exit plan has to be rehearsed once.",
        condition="Rehearse the exit plan and send us the record.",
        meets="The rehearsal took a day; their record and our notes are filed.",
        proof_age=40,
        reports=True,
    )
    in_use(stage, company, course)


def basalt(stage: Stage) -> None:
    """Tier 1 with a condition past its date and a high finding past its date too."""
    company = Company(
        name="Basalt Data Centres",
        purpose="Houses our second data centre.",
        use={**CLOUD, "enters": ["visit"], "sees": ["people", "money"]},
        person=("Imran Yousafzai", "imran@basalt.example", "Site director"),
        category="Hosting",
    )
    course = Course(
        begins=130,
        tier=1,
        profile=SOLID,
        contract="Housing of the second site",
        ends_in=240,
        notice_days=120,
        note="Good, but two of the fire dampers were never tested.",
        condition="Test the fire dampers and send us the record.",
        findings=(("net_updates", "Critical updates wait for months", Severity.HIGH),),
    )
    in_use(stage, company, course)


def messages(stage: Stage) -> None:
    """Tier 2, two cycles, an accepted finding whose acceptance ends soon."""
    company = Company(
        name="Bellwether Messaging",
        purpose="Sends one-time codes to our customers' phones.",
        use=MESSAGES,
        person=("Zara Iqbal", "zara@bellwether.example", "Security manager"),
        category="Messaging",
        unit="Customer care",
    )
    course = Course(
        begins=420,
        tier=2,
        profile=SOLID,
        contract="One-time codes by message",
        ends_in=150,
        notice_days=90,
        condition="Keep a second route for the codes.",
        meets="A second route was shown to us in a live test.",
    )
    told = in_use(stage, company, course)
    second = replace(
        course,
        begins=60,
        meets="",
        note="A second route exists. One finding is accepted for a while.",
        condition="Show that both routes are tested every month.",
        findings=(("trn_yearly_training", "The night desk was not trained", Severity.MEDIUM),),
    )
    found = again(stage, told, company, second)
    exempting.accept_findings(
        stage, 41, found.review_id, "The night desk closes within the quarter.", ends_in=18
    )


def watchers(stage: Stage) -> None:
    """Tier 2, in use, its proof of the restore test runs out this month."""
    company = Company(
        name="Sable Security Operations",
        purpose="Watches our network at night.",
        use=WATCHERS,
        person=("Daniyal Shah", "daniyal@sable.example", "Operations manager"),
        category="Security",
    )
    profile = Profile(answers=NO_CARDS, files=BIG[:3])
    course = Course(begins=90, tier=2, profile=profile, contract="Monitoring at night", ends_in=275)
    in_use(
        stage,
        company,
        replace(
            course, proof_age=265, condition="Share the next report.", meets="Shared in October."
        ),
    )


def terminals(stage: Stage) -> None:
    """Tier 2, in use; one clause of the contract was waived for a time."""
    company = Company(
        name="Copper Payment Terminals",
        purpose="Supplies and mends the terminals in our merchants' shops.",
        use=TERMINALS,
        person=("Kamran Butt", "kamran@copper.example", "Service director"),
        category="Devices",
        unit="Cards",
    )
    course = Course(
        begins=200,
        tier=2,
        profile=CARDS_NEAR,
        contract="Terminals and repair",
        ends_in=185,
        note="Sealed and traced terminals; the spare ones have to be sealed as well.",
        condition="Seal the spare terminals.",
        meets="Seen on a visit to their store room.",
        waives="They change their standard terms in spring and sign the clause then.",
    )
    in_use(stage, company, course)


STORIES = (cards, cloud, basalt, messages, watchers, terminals)
