"""Templates compile, name what they import, protect their forms, and carry no inline code."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes

from tests.house.rooms import ROOT

FOLDER = ROOT / "templates"
PAGES = sorted(p for p in FOLDER.rglob("*.html") if p.parent.name not in {"layouts", "components"})
POST_FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>(.*?)</form>', re.IGNORECASE | re.DOTALL)
INLINE = re.compile(
    r'\sstyle="|\son[a-z]+="|<script(?![^>]*\bsrc=)|<style\b|javascript:|data:[a-z]+/'
)
ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    extensions=["jinja2.ext.i18n"],
    autoescape=True,
)


def unused_imports(source: str) -> list[str]:
    """Return macros a template imports and never calls."""
    tree = ENVIRONMENT.parse(source)
    names = [
        (name if isinstance(name, str) else name[1])
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    ]
    used = {n.name for n in tree.find_all(nodes.Name) if n.ctx == "load"}
    return [name for name in names if name not in used]


COMPONENTS = {
    name
    for path in (FOLDER / "components").glob("*.html")
    for name in re.findall(r"macro (\w+)", path.read_text())
}


def borrowed_macros(source: str) -> set[str]:
    """Return components a template calls without importing them itself.

    A partial that lives on its parent's imports breaks when the parent is tidied.
    """
    tree = ENVIRONMENT.parse(source)
    imported = {
        (name if isinstance(name, str) else name[1])
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    }
    own = {node.name for node in tree.find_all(nodes.Macro)}
    called = {
        node.node.name for node in tree.find_all(nodes.Call) if isinstance(node.node, nodes.Name)
    }
    return (called & COMPONENTS) - imported - own


def unprotected_forms(source: str) -> int:
    """Return how many POST forms carry no token."""
    return sum(
        1
        for body in POST_FORM.findall(source)
        if "csrf_field()" not in body and "csrf()" not in body
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_a_template_keeps_house(path: Path):
    source = path.read_text()
    assert unused_imports(source) == []
    assert borrowed_macros(source) == set()
    assert unprotected_forms(source) == 0
    assert not INLINE.search(source), INLINE.search(source)
    if "{% extends" in source and "print" not in path.parts[-2]:
        assert "{% block title %}" in source


def test_the_fences_bite():
    assert borrowed_macros("{{ empty('a', 'b') }}") == {"empty"}
    assert unused_imports('{% from "components/badge.html" import badge %}') == ["badge"]
    assert unprotected_forms('<form method="post"><button>Go</button></form>') == 1
    assert INLINE.search('<p style="color: red">')
    assert INLINE.search("<script>alert(1)</script>")


def test_a_template_is_named_after_its_endpoint(app):
    endpoints = {r.endpoint for r in app.url_map.iter_rules()}
    rooms = {e.split(".")[0] for e in endpoints}
    views = {tuple(e.split(".")) for e in endpoints if "." in e}
    shared = {
        name
        for path in PAGES
        for name in re.findall(r'"([a-z_]+/[a-z_]+\.html)"', path.read_text())
    }
    shown_by_code = {
        name
        for f in ROOT.glob("*/*.py")
        for name in re.findall(r'"([a-z_]+/[a-z_]+\.html)"', f.read_text())
    }
    for path in PAGES:
        room, name = path.parent.name, path.stem
        if room in rooms and (room, name) not in views:
            known = f"{room}/{name}.html"
            assert known in shared | shown_by_code, (
                f"{known} belongs to no endpoint and no template"
            )
