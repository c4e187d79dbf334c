"""Every view has a lock plate; the table of doors is reviewed as a diff."""

import ast
import re

import pytest
from flask import Blueprint

from foundation.web import House, plate_of
from tests.house.rooms import ROOT, files_of, functions_in, is_view

DOORS = ROOT / "tests" / "house" / "doors.txt"
ASKS_AGAIN = "+again"
"""Marks a door where somebody who proved who they are long ago has to do so again."""


def table_of(app: House) -> str:
    """Return one line for each route: methods, address, endpoint, plate, and who is asked again."""
    lines = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        plate = plate_of(app.view_functions[rule.endpoint])
        again = f" {ASKS_AGAIN}" if plate and plate.again else ""
        name = plate.name if plate else "-"
        lines.append(f"{methods:6} {rule.rule:64} {rule.endpoint:36} {name}{again}")
    return "\n".join(sorted(lines, key=lambda line: line.split()[1])) + "\n"


def test_the_table_of_doors_is_what_was_reviewed(app):
    table = table_of(app)
    if not DOORS.exists() or DOORS.read_text() != table:
        DOORS.write_text(table)
        pytest.fail("The doors changed: doors.txt was written anew. Review it and commit it.")


def test_every_view_has_a_plate(app):
    assert "-" not in {line.split()[-1] for line in table_of(app).splitlines()}


def test_no_view_answers_reading_and_writing_under_one_right(app):
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert len(methods) == 1, f"{rule.endpoint} answers {methods}"


def test_no_writing_view_asks_a_reading_right(app):
    for rule in app.url_map.iter_rules():
        plate = plate_of(app.view_functions[rule.endpoint])
        if "GET" not in (rule.methods or set()):
            assert not plate.name.endswith(":read"), f"{rule.endpoint} writes under {plate.name}"


def test_an_undeclared_view_does_not_start(app):
    bare = Blueprint("bare", __name__)
    bare.get("/bare")(lambda: "open to nobody")
    other = House("other")
    other.register_blueprint(bare)
    with pytest.raises(RuntimeError, match="declare no right"):
        other.refuse_undeclared_views()


def test_views_never_query_by_themselves():
    broken = [
        f"{f.relative_to(ROOT)}: {node.name}"
        for f in files_of()
        if f.name.endswith("views.py")
        for node in functions_in(ast.parse(f.read_text()))
        if is_view(node) and _selects(node)
    ]
    assert broken == []


def _selects(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "select"
        for n in ast.walk(node)
    )


def forms_in(text: str) -> list[str]:
    """Return the forms a module defines: they belong in a room's forms.py."""
    if not re.search(r"class \w*Form\b", text):
        return []
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Form")
    ]


def test_views_define_no_forms():
    found = {str(f.relative_to(ROOT)): forms_in(f.read_text()) for f in files_of()}
    views = {name: forms for name, forms in found.items() if name.endswith("views.py") and forms}
    assert views == {"operations/demo_views.py": ["SampleForm"]}, "but for the styleguide's"


def test_the_fence_around_forms_bites():
    assert forms_in("class NoteForm(BaseForm):\n    pass\n") == ["NoteForm"]
    assert forms_in("class NoteForm:\n    pass\n") == ["NoteForm"]
