"""Static files: within budget, from this server only, nothing inline."""

import gzip
import re
from pathlib import Path

import pytest

from tests.templates.places import STATIC, TEMPLATES

OURS = [path for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg")]
PAGES = sorted(TEMPLATES.rglob("*.html"))
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def packed(*paths: Path) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_the_style_sheets_of_a_page_are_small():
    assert 0 < packed(STATIC / "app.css", STATIC / "portal.css") <= 12 * 1024


def test_the_scripts_are_small():
    assert 0 < packed(*STATIC.glob("js/*.js")) <= 15 * 1024


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path):
    text = path.read_text().replace(SVG_NAMESPACE, "")
    # "duly:" is the only scheme the report printer answers, from its own short list of files.
    assert not re.search(r"data:[a-z]+/|https?://|@import|url\((?!duly:)", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_page_has_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|data:image", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_script_imports_what_exists():
    for path in STATIC.glob("js/*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', path.read_text()):
            assert (path.parent / name).exists()


def test_every_word_a_script_asks_for_is_printed():
    printed = set(re.findall(r"data-([a-z-]+)=", (TEMPLATES / "layouts/words.html").read_text()))
    scripts = " ".join(path.read_text() for path in STATIC.glob("js/*.js"))
    asked = set(re.findall(r'word\("(\w+)"', scripts))
    assert asked
    assert {re.sub("([A-Z])", r"-\1", name).lower() for name in asked} <= printed
