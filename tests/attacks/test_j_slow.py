"""J07: people on lines that hardly move hold on, and everybody else is served meanwhile."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from foundation.csrf import cookie_name
from tests.attacks.attacker import SECRET, Attacker
from tests.attacks.load_ground import look
from tests.attacks.rounds import IS_LONG
from tests.attacks.slow_people import Dripping, bringing, head_of, send_slowly

pytestmark = pytest.mark.slow

MANY = 100 if IS_LONG else 40
"""More than there are threads, in any case."""
SOON = 15
"""Seconds a page may take on any machine; the slow ones would hold on for as long as they like."""
A_LINE_OF_OUR_DAYS = 40_000
"""Bytes a second of the honest ones."""
LARGE = 8_000_000
"""Bytes of a file: more than the kernel keeps for somebody who does not read."""
A_FILE = b"honest " * 20_000


def heads(ground):
    del ground
    return b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: x", b"x"


def form(ground, **length):
    """Write the head of a form that is read without anybody having signed in."""
    headers = {
        "Cookie": f"{cookie_name('duly_browser')}={SECRET}",
        "X-CSRF-Token": Attacker(ground.url, "nobody")._csrf(),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    told = {name.replace("_", "-"): value for name, value in length.items()}
    return head_of("/sign-in", headers | told)


def small_forms(ground):
    return form(ground, Content_Length=5_000) + b"email=x", b"x"


def large_forms(ground):
    return form(ground, Content_Length=2_000_000) + b"email=x", b"x"


def forms_in_pieces(ground):
    return form(ground, Transfer_Encoding="chunked"), b"1\r\nx\r\n"


def uploads(ground):
    hand = ground.vendor()
    return bringing(hand, b"slow", hand.headers("POST"), announced=20_000_000), b"x"


def readers_of_fonts(ground):
    del ground
    return head_of("/static/fonts/NotoSans-Regular.ttf", {}, "GET") * 20, b"\r\n"


def readers_of_files(ground):
    hand = ground.vendor()
    assert hand.bring(b"a" * LARGE, "large.txt").status == 303
    (row,) = ground.files(hand)
    ground.wait_for(lambda: ground.files(hand)[0].scan_state.value == "clean", "was not scanned")
    return head_of(f"/p/evidence/{row.id}/download", hand.headers("GET"), "GET"), b""


KINDS = (heads, small_forms, large_forms, forms_in_pieces, uploads, readers_of_fonts)


@pytest.mark.parametrize("kind", [*KINDS, readers_of_files])
def test_J07_many_who_are_slow_hold_up_nobody_else(files, kind):
    calm = files.vendor()
    headers = calm.headers("POST")
    said, drip = kind(files)
    with ThreadPoolExecutor(1) as other, Dripping(files.url, said, drip=drip).hold(MANY):
        assert other.submit(look, calm).result(SOON) == 200
        honest = bringing(calm, A_FILE, headers)
        assert other.submit(send_slowly, files.url, honest, 1_000_000).result(SOON) == 303
    assert [row.size for row in files.files(calm)] == [len(A_FILE)]


def test_J07_an_honest_slow_line_brings_its_file_among_those_who_only_hold_on(files):
    hand, abusive = files.vendor(), files.vendor()
    honest = bringing(hand, A_FILE, hand.headers("POST"))
    held = bringing(abusive, b"slow", abusive.headers("POST"), announced=20_000_000)
    with Dripping(files.url, held).hold(MANY), Dripping(files.url, heads(files)[0]).hold(MANY):
        assert send_slowly(files.url, honest, A_LINE_OF_OUR_DAYS) == 303
    assert [row.size for row in files.files(hand)] == [len(A_FILE)]
