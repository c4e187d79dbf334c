"""The page of the portfolio."""

from flask.typing import ResponseReturnValue

from accounts.copies import note_copy
from accounts.permissions import Permission, requires
from accounts.signin import me
from audit.actions import Action
from foundation import clock
from foundation.db import database, session
from foundation.errors import Refused
from foundation.sandbox import SandboxFailure
from foundation.web import page
from organisation.queries import (
    day_of,
    name_of_organisation,
    page_size_of_reports,
    time_zone_of_organisation,
    today_of,
)
from reports.charts import Stack, stack
from reports.portfolio import (
    BALL_EDGES,
    BANDS,
    TIERS,
    Portfolio,
    portfolio_of,
)
from reports.portfolio_facts import to_json
from reports.portfolio_told import facts_of
from reports.printing import print_portfolio
from reports.report_views import as_pdf
from reports.views import bp
from reviews.finding_queries import EDGES
from reviews.labels import age_names
from reviews.rules import Severity
from reviews.turns import Turn

__all__ = ["bp"]


@bp.get("/dashboard")
@requires(Permission.REVIEW_READ)
def dashboard() -> ResponseReturnValue:
    """Show the portfolio: how risky, whose move, what is late."""
    today = today_of(session())
    found = portfolio_of(session(), me().person_id, clock.now(), today)
    return page(
        "reports/dashboard.html",
        it=found,
        tiers=TIERS,
        bands=BANDS,
        ball_ages=age_names(BALL_EDGES),
        finding_ages=age_names(EDGES),
        ageing=_ageing(found),
        findings=_findings(found),
        today=today,
    )


@bp.get("/dashboard/download")
@requires(Permission.REVIEW_READ)
def portfolio_paper() -> ResponseReturnValue:
    """Give out the portfolio as whoever asks may see it; it is drawn now and in no register."""
    at = clock.now()
    with database().reading() as reading:
        today = day_of(reading, at)
        found = portfolio_of(reading, me().person_id, at, today)
        facts = facts_of(
            found,
            organisation=name_of_organisation(reading),
            prepared_by=me().name,
            at=at,
            zone=time_zone_of_organisation(reading),
            page_size=page_size_of_reports(reading),
        )
    try:
        printed = print_portfolio(to_json(facts))
    except SandboxFailure as failure:
        raise Refused(f"The summary could not be drawn. {failure} Try again.") from None
    note_copy(Action.REPORT_DOWNLOAD, paper="portfolio")
    return as_pdf(printed, f"Portfolio {today}.pdf")


def _ageing(found: Portfolio) -> list[tuple[Turn, list[int], Stack]]:
    """Return a row for each party that has a ball: counts by age, and their bar."""
    ages = age_names(BALL_EDGES)
    rows = {
        turn: [found.ageing.get((turn, age), 0) for age in range(len(ages))]
        for turn in Turn
        if turn is not Turn.NOBODY
    }
    most = max((sum(counts) for counts in rows.values()), default=0)
    return [(turn, counts, _bar(ages, counts, most)) for turn, counts in rows.items()]


def _findings(found: Portfolio) -> list[tuple[Severity, list[int], Stack]]:
    """Return a row for each severity: counts by age, and their bar."""
    ages = age_names(EDGES)
    rows = {
        severity: [found.findings.get((severity, age), 0) for age in range(len(ages))]
        for severity in Severity
    }
    most = max((sum(counts) for counts in rows.values()), default=0)
    return [(severity, counts, _bar(ages, counts, most)) for severity, counts in rows.items()]


def _bar(ages: list[str], counts: list[int], most: int) -> Stack:
    parts = zip(range(len(ages)), ages, counts, strict=True)
    return stack(((f"age-{age}", name, count) for age, name, count in parts), of=most)
