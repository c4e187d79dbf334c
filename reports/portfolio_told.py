"""From the portfolio as a page shows it to the facts its paper is drawn of."""

from datetime import datetime

from foundation.labels import label
from organisation.rules import PageSize
from reports.portfolio import BANDS, TIERS, Late, Portfolio
from reports.portfolio_facts import HeatRow, LateFacts, PortfolioFacts
from reviews.rules import Severity

UNKNOWN = "Not known yet"


def facts_of(
    found: Portfolio,
    *,
    organisation: str,
    prepared_by: str,
    at: datetime,
    zone: str,
    page_size: str = PageSize.A4,
) -> PortfolioFacts:
    """Return a portfolio as one person sees it, in the words of the report."""
    return PortfolioFacts(
        organisation=organisation,
        prepared_by=prepared_by,
        as_of=at.replace(microsecond=0),
        zone=zone,
        vendors=found.vendors,
        rated=found.rated,
        bands=tuple(label(band) if band else UNKNOWN for band in BANDS),
        rows=tuple(
            HeatRow(
                tier=f"Tier {tier}" if tier else UNKNOWN,
                counts=tuple(found.heat.get((tier, band), 0) for band in BANDS),
            )
            for tier in TIERS
        ),
        findings=tuple(
            (
                label(severity),
                sum(count for (each, _), count in found.findings.items() if each is severity),
            )
            for severity in Severity
        ),
        late=(
            *(_late("Answers", one) for one in found.late_answers.shown),
            *(_late("Finding", one) for one in found.late_findings.shown),
            *(_late("Review", one) for one in found.late_reviews.shown),
        ),
        page_size=str(page_size),
    )


def _late(kind: str, one: Late) -> LateFacts:
    return LateFacts(kind=kind, vendor=one.vendor, tier=one.tier, what=one.what, due_on=one.due_on)
