"""The report on paper: frozen bytes in, a tagged PDF out. Runs in the sandbox only.

It opens no socket and no file but the packaged ones named below, so the same dossier, template,
fonts and renderer give the same bytes anywhere.
"""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from foundation.dates import day_in, zone_name
from reports import (
    charts_of_controls,
    crossing,
    glyphs,
    languages,
    marks,
    outline,
    portfolio_facts,
    sheet,
    tagging,
    urdu,
)
from reports.areas import coverage_of
from reports.changes import LEAST
from reports.dossier import Dossier, from_json, sha256_of
from reports.dossier_past import EffectFacts, PersonFacts
from reports.portfolio_facts import PortfolioFacts
from reports.printing import RENDERER

ROOT = Path(__file__).resolve().parent.parent
ASSETS = {
    "duly:wordmark.svg": ROOT / "static" / "wordmark.svg",
    "duly:draft.svg": ROOT / "templates" / "print" / "draft.svg",
}
"""Everything a page may ask for."""

TEMPLATES = {"full": "report.html", "board": "board.html", "vendor": "vendor.html"}


class PackagedOnly(URLFetcher):  # type: ignore[misc]  # it has no types
    """Gives the packaged assets by name; anything else stops the print."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return an asset. Raises FatalURLFetchingError for every other address."""
        del headers
        known = ASSETS.get(url)
        if known is None:
            raise FatalURLFetchingError("The report asked for something outside its package.")
        drawing = known.read_bytes().replace(b"currentColor", b"#ffffff")
        return URLFetcherResponse(url, drawing, {"Content-Type": "image/svg+xml"})


def render(payload: bytes) -> bytes:
    """Return the PDF of one order: a line of facts, then the dossier's canonical bytes."""
    head, _, content = payload.partition(b"\n")
    facts = json.loads(head)
    dossier = from_json(content)
    page = html_of(dossier, sha256=sha256_of(content), is_draft=facts["is_draft"])
    return _printed(page, content, dossier, name="dossier.json")


def render_portfolio(content: bytes) -> bytes:
    """Return the PDF of a portfolio's canonical bytes."""
    facts = portfolio_facts.from_json(content)
    page = html_of_portfolio(facts, sha256=sha256_of(content))
    return _printed(page, content, facts, name="portfolio.json")


def _printed(page: str, content: bytes, facts: Dossier | PortfolioFacts, *, name: str) -> bytes:
    # The subset fonts carry a date: it must be the report's, not the machine's.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(facts.as_of.timestamp()))
    moment = facts.as_of.astimezone(UTC)
    attached = Attachment(
        string=content,
        url_fetcher=_fetcher,
        name=name,
        description="The data this report was made of",
        created=moment,
        modified=moment,
        relationship="Data",
    )
    is_bilingual = isinstance(facts, Dossier) and facts.second is not None
    printed = sheet.read(page, _fetcher).write_pdf(
        stylesheets=[_style, *_OTHER_SIZES.get(facts.page_size, ())],
        font_config=_fonts,
        attachments=[attached],
        pdf_variant="pdf/ua-1",
        finisher=languages.finish if is_bilingual else tagging.finish,
    )
    return tagging.identified(printed)


def trial(payload: bytes) -> bytes:
    """Return a page that says one line: whether anything can be printed here at all."""
    page = sheet.read("<html><body><p/></body></html>", _fetcher)
    page.etree_element.find(".//p").text = payload.decode()
    return bytes(page.write_pdf(font_config=_fonts))


def html_of(dossier: Dossier, *, sha256: str, is_draft: bool) -> str:
    """Return the page the report is drawn from."""
    shown = glyphs.all_printable(dossier, _shapes)
    levels = charts_of_controls.proof_levels(shown.assessments, shown.rules)
    last = shown.last_cycle.areas if shown.last_cycle else ()
    return _templates.get_template(TEMPLATES[dossier.paper]).render(
        d=shown,
        x=crossing.crossings_of(shown),
        parts=outline.parts_of(shown),
        chart=charts_of_controls.areas_chart(shown.areas, last, shown.standing.bar),
        levels=levels,
        coverage=coverage_of(shown.areas),
        effects=sorted(shown.changes.effects, key=_size) if shown.changes else (),
        proof=charts_of_controls.proof_stack(levels),
        sha256=sha256,
        mark=marks.DRAFT if is_draft else f"{marks.DATA}{sha256}",
        is_draft=is_draft,
        renderer=RENDERER,
    )


def html_of_portfolio(facts: PortfolioFacts, *, sha256: str) -> str:
    """Return the page the portfolio is drawn from."""
    shown = glyphs.all_printable(facts, _shapes)
    return _templates.get_template("portfolio.html").render(d=shown, sha256=sha256)


def _size(one: EffectFacts) -> float:
    return -abs(one.points)


def person(one: PersonFacts) -> str:
    """Write somebody with how many answers were theirs."""
    return f"{one.name} ({one.answers})"


def day(value: date | None) -> str:
    """Write a date as 18 December 2026; nothing known is a dash."""
    return "–" if value is None else f"{value.day} {value:%B %Y}"


def moment(value: datetime | None, zone: str) -> str:
    """Write a moment as 18 December 2026, 10:42 UTC, in a zone and with the zone named."""
    if value is None:
        return "–"
    there = value.astimezone(ZoneInfo(zone))
    return f"{day(day_in(value, zone))}, {there:%H:%M} {zone_name(there)}"


def percent(share: float | None) -> str:
    """Write a share of 1 out of 100 with one decimal; nothing is "not scored"."""
    return "not scored" if share is None else f"{share * 100:.1f}"


def number(value: float | None) -> str:
    """Write a risk with one decimal; nothing is "not assessed yet"."""
    return "not assessed yet" if value is None else f"{value:.1f}"


def points(value: float | None) -> str:
    """Write an effect with its sign, a real minus where it is less; nothing is a dash."""
    if value is None:
        return "–"
    return "0.0" if abs(value) < LEAST else f"{value:+.1f}".replace("-", "\u2212")


def size(value: int) -> str:
    """Write a number of bytes for people."""
    return f"{value / 1_000_000:.1f} MB" if value >= 1_000_000 else f"{max(1, value // 1000)} kB"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "print"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=day,
        day_in=day_in,
        moment=moment,
        percent=percent,
        number=number,
        size=size,
        points=points,
        person=person,
        dir=glyphs.direction,
        day_ur=urdu.day,
        moved_ur=urdu.moved,
        compared_ur=urdu.compared,
    )
    return made


_fetcher = PackagedOnly(allowed_protocols=set())
_fonts = FontConfiguration()
_templates = _environment()
for _name in _templates.list_templates(["html"]):
    _templates.get_template(_name)  # compiled once, before the child of each print forks off
_shapes = glyphs.shapes_of(sorted((ROOT / "static" / "fonts").glob("*.ttf")))


def _styles(name: str) -> CSS:
    text = (ROOT / "static" / name).read_text()
    return CSS(string=text, font_config=_fonts, url_fetcher=_fetcher)


_style = _styles("print.css")
_OTHER_SIZES = {"letter": (_styles("print-letter.css"),)}
"""What differs from A4, by page size."""
