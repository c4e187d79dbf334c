"""No package is older than the version that mended what was known of it."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text())
WANTED = {"weasyprint", "werkzeug", "flask", "jinja2", "pillow", "gunicorn", "apscheduler"}
"""Packages that meet what strangers send: each must be here, and installed."""


def parts(number):
    return tuple(int(each) for each in re.findall(r"\d+", number.split("+")[0])[:4])


def too_old(name, floor, installed):
    """Return what is wrong with an installed version, or nothing."""
    return [] if parts(installed) >= parts(floor) else [f"{name} {installed} is below {floor}"]


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_installed_is_at_its_floor_or_above(name):
    try:
        installed = version(name)
    except PackageNotFoundError:
        assert name not in WANTED
        return
    assert too_old(name, FLOORS[name]["floor"], installed) == []


def test_each_floor_says_what_is_wrong_below_it():
    assert set(FLOORS) >= WANTED
    assert all(len(each["why"]) > 20 for each in FLOORS.values())


@pytest.mark.parametrize(
    ("installed", "is_old"),
    [("69.9", True), ("70.0", False), ("70.0.1", False), ("100.0", False), ("7.0", True)],
)
def test_the_fence_bites(installed, is_old):
    assert bool(too_old("weasyprint", "70.0", installed)) == is_old
