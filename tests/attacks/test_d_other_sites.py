"""D: pages of another site, and of another port of our own host, in a real browser."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import func, select

from audit.models import Entry
from tests.attacks.test_e_browser import window_of
from tests.people import RABIA

pytestmark = pytest.mark.browser

PAGES = {
    "a form that sends itself": (
        '<form method="post" action="{act}"><input name="reason" value="x"></form>'
        "<script>document.forms[0].submit()</script>"
    ),
    "a form of text": (
        '<form method="post" enctype="text/plain" action="{act}"><input name="a" value="b"></form>'
        "<script>document.forms[0].submit()</script>"
    ),
    "a script that sends": (
        '<script>fetch("{act}", {{method: "POST", mode: "no-cors", credentials: "include"}})'
        '.finally(() => document.title = "done")</script>'
    ),
    "a picture": '<img src="{act}" onerror="document.title = \'done\'">',
}
HOSTS = ("127.0.0.1", "localhost")
"""Another site, and another port of the same: there the cookies come along."""


@pytest.fixture
def other_site():
    """Serve one page at a time from a port of its own: `other_site(host, page)` is its address."""
    shown = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(shown[-1].encode())

        def log_message(self, *told):
            del told

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def show(host, page):
        shown.append(f"<!doctype html><title>waits</title><body>{page}")
        return f"http://{host}:{server.server_port}/"

    yield show
    server.shutdown()
    server.server_close()


def entries(files):
    with files.database.reading() as session:
        return session.scalar(select(func.count(Entry.seq)).where(Entry.action != "access.denied"))


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("how", PAGES)
def test_D02_another_site_does_nothing_in_our_name(files, chromium, other_site, how, host):
    rabia = files.staff(RABIA, files.vendor().vendor_id)
    context = window_of(chromium, rabia)
    asked, answered = [], []
    try:
        page = context.new_page()
        page.on("request", lambda sent: asked.append(sent.url))
        page.on("response", lambda got: answered.append((got.url, got.status)))
        page.goto("/account")
        assert "Rabia" in page.content()
        before = entries(files)
        act = f"{files.url}/account/sign-out-everywhere"
        page.goto(other_site(host, PAGES[how].format(act=act)))
        page.wait_for_function("document.title !== 'waits'")
        page.wait_for_load_state()
        assert act in asked, "the browser did send it"
        # What a script or a picture asked for is kept from the page, its status too.
        assert {status for url, status in answered if url == act} <= {403, 404, 405}
        assert entries(files) == before
        page.goto(f"{files.url}/account")
        assert "Rabia" in page.content(), "she is still signed in"
    finally:
        context.close()


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/account", "/sign-in", "/p/", "/verify"])
def test_D11_no_page_stands_in_a_frame_of_others(files, chromium, other_site, path, host):
    context = window_of(chromium, files.staff(RABIA, files.vendor().vendor_id))
    refused = []
    try:
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text))
        page.goto(other_site(host, f'<iframe src="{files.url}{path}"></iframe>'))
        page.wait_for_load_state()
        page.wait_for_timeout(200)
        assert all("Duly" not in frame.content() for frame in page.frames[1:])
        assert any("frame-ancestors" in each or "X-Frame-Options" in each for each in refused)
    finally:
        context.close()
