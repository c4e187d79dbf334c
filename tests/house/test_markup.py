"""What is said of every page the tests get: the reader sees each fault it is there for."""

import pytest

from tests.markup import check_page

PAGE = "<!doctype html><html lang=en><head><title>A page</title></head><body>{}</body></html>"
WRONG = {
    "a paragraph round a list": "<p><ul></ul></p>",
    "closed too early": "<div><span></div></span>",
    "never opened": "</div>",
    "never closed": "<ul><li>a</li></ul><b>",
    "nested forms": "<form><form></form></form>",
    "a button in a button": "<button><button></button></button>",
    "a link in a link": '<a href="/"><a href="/">a</a></a>',
    "a block in a table": "<table><div>a</div></table>",
    "a row without a table": "<tr></tr>",
    "a block among choices": "<select aria-label=a><div></div></select>",
    "text among choices": "<select aria-label=a><p>a</p></select>",
    "an attribute twice": '<a href="/" href="/b">a</a>',
    "no space between attributes": '<p id="a"class="b">a</p>',
    "a quote in a value": '<p id=a"b>a</p>',
    "half an address": "<p>&nope; &copy</p>",
    "a bare bracket": "<p>a < b</p>",
    "closed by itself": "<div/>",
    "crossed headings": "<h1><h2></h1></h2>",
    "crossed emphasis": "<b><p></b></p>",
    "a second body": "<body>",
    "a comment left open": "<!-- a --!>",
    "a zero": "\x00",
    "an id twice": '<p id="a">a</p><p id="a">b</p>',
    "a field with no name": '<input id="a">',
    "a field named by nothing": '<input aria-labelledby="b">',
    "a label of another field": '<label for="b">a</label><textarea id="a"></textarea>',
}
RIGHT = {
    "a field in its label": '<label>a <input id="a"></label>',
    "a field and its label": '<label for="a">a</label><select id="a"><option>b</option></select>',
    "named aloud": '<input aria-label="a">',
    "named by another": '<p id="b">a</p><input aria-labelledby="b">',
    "nothing to name": '<input type="hidden" name="a"><input type="submit" value="b">',
    "closed by what follows": "<p>a<p>b</p><ul><li>a<li>b</ul>",
    "groups in a list of terms": "<dl><div><dt>a</dt><dd>b</dd></div></dl>",
    "a drawing": '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
    "a block in a button": "<button><div>a</div></button>",
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_fault_is_seen(fault):
    with pytest.raises(AssertionError):
        check_page(PAGE.format(WRONG[fault]))


@pytest.mark.parametrize("page", RIGHT)
def test_good_markup_is_let_through(page):
    check_page(PAGE.format(RIGHT[page]))
    check_page(RIGHT[page])


def test_a_page_without_a_title_is_seen():
    with pytest.raises(AssertionError, match="no title"):
        check_page(PAGE.format("").replace("A page", " "))


def test_a_part_of_a_page_keeps_its_ids_and_labels_too():
    for fault in ("an id twice", "a field with no name"):
        with pytest.raises(AssertionError):
            check_page(WRONG[fault])
