"""Rules are pure: no clock, no chance, no input; nothing imports inside a function."""

import ast
import re

import pytest

from tests.house.rooms import ROOT, files_of

PURE = ("rules.py", "tiering.py", "tier_model.py", "gates.py", "residual.py", "scoring.py", "visibility.py", "conditions.py", "chain.py", "dates.py", "ladders.py")  # fmt: skip
FORBIDDEN = {"random", "secrets", "time", "os", "flask", "sqlalchemy", "wtforms", "socket"}
CLOCKS = {"now", "today", "utcnow"}
INNER = re.compile(r"(?:^[ \t]+|[:;][ \t]*)(?:import|from)\b", re.MULTILINE)


def impurities(text: str, name: str) -> list[str]:
    """Return every clock, chance or outside thing a module touches."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [f"{name} imports {a.name}" for a in node.names if _root(a.name) in FORBIDDEN]
        elif isinstance(node, ast.ImportFrom) and _root(node.module or "") in FORBIDDEN:
            found.append(f"{name} imports {node.module}")
        elif isinstance(node, ast.ImportFrom) and node.module == "foundation":
            found += [f"{name} imports the clock" for a in node.names if a.name == "clock"]
        elif isinstance(node, ast.Call) and _is_clock(node.func):
            found.append(f"{name} asks a clock in line {node.lineno}")
    return found


def hidden_imports(text: str, name: str) -> list[str]:
    """Return imports inside functions."""
    if not INNER.search(text):
        return []
    return [
        f"{name}: {outer.name} imports in line {node.lineno}"
        for outer in ast.walk(ast.parse(text))
        if isinstance(outer, ast.FunctionDef)
        for node in ast.walk(outer)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def _root(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def _is_clock(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and called.attr in CLOCKS
        and isinstance(called.value, ast.Name)
        and called.value.id in {"datetime", "date", "clock"}
    )


def test_rules_touch_nothing():
    pure = [f for f in files_of() if f.name in PURE]
    assert len(pure) > 10
    assert [i for f in pure for i in impurities(f.read_text(), str(f.relative_to(ROOT)))] == []


ALLOWED_HIDDEN = {
    "foundation/sandbox_child.py",
    "foundation/sandbox_zygote.py",
    "foundation/sandbox_walls.py",
    "reports/paper.py",
}
"""The limited child imports only what its job needs."""


def test_nothing_imports_inside_a_function():
    found = [
        i
        for f in files_of()
        if str(f.relative_to(ROOT)) not in ALLOWED_HIDDEN
        for i in hidden_imports(f.read_text(), str(f.relative_to(ROOT)))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["import random", "from os import environ", "from foundation import clock", "date.today()"],
)
def test_the_fence_bites(text):
    assert impurities(text, "rules.py")


def test_the_fence_against_hidden_imports_bites():
    assert hidden_imports("def f():\n    import os\n", "m.py")
