"""Who may write outside the request's own transaction: tries, denials, sightings, downloads."""

import ast

from tests.house.rooms import ROOT, files_of

ALLOWED = {
    "accounts/api_access.py: touch",
    "accounts/copies.py: note_copy",
    "accounts/proving.py: _prove",
    "accounts/signin.py: touch",
    "accounts/tries.py: _count",
    "accounts/tries.py: _count_password_try",
    "accounts/tries.py: _note",
    "accounts/tries.py: refuse_but_work_account",
    "evidence/noting.py: note_download",
    "evidence/noting.py: note_tampering",
    "evidence/quarantine.py: quarantine",
    "identity/challenges.py: try_code",
    "identity/passkey_challenges.py: take",
    "identity/sign_ons.py: take",
    "operations/demo_views.py: demo_door",
    "operations/first_run_views.py: _check_code",
    "portal/code_views.py: _is_code",
    "portal/entry_views.py: _may_mail",
    "portal/factor_views.py: _may",
    "portal/pass_on_views.py: _may_name",
    "portal/passkey_views.py: _refused",
    "portal/session.py: touch",
    "reports/feed_access.py: count",
    "reports/report_views.py: _note_copy",
    "reports/verify_views.py: _may_try",
}
"""A new caller is a decision: what it writes survives a refusal of the request around it."""


def callers(text: str, name: str) -> set[str]:
    """Return the functions of a module that open a side_write."""
    if "side_write" not in text:
        return set()  # reading every module anew took most of the time of the fences
    return {
        f"{name}: {outer.name}"
        for outer in ast.walk(ast.parse(text))
        if isinstance(outer, ast.FunctionDef)
        for node in ast.walk(outer)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "side_write"
    }


def test_the_callers_are_those_we_agreed_on():
    found = {c for f in files_of() for c in callers(f.read_text(), str(f.relative_to(ROOT)))}
    assert found == ALLOWED


def test_the_fence_bites():
    text = "def sneak():\n    with side_write() as apart:\n        pass\n"
    assert callers(text, "m.py") == {"m.py: sneak"}
