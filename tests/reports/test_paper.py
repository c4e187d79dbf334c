"""The PDF: tagged, whole, reproducible, and made of packaged assets only."""

import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest
from pdfua.validator import validate
from pikepdf import Name
from weasyprint.urls import FatalURLFetchingError

from foundation import sandbox
from operations.parts import SANDBOX_TASKS
from reports import glyphs
from reports.dossier import from_json, sha256_of, to_json
from reports.dossier_parts import VendorFacts
from reports.outline import parts_of
from reports.papers import EXTRA, Paper, cut
from reports.printing import ENVIRONMENT, print_report
from tests.reports import sample

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

AGAIN = """
from operations.parts import SANDBOX_TASKS
from foundation import sandbox
from reports.outline import parts_of
from reports.papers import EXTRA, Paper, cut
from reports.printing import ENVIRONMENT, print_report
from reports.dossier import to_json
from tests.reports import sample
import hashlib
sandbox.configure(environment=ENVIRONMENT)
sandbox.register(SANDBOX_TASKS)
print(hashlib.sha256(print_report(to_json(sample.whole()), is_draft=False)).hexdigest())
"""


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    sandbox.register(SANDBOX_TASKS)
    sandbox.configure(environment=ENVIRONMENT)


@pytest.fixture(scope="module")
def printed(_sandbox) -> bytes:
    return print_report(to_json(sample.whole()), is_draft=False)


@pytest.fixture(scope="module")
def draft(_sandbox) -> bytes:
    return print_report(to_json(sample.bare()), is_draft=True)


@pytest.fixture(scope="module")
def extra(_sandbox) -> dict[Paper, bytes]:
    return {
        paper: print_report(to_json(cut(sample.whole(), paper)), is_draft=False) for paper in EXTRA
    }


def test_the_papers_are_built_for_pdf_ua(printed, draft, extra, tmp_path):
    named = {"whole": printed, "bare": draft, **{str(paper): made for paper, made in extra.items()}}
    for name, content in named.items():
        told = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
        assert told.is_compliant, [f"{f.rule_id}: {f.message}" for f in told.failures]
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(content)
        assert not validate(str(file)).findings


