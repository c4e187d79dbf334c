"""What every page has to keep: markup no browser has to guess at, ids once, fields with a label.

Read by Servo's parser, which names each error of the standard's own rules, those of the tree
included. A parser in Python found the same in ten times the time: a seventh of a whole run.
"""

from collections import Counter
from typing import Any

from markupever import HtmlOptions, Parser

UNSEEN = "".join(
    f":not([type={kind}])" for kind in ("hidden", "submit", "button", "image", "reset")
)
FIELDS = f"input{UNSEEN}, select, textarea"
WRAPPED = f"label input{UNSEEN}, label select, label textarea"
CHOICES = frozenset({"option", "optgroup", "hr"})
EXACT = {whole: HtmlOptions(exact_errors=True, full_document=whole) for whole in (True, False)}


def check_page(text: str) -> None:
    """Fail on markup a browser has to guess at, doubled ids, unlabelled fields, no title."""
    is_whole = "<html" in text
    parser = Parser(EXACT[is_whole])
    parser.process(text)
    parser.finish()
    errors = list(parser.errors()) if is_whole else []
    assert not errors, f"Markup errors: {errors[:3]}"
    tree = parser.into_dom()
    ids = Counter(one for each in tree.select("[id]") if (one := each.attrs.get("id")))
    doubled = [name for name, n in ids.items() if n > 1]
    assert not doubled, f"Doubled ids: {doubled}"
    _check_labels(tree, set(ids))
    _check_choices(tree)
    title = tree.select_one("title") if is_whole else None
    assert not is_whole or (title and title.text().strip()), "A page has no title"


def _check_labels(tree: Any, ids: set[str]) -> None:
    fields = list(tree.select(FIELDS))
    if not fields:
        return
    labelled = {each.attrs.get("for") for each in tree.select("label[for]")}
    wrapped = list(tree.select(WRAPPED))
    for each in fields:
        own = each.attrs
        named = own.get("aria-label") or own.get("aria-labelledby") in ids
        assert named or own.get("id") in labelled or each in wrapped, f"No label: {own}"


def _check_choices(tree: Any) -> None:
    """Newer parsers let anything stand in a list of choices; the browsers of today do not."""
    odd = {each.name.local for each in tree.select("select > *")} - CHOICES
    assert not odd, f"In a list of choices: {odd}"
