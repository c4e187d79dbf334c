"""US Letter by setting: frozen into the dossier, every page of every paper, one page where one is due."""

import json
from io import BytesIO

import page
import pikepdf
import pypdfium2
import pytest
from pdfua.validator import validate

from audit.actions import SYSTEM
from foundation import clock, sandbox
from operations.parts import SANDBOX_TASKS
from organisation.commands import set_up
from reports.assemble import assemble
from reports.dossier import from_json, to_json
from reports.papers import Paper, cut
from reports.portfolio_facts import from_json as portfolio_from_json
from reports.printing import ENVIRONMENT, print_report
from tests import makers
from tests.people import PERVEZ
from tests.reports import sample
from tests.reports.test_second_summary import crowded

LETTER = (612, 792)


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    sandbox.register(SANDBOX_TASKS)
    sandbox.configure(environment=ENVIRONMENT)


def drawn(dossier, paper=Paper.FULL):
    return print_report(to_json(cut(dossier, paper)), is_draft=False)


def sizes_of(content):
    return [tuple(map(round, each.get_size())) for each in pypdfium2.PdfDocument(content)]


def letter(session, choice="letter"):
    set_up(session, at=clock.now(), by=SYSTEM, page_size=choice)


def test_the_setting_is_frozen_when_the_report_is_ordered(session):
    vendor = makers.make_vendor(session, name="Acme Payments")
    assert assemble(session, vendor.id, clock.now()).page_size == "a4"
    letter(session)
    dossier = assemble(session, vendor.id, clock.now())
    assert dossier.page_size == "letter"
    letter(session, "a4")
    assert from_json(to_json(dossier)).page_size == "letter"
    assert {cut(dossier, paper).page_size for paper in Paper} == {"letter"}


def test_a_dossier_of_before_is_printed_on_a4():
    older = json.loads(to_json(sample.bare()))
    del older["page_size"], older["second"]
    assert from_json(json.dumps(older).encode()) == sample.bare()


def test_the_portfolio_follows_it(people, database):
    with database.writing() as session:
        letter(session)
    content = people.browser(PERVEZ).get("/dashboard/download").data
    assert sizes_of(content) == [LETTER]
    with pikepdf.open(BytesIO(content)) as pdf:
        data = pdf.attachments["portfolio.json"].get_file().read_bytes()
    assert portfolio_from_json(data).page_size == "letter"
    told = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert told.is_compliant, [f"{f.rule_id}: {f.message}" for f in told.failures]


@pytest.mark.slow
@pytest.mark.parametrize("paper", list(Paper))
def test_every_page_has_the_size_and_every_paper_is_accessible(paper, tmp_path):
    content = drawn(crowded(page_size="letter"), paper)
    assert set(sizes_of(content)) == {LETTER}
    told = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert told.is_compliant, [f"{f.rule_id}: {f.message}" for f in told.failures]
    file = tmp_path / "letter.pdf"
    file.write_bytes(content)
    assert not validate(str(file)).findings
    if paper is Paper.BOARD:
        assert drawn(crowded(page_size="letter"), paper) == content, (
            "the same facts, the same bytes"
        )
        assert len(sizes_of(content)) == 1, "one page for the board"
    if paper is Paper.FULL:
        texts = [each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(content)]
        starts = [text.partition("\n")[0].strip() for text in texts[1:5]]
        assert starts[:2] == ["Contents", "1 Executive summary"]
        assert starts[3] == "2 Scope and method", "each summary is one page"