def test_it_names_itself_and_can_be_walked_through(printed):
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as told:
            assert told["dc:title"] == "Due diligence report D-0001: Acme Payments"
            assert told["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert "13 Decision and sign-off" in titles
        assert "9 Card data responsibilities" in titles
        assert titles[-4:] == [
            "A All answers",
            "B The whole sum and its rules",
            "C Questionnaires and mappings",
            "D What has changed",
        ]
        assert "/IDTree" in pdf.Root.StructTreeRoot


def test_it_embeds_exactly_its_own_data(printed):
    content = to_json(sample.whole())
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert list(pdf.attachments) == ["dossier.json"]
        file = pdf.attachments["dossier.json"]
        assert file.obj.AFRelationship == Name.Data
        assert file.get_file().read_bytes() == content
        embedded = [o for o in pdf.objects if getattr(o, "Type", None) == Name.EmbeddedFile]
        assert len(embedded) == 1
    assert sha256_of(content) in text_of(printed).replace("\n", "")


def test_the_board_gets_one_page_whatever_was_written(extra):
    assert pages_of(extra[Paper.BOARD]) == 1
    wordy = "Every word of this was written by somebody with much to say about it. " * 40
    whole = sample.whole()
    crowded = replace(
        whole,
        vendor=replace(whole.vendor, name="Aa" * 150, purpose=wordy),
        verdict=replace(whole.verdict, reasons=(wordy,) * 6),
        conditions=tuple(replace(whole.conditions[0], text=wordy) for _ in range(9)),
        findings=tuple(replace(whole.findings[0], title=wordy[:200]) for _ in range(9)),
    )
    made = print_report(to_json(cut(crowded, Paper.BOARD)), is_draft=False)
    assert pages_of(made) == 1
    whole_report = print_report(to_json(crowded), is_draft=False)
    said = [page_text(whole_report, place) for place in (2, 3)]
    assert said[0].startswith("1 Executive summary")
    assert said[1].startswith("2 Scope"), "the summary is one page"


def test_each_paper_embeds_what_it_shows_and_no_more(extra):
    for paper, made in extra.items():
        with pikepdf.open(BytesIO(made)) as pdf:
            (name,) = pdf.attachments
            inside = from_json(pdf.attachments[name].get_file().read_bytes())
        assert inside == cut(sample.whole(), paper)


def test_parts_that_do_not_apply_have_no_number_and_no_page():
    bare = sample.whole(pci=(), changes=None)
    titles = [f"{part.no} {part.title}" for part in parts_of(bare)]
    assert "9 Sub-processors and data locations" in titles
    assert not any("Card data" in title or "changed" in title for title in titles)


def test_every_font_is_inside(printed):
    with pikepdf.open(BytesIO(printed)) as pdf:
        described = [
            o
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and o.get(Name.Type) == Name.FontDescriptor
        ]
        names = {str(o.FontName) for o in described}
        assert all("/FontFile2" in o or "/FontFile3" in o for o in described)
    assert all("Noto" in name for name in names), names
    assert any("Naskh" in name for name in names), "Urdu has its letters"


def test_the_same_facts_give_the_same_bytes_in_another_process(printed):
    import hashlib

    told = subprocess.run(
        [sys.executable, "-c", AGAIN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == hashlib.sha256(printed).hexdigest()


def test_one_changed_fact_changes_the_hash():
    whole = sample.whole()
    other = replace(whole, decision=replace(whole.decision, note="Agreed"))
    assert sha256_of(to_json(whole)) != sha256_of(to_json(other))
    assert from_json(to_json(whole)) == whole


def test_what_is_signed_is_a_decision_and_what_is_not_a_recommendation(printed, draft):
    assert "DECISION Approved" in " ".join(text_of(printed).split())
    assert "RECOMMENDATION" in text_of(draft)


def test_the_cover_and_the_boards_page_name_who_buys(printed, extra):
    buyer = sample.whole().organisation
    for paper in (printed, *extra.values()):
        band = page_text(paper, 0).split(sample.whole().vendor.name)[0]
        assert buyer in band, band


def test_clauses_that_are_missing_are_counted_among_those_not_settled(printed):
    held = sample.whole().coverage
    said = " ".join(text_of(printed).split())
    left = held.open + held.missing
    assert held.missing, "the sample has one that is missing"
    assert f"{left} are not settled, {held.missing} of them missing." in said


def test_what_is_unknown_is_said(draft):
    said = text_of(draft)
    assert "Not assessed yet" in said
    assert "Nothing has been decided" in said
    assert "draft: it is in no register" in said
    assert "Low" not in said


def test_what_was_out_of_scope_is_listed_with_its_reason(printed, draft):
    said = " ".join(text_of(printed).split())
    assert "12 left out by rule, 2 of them out of scope" in said
    assert "At sending the intake said: no card data comes into it. Not asked:" in said
    assert "Do payment card numbers of our customers reach your systems?" in said
    assert "The scope has changed since A-0107 was sent." in said
    assert "1 of its questions" in said
    assert "Does not apply, since the tier is 4." in said
    assert "out of scope" not in text_of(draft).replace("by rule, or out of scope, count", "")


def test_a_draft_carries_its_watermark_and_the_report_none(printed, draft):
    assert len(with_background(draft)) > len(with_background(printed)) == 0


def test_texts_of_vendors_are_text(printed):
    said = text_of(printed)
    assert "<script>alert(1)</script>" in said
    assert "[U+4E2D]" in said
    assert "\u202e" not in said


@pytest.mark.parametrize(
    "name",
    [
        'A" } @page { background: url(http://evil.example/x) }',
        "</title><img src=file:///etc/passwd>",
    ],
)
def test_a_name_cannot_reach_out(name):
    facts = replace(
        sample.bare(),
        vendor=VendorFacts(reference="V-1", name=name, state=sample.MODERATE, owner="P"),
    )
    content = print_report(to_json(facts), is_draft=True)
    assert b"root:" not in content
    assert "evil" in text_of(content) or "passwd" in text_of(content)


def test_shapes():
    shapes = glyphs.Shapes(map(ord, "abc "))
    assert glyphs.printable("a\x00b\u202ec z", shapes) == "abc [U+007A]"
    assert glyphs.direction("۔ ہم a") == "rtl"
    assert glyphs.direction("12 a ہ") == "ltr"


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in pages).replace("\r", "")


def pages_of(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


def page_text(content: bytes, place: int) -> str:
    document = pypdfium2.PdfDocument(content)
    return document[place].get_textpage().get_text_range().replace("\r", "")


def with_background(content: bytes) -> list[str]:
    """Return the drawings that are neither a chart nor the mark: the watermark."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            str(index)
            for index, each in enumerate(pdf.pages)
            if b"0.890196 0.909804 0.941176" in drawn(pdf, each)
        ]


def drawn(pdf: pikepdf.Pdf, each: pikepdf.Page) -> bytes:
    streams = [each.Contents.read_bytes() if not isinstance(each.Contents, pikepdf.Array) else b""]
    streams += [
        o.read_bytes()
        for o in pdf.objects
        if isinstance(o, pikepdf.Stream) and o.get(Name.Subtype) == Name.Form
    ]
    return b"\n".join(streams)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/a.png", "file:///etc/passwd", "data:image/png;base64,AA==", "duly:other"],
)
def test_nothing_but_packaged_drawings_is_fetched(address):
    paper = import_module("reports.paper")
    with pytest.raises(FatalURLFetchingError):
        paper.PackagedOnly().fetch(address)
