"""Where pages break: a heading stays with what follows, and no row of a table stands alone."""

import os

import pypdfium2
import pytest

from reports.printing import ENVIRONMENT

pytestmark = pytest.mark.slow

ROWS = "".join(f"<tr><th scope='row'>Row {n}</th><td>holds</td></tr>" for n in range(1, 7))
TABLE = f"<table><caption>Every row</caption><thead><tr><th>Name</th><th>Does it</th></tr></thead><tbody>{ROWS}</tbody></table>"
HEADED = f"<h1>Gates</h1><p class='lead'>No score outweighs them.</p>{TABLE}"
PROOF = "<p>It must be this:</p><p class='hash'>7d7d7d</p>"
VERDICT = (
    "<h1>Decision</h1><p class='verdict intro'><small>Decided</small>Approved</p><p>Sound.</p>"
)
FROM, TO, STEP = 172, 253, 9


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """Every page of a paper in which each piece meets the foot of a page at many heights."""
    os.environ.update(ENVIRONMENT)
    from reports import paper, sheet

    drawn = "".join(
        f"<section class='part'><div style='height:{space}mm'></div>{piece}</section>"
        for space in range(FROM, TO, STEP)
        for piece in (HEADED, PROOF, VERDICT)
    )
    page = sheet.read(f"<html><body>{drawn}</body></html>", paper._fetcher)
    made = page.write_pdf(stylesheets=[paper._style], font_config=paper._fonts)
    return [each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(made)]


def test_the_pieces_met_the_foot_of_a_page(pages):
    pieces = 3 * len(range(FROM, TO, STEP))
    assert len(pages) > pieces, "no piece was cut, so nothing is tested"
    assert sum("Row 6" in page for page in pages) == pieces // 3


def test_a_heading_stays_with_the_first_rows_of_its_table(pages):
    (*headed,) = (page for page in pages if "Every row" in page)
    assert len(headed) == len(range(FROM, TO, STEP))
    for page in headed:
        assert "Row 1" in page, page
        assert "Row 2" in page, page
        assert "Gates" in page, page


def test_no_row_stands_alone(pages):
    counts = [page.count("holds") for page in pages if "holds" in page]
    assert min(counts) >= 2, counts
    assert max(counts) == 6


def test_a_verdict_and_a_hash_stay_with_their_words(pages):
    for page in pages:
        assert ("DECIDED" in page.upper()) == ("Approved" in page), page
        assert ("Approved" in page) == ("Sound." in page), page
        assert ("It must be this:" in page) == ("7d7d7d" in page), page
