"""Rich text from outside, cut down to a closed list of harmless tags.

What `sanitise` returns may be put on a page unescaped; nothing else in this room may.
"""

import html
import re
from html.parser import HTMLParser

TAGS = frozenset({"b", "strong", "em", "i", "p", "ul", "ol", "li", "br", "code", "a"})
BLOCKS = frozenset({"p", "ul", "ol", "li", "br"})
SWALLOWED = frozenset(
    {"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "title"}
    | {"textarea", "select", "xmp", "noembed", "noframes", "plaintext"}
)
MAX_DEPTH = 16
_HREF = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\\]+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\u202a-\u202e\u2066-\u2069]")


def sanitise(text: str) -> str:
    """Return the text as HTML holding only harmless tags; doing it twice changes nothing."""
    text = _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if "<" not in text and "&" not in text:
        return html.escape(text, quote=False)
    cleaner = _Cleaner()
    try:
        cleaner.feed(text)
        cleaner.close()
    except AssertionError:  # the parser's way of saying "no such declaration"
        return html.escape(text, quote=False)
    return cleaner.finished()


def plain(rich: str) -> str:
    """Return the words of a rich text, with one line for each paragraph or list entry."""
    spaced = re.sub(r"</?(?:p|ul|ol|li|br)\b[^>]*>", "\n", rich)
    words = html.unescape(re.sub(r"<[^>]*>", "", spaced))
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._swallowing: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SWALLOWED:
            self._swallowing.append(tag)
        if self._swallowing or tag not in TAGS:
            return
        if tag == "br":
            self._out.append("<br>")
            return
        self._close_before(tag)
        if len(self._open) >= MAX_DEPTH or (tag == "li" and not {"ul", "ol"} & set(self._open)):
            return
        if tag == "a":
            href = _safe_href(dict(attrs).get("href"))
            if href is None or "a" in self._open:
                return
            self._out.append(f'<a href="{html.escape(href)}" rel="noopener noreferrer">')
        else:
            self._out.append(f"<{tag}>")
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SWALLOWED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._swallowing:
            if tag == self._swallowing[-1]:
                self._swallowing.pop()
        elif tag in self._open:
            self._close_up_to(tag)

    def handle_data(self, data: str) -> None:
        if not self._swallowing:
            self._out.append(html.escape(_CONTROL.sub("", data), quote=False))

    def finished(self) -> str:
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return "".join(self._out).strip()

    def _close_before(self, tag: str) -> None:
        if tag in {"p", "ul", "ol"} and "p" in self._open:
            self._close_up_to("p")
        if tag == "li" and "li" in self._since_list():
            self._close_up_to("li")

    def _since_list(self) -> list[str]:
        lists = [at for at, tag in enumerate(self._open) if tag in {"ul", "ol"}]
        return self._open[lists[-1] :] if lists else []

    def _close_up_to(self, tag: str) -> None:
        while self._open:
            closed = self._open.pop()
            self._out.append(f"</{closed}>")
            if closed == tag:
                return


def _safe_href(href: str | None) -> str | None:
    wanted = (href or "").strip()
    return wanted if len(wanted) <= 2_000 and _HREF.fullmatch(wanted) else None
