"""The page a report is drawn from, read as XML.

Our print templates are XML as well as HTML, and the C parser of the standard library reads a page
of a hundred answers in a hundredth of what the HTML parser in Python needs (decision 29).
"""

from xml.etree.ElementTree import Element, ParseError, fromstring

from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from weasyprint import HTML
from weasyprint.urls import URLFetcher

BASE = "duly:"


class Sheet(HTML):  # type: ignore[misc]  # it has no types
    """What WeasyPrint makes of a page, made of its elements."""

    def __init__(self, root: Element, fetcher: URLFetcher) -> None:
        """Stand in for WeasyPrint's own reading, which knows text and files only."""
        self.base_url = BASE
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def read(page: str, fetcher: URLFetcher) -> HTML:
    """Return the page for the printer; what is not XML is read as the HTML it also is."""
    try:
        # Our own templates, with every value escaped: there is no entity to be declared.
        return Sheet(fromstring(page), fetcher)  # noqa: S314
    except ParseError:
        return HTML(string=page, url_fetcher=fetcher, base_url=BASE)
