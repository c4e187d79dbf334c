"""The page a report is drawn from: XML and HTML at once, whatever somebody wrote into it."""

from xml.etree.ElementTree import ParseError, fromstring

import pytest
import tinyhtml5

from reports import paper, sheet
from reports.papers import Paper, cut
from tests.reports import sample
from tests.reports.test_second_summary import bilingual

HTML_ONLY = "{http://www.w3.org/2000/xmlns/}xmlns"
"""What an HTML parser calls the namespace an XML parser has understood."""

DOSSIERS = {
    "whole": sample.whole(),
    "bare": sample.bare(),
    "bilingual": bilingual(),
    "letter": sample.whole(page_size="letter"),
    **{name: cut(sample.whole(), name) for name in Paper},
}


def _told(element, depth=0):
    """Return the elements with their attributes and words; blanks between them mean nothing."""
    kept = {key: value for key, value in element.attrib.items() if key != HTML_ONLY}
    told = [(depth, element.tag, kept, (element.text or "").split())]
    for child in element:
        if isinstance(child.tag, str):
            told += _told(child, depth + 1)
        told.append((depth, (child.tail or "").split()))
    return told


@pytest.mark.parametrize("is_draft", [True, False])
@pytest.mark.parametrize("dossier", DOSSIERS.values(), ids=DOSSIERS)
def test_both_readings_of_every_paper_are_the_same(dossier, is_draft):
    page = paper.html_of(dossier, sha256="ab" * 32, is_draft=is_draft)
    by_html = tinyhtml5.parse(page, namespace_html_elements=False)
    by_xml = sheet.read(page, paper._fetcher)
    assert isinstance(by_xml, sheet.Sheet)  # not the way out below
    assert _told(by_xml.etree_element) == _told(by_html)


def test_what_somebody_wrote_stays_what_they_wrote():
    page = paper.html_of(sample.whole(), sha256="ab" * 32, is_draft=False)
    said = " ".join("".join(fromstring(page).itertext()).split())
    assert "<script>alert(1)</script>" in said
    assert sample.URDU in said


def test_a_page_that_is_no_xml_is_read_as_html():
    page = "<!DOCTYPE html><p>One<br>two"
    with pytest.raises(ParseError):
        fromstring(page)
    told = sheet.read(page, paper._fetcher)
    assert "".join(told.etree_element.itertext()).split() == ["Onetwo"]
