"""A sign-in leads to a page of ours and nowhere else."""

import pytest

from accounts.rules import local_path


@pytest.mark.parametrize("wanted", ["/", "/vendors", "/vendors?tier=1&q=a%20b", "/reviews/x#notes"])
def test_a_page_of_ours_is_a_goal(wanted):
    assert local_path(wanted) == wanted


def test_an_empty_query_is_cut():
    assert local_path("/vendors?") == "/vendors"


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "vendors",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        " /vendors",
        "/sign-in?next=/sign-in",
        "/sign-out",
        "/" + "a" * 2001,
    ],
)
def test_everything_else_leads_home(wanted):
    assert local_path(wanted) == "/"
