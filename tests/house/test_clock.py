"""The clock is true: nothing that runs for people can move it."""

import ast

import pytest

from tests.house.rooms import ROOT, files_of

MOVERS = {"told", "fixed", "shifted"}
MAY = ("operations/demo/", "foundation/clock.py")
"""The demo tells the story of months in seconds; what it writes is a demo's."""


def movers(text: str, name: str) -> list[str]:
    """Return every place where a module moves the clock, or takes the means to."""
    found: list[str] = []
    if not any(mover in text for mover in MOVERS):
        return found
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and _is_clock(node.value) and node.attr in MOVERS:
            found.append(f"{name} moves the clock in line {node.lineno}")
        elif isinstance(node, ast.ImportFrom) and node.module == "foundation.clock":
            found += [f"{name} imports {a.name}" for a in node.names if a.name in MOVERS]
    return found


def _is_clock(named: ast.expr) -> bool:
    return isinstance(named, ast.Name) and named.id == "clock"


def test_only_the_demo_moves_the_clock():
    names = {f: str(f.relative_to(ROOT)) for f in files_of()}
    outside = {f: name for f, name in names.items() if not name.startswith(MAY)}
    assert [m for f, name in outside.items() for m in movers(f.read_text(), name)] == []


@pytest.mark.parametrize(
    "text",
    ["clock.told(x)", "with clock.fixed(at): pass", "from foundation.clock import shifted"],
)
def test_the_fence_bites(text):
    assert movers(text, "m.py")
