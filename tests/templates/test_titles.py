"""Titles: every page about a vendor names it, so that ten open tabs can be told apart."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = [
    page
    for page in sorted(TEMPLATES.rglob("*.html"))
    if "block crumbs" in page.read_text() and page.parent.name != "layouts"
]
OF_A_VENDOR = [page for page in PAGES if 'url_for("reports.vendor"' in page.read_text()]


def block(page, name):
    found = re.search(rf"{{% block {name} %}}(.*?){{% endblock %}}", page.read_text(), re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("page", OF_A_VENDOR, ids=lambda page: page.stem)
def test_the_title_of_a_page_about_a_vendor_names_it(page):
    if 'url_for("reports.vendor"' not in block(page, "crumbs"):
        return
    names = re.search(
        r"crumbs\(\[?.*?\(([a-z_.]+), url_for\(.reports.vendor", page.read_text(), re.DOTALL
    )
    assert names, page
    assert names[1] in block(page, "title"), (page.name, names[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_a_title_and_one_heading_of_the_first_rank(page):
    assert block(page, "title").strip(), page
    assert page.read_text().count("<h1") == 1, page
