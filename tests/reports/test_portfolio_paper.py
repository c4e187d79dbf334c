"""The portfolio on paper: what one person may see, tagged, with its numbers inside."""

from io import BytesIO

import page
import pikepdf
import pypdfium2

from reports import paper, sheet
from reports.portfolio_facts import from_json
from tests.people import PERVEZ, RABIA
from vendors.models import Vendor


def taken(browser):
    answer = browser.get("/dashboard/download")
    assert answer.status_code == 200
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        data = pdf.attachments["portfolio.json"].get_file().read_bytes()
    return answer.data, from_json(data)


def test_it_holds_what_the_dashboard_says(people, acme):
    content, facts = taken(people.browser(PERVEZ))
    assert (facts.vendors, facts.rated, facts.prepared_by) == (1, 0, "Pervez Anwar")
    assert facts.rows[0].counts == (0, 0, 0, 0, 1), "tier 1, and unknown is not low"
    told = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert told.is_compliant, [f"{f.rule_id}: {f.message}" for f in told.failures]
    said = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert "1 vendor in use" in said
    assert "Nothing is past its date." in said
    drawn = paper.html_of_portfolio(facts, sha256="ab" * 32)
    assert isinstance(sheet.read(drawn, paper._fetcher), sheet.Sheet), "it is XML too"


def test_a_hidden_vendor_is_not_counted(people, database, acme):
    with database.writing() as session:
        session.get_one(Vendor, acme).is_need_to_know = True
    assert taken(people.browser(RABIA))[1].vendors == 0
    assert taken(people.browser(PERVEZ))[1].vendors == 1, "its owner sees it"
