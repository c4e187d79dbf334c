"""Every error page says what happened, whether work is safe, what to do, and its reference."""

import re

import html5lib
import pytest
from flask import g

from foundation.error_pages import KNOWN, answer

BLAME = re.compile(r"\b(?:invalid|illegal|fatal|oops|error occurred)\b", re.IGNORECASE)


@pytest.mark.parametrize("status", sorted(KNOWN))
@pytest.mark.parametrize("path", ["/vendors", "/p/a/nothing"])
def test_a_page_answers_what_somebody_asks(app, status, path):
    with app.test_request_context(path):
        g.request_id = "0123456789abcdef"
        text, given = answer(status, "")
    assert given == status
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    main = next(one for one in tree.iter("main"))
    asked = {"".join(one.itertext()): "".join(two.itertext()).strip() for one, two in pairs(main)}
    assert len(asked["Is my work safe?"]) > 10
    assert len(asked["What can I do?"]) > 10
    assert "0123456789abcdef" in asked["Reference"]
    said = " ".join("".join(main.itertext()).split())
    assert str(status) in said
    assert not BLAME.search(said), said
    home = [one.get("href") for one in main.iter("a")]
    assert home == ["/p/" if path.startswith("/p/") else "/"], "no way from outside to the inside"


def test_what_the_code_says_takes_the_place_of_the_general_words(app):
    with app.test_request_context("/vendors"):
        g.request_id = "0"
        text, _ = answer(409, "Rabia saved a newer version at 10:42.")
    assert "Rabia saved a newer version" in text
    assert "another person saved a newer version" not in text


def pairs(main):
    """Yield each term with what is said to it."""
    for row in main.iter("div"):
        term, said = row.find("dt"), row.find("dd")
        if term is not None and said is not None:
            yield term, said
