"""The corridor: files, functions, views and templates stay small."""

import ast

import pytest

from tests.house.rooms import ROOT, files_of, functions_in, is_view, length_of

MOST_FILE, MOST_FUNCTION, MOST_VIEW, MOST_TEMPLATE = 250, 40, 30, 150


def too_long(text: str, name: str) -> list[str]:
    """Return what breaks the corridor in one module."""
    found = []
    n_lines = len(text.splitlines())
    if n_lines > MOST_FILE:
        found.append(f"{name} has {n_lines} lines")
    for node in functions_in(ast.parse(text)):
        most = MOST_VIEW if is_view(node) else MOST_FUNCTION
        if length_of(node) > most:
            found.append(f"{name}: {node.name} has {length_of(node)} lines")
    return found


def test_no_module_leaves_the_corridor():
    broken = [b for f in files_of() for b in too_long(f.read_text(), str(f.relative_to(ROOT)))]
    assert broken == []


def test_no_template_leaves_the_corridor():
    broken = [
        f"{f.relative_to(ROOT)} has {n} lines"
        for f in sorted((ROOT / "templates").rglob("*.*"))
        if (n := len(f.read_text().splitlines())) > MOST_TEMPLATE
    ]
    assert broken == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\n" * 251, "has 251 lines"),
        ("def f():\n" + "    x = 1\n" * 41, "f has 41 lines"),
        ("@bp.get('/x')\ndef f():\n" + "    x = 1\n" * 31, "f has 31 lines"),
    ],
)
def test_the_fence_bites(text, expected):
    assert any(expected in broken for broken in too_long(text, "m.py"))
