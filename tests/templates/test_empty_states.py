"""A list with nothing in it says in a sentence what will be there, and offers one thing to do."""

import html5lib
import pytest

from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA

PAGES = [
    (PERVEZ, "/vendors"),
    (RABIA, "/reviews"),
    (RABIA, "/findings"),
    (PERVEZ, "/contracts"),
    (RABIA, "/questionnaires"),
    (AMNA, "/questionnaires"),
    (ADIL, "/mail"),
    (ADIL, "/mail?state=failed"),
    (AMNA, "/audit-log?before=1"),
    (LAILA, "/dashboard"),
    (PERVEZ, "/"),
]


@pytest.mark.parametrize(("who", "address"), PAGES, ids=lambda one: getattr(one, "email", one))
def test_an_empty_list_says_what_will_be_here_and_what_to_do(people, who, address):
    text = people.browser(who).get(address).get_data(as_text=True)
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    found = [one for one in tree.iter() if "empty" in (one.get("class") or "").split()]
    assert found, "nothing says that it is empty"
    first = found[0]
    sentences = [p for p in first.iter("p") if "".join(p.itertext()).strip().endswith(".")]
    assert len(sentences) == 1, "one sentence"
    acts = [one for one in first.iter("a") if "button" in (one.get("class") or "")]
    main = [one for one in acts if "primary" in one.get("class")]
    assert len(main or acts) == 1, "one thing to do first"
