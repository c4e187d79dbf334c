"""Reading everything somebody can reach: from some pages on, link by link, form by form."""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

HEX = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_OF_A_KIND = 4
"""How many addresses that differ in ids, numbers or filters alone are opened."""
ENDING = ("sign-out", "sign-in")


class _Page(HTMLParser):
    """Collects links and forms, with what each form would send as it stands."""

    def __init__(self):
        super().__init__()
        self.links, self.forms = [], []
        self._form, self._select, self._area = None, None, None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag in {"a", "link"} and "href" in given:
            self.links.append(given["href"])
        elif tag in {"img", "iframe"} and "src" in given:
            self.links.append(given["src"])
        elif tag == "form":
            self._form = {
                "action": given.get("action", ""),
                "method": given.get("method", "get").upper(),
                "has_file": "multipart" in given.get("enctype", ""),
                "id": given.get("id", ""),
                "fields": [],
            }
            self.forms.append(self._form)
        else:
            self._field(tag, given)

    def _field(self, tag, given):
        form = self._form
        if "form" in given:  # a field that stands outside of its form
            form = next((one for one in self.forms if one["id"] == given["form"]), None)
        name = given.get("name", "")
        if form is not None and name and tag in {"input", "button"}:
            self._input(form, tag, name, given)
        elif form is not None and name and tag == "textarea":
            self._area = [form, name, ""]
        elif form is not None and name and tag == "select":
            self._select = [form, name, None]
        elif tag == "option" and self._select and (self._select[2] is None or "selected" in given):
            self._select[2] = given.get("value", "")

    def _input(self, form, tag, name, given):
        kind = given.get("type", "text") if tag == "input" else "button"
        if kind in {"submit", "file"}:
            return
        value = given.get("value", "on" if kind == "checkbox" else "")
        is_off = kind in {"checkbox", "radio"} and "checked" not in given
        form["fields"].append((name, None if is_off else value))

    def handle_data(self, data):
        if self._area:
            self._area[2] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            form, name, text = self._area
            form["fields"].append((name, text.removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            form, name, value = self._select
            form["fields"].append((name, value))
            self._select = None
        elif tag == "form":
            self._form = None


def read(text):
    """Return the links and the forms of a page."""
    page = _Page()
    page.feed(text)
    return page.links, page.forms


def crawl(who, starts, *, most_of_a_kind=MOST_OF_A_KIND):
    """Return everything somebody gets by following links from these addresses, by address."""
    waiting, found, seen, kinds = deque(starts), {}, set(starts), {}
    while waiting:
        path = waiting.popleft()
        answer = who.send("GET", path)
        found[path] = answer
        links = []
        if answer.status in {301, 302, 303, 307, 308}:
            links = [answer.header("Location")]
        elif "html" in answer.header("Content-Type"):
            links = read(answer.text)[0]
        for link in links:
            address = _within(who.url, path, link)
            kind = HEX.sub("*", re.sub(r"\d+", "#", address or "").partition("?")[0])
            is_new = address and address not in seen and kinds.get(kind, 0) < most_of_a_kind
            if is_new and not kind.endswith(ENDING) and not kind.startswith("/static"):
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(address)
                waiting.append(address)
    return found


def _within(url, path, link):
    """Return an address of ours without its place on the page; nothing for a foreign one."""
    whole = urlsplit(urljoin(f"{url}{path}", link))
    if whole.netloc != urlsplit(url).netloc:
        return ""
    return f"{whole.path}?{whole.query}" if whole.query else whole.path
