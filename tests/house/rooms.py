"""What the fences read: the rooms and their files."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROOMS = (
    "foundation",
    "mail",
    "audit",
    "organisation",
    "identity",
    "accounts",
    "vendors",
    "evidence",
    "questionnaires",
    "contracts",
    "reviews",
    "reminders",
    "reports",
    "portal",
    "operations",
)


def files_of(*rooms: str) -> list[Path]:
    """Return the Python files of rooms (all of them by default) and app.py."""
    found = [p for room in rooms or ROOMS for p in sorted((ROOT / room).rglob("*.py"))]
    return found if rooms else [*found, ROOT / "app.py"]


def functions_in(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body, decorators and docstring left out."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return 0 if not body else (body[-1].end_lineno or 0) - body[0].lineno + 1


def is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function is hung on a blueprint."""
    return any(_is_route(decorator) for decorator in node.decorator_list)


def _is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and ast.unparse(called.value) == "bp"
