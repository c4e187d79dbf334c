"""J, further: words, numbers and texts that cost more than they say, or that no table knows."""

from urllib.parse import quote, urlencode

import pytest

from tests.people import ADIL, LAILA

pytestmark = pytest.mark.slow


def faults(who, paths):
    """Return every address that is answered with a fault, shortened."""
    return [path[:120] for path in paths if who.send("GET", path).status >= 500]


def test_J08_filters_search_and_sorting_take_any_word(world):
    laila, adil = world.staff(LAILA), world.staff(ADIL)
    words = ["%", "____", '"', '"" AND', "NEAR(a,b)", "a*", "\\", "(((", "\0", "a" * 3000, "-1",
             "9" * 40, "1e308", "0001-01-01", "9999-12-31", "2026-02-30", "9999-12"]  # fmt: skip
    keys = ("q", "sort", "state", "tier", "month", "day", "from", "since", "until", "days")
    for page in ("/vendors", "/search", "/contracts", "/findings", "/calendar", "/reviews"):
        paths = [f"{page}?{urlencode(dict.fromkeys(keys, word))}" for word in words]
        assert faults(laila, paths) == [], page
    for page in ("/audit-log", "/mail"):
        paths = [f"{page}?{key}={quote(word)}" for word in words for key in ("since", "until", "q")]
        assert faults(adil, paths) == [], page
    many = "&".join(["tag=x"] * 600)
    assert faults(laila, [f"/vendors?{many}"]) == []


def test_J09_a_gap_without_end_in_a_pasted_list_holds_nobody_up(world):
    """Read anew from each of its signs it takes many minutes, and its process with it."""
    laila = world.staff(LAILA)
    at = f"/vendors/{world.open['vendor_id']}/sub-processors"
    for text in (f"Acme{' ' * 90_000}x", f"Acme:{' ' * 90_000}y", "- " * 45_000, "[a](" * 22_000):
        answer = laila.send("POST", f"{at}/check", urlencode({"pasted": text, "rank": "2"}))
        assert answer.status in {200, 303, 422}, answer.status


def test_J09_numbers_no_table_holds_are_no_fault(world):
    adil = world.staff(ADIL)
    for page in ("", "/holidays", "/regimes", "/deadlines", "/reports"):
        for number in ("9" * 20, str(2**63), "-1", "1e308", "١"):
            answer = adil.send("POST", f"/settings{page}", urlencode({"number": number}))
            assert answer.status in {303, 409, 422}, (page, number, answer.status)
    assert adil.send("GET", f"/settings/versions/{'9' * 20}").status == 404
