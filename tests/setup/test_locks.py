"""The locks: every file pinned by version and hash, and no package index named."""

import re

import pytest

from tests.setup.conftest import ROOT

FOLDER = ROOT / "requirements"
LOCKS = ["installer", "base", "test", "audit"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^ ;\\]+)")


def requirements_of(lock: str) -> list[str]:
    """Each requirement with its continuation lines, comments left out."""
    lines = (FOLDER / f"{lock}.lock").read_text().splitlines()
    kept = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return kept.replace("\\\n", "").splitlines()


def pins_of(lock: str) -> dict[str, str]:
    found = [PIN.match(requirement) for requirement in requirements_of(lock)]
    return {match[1]: match[2] for match in found if match}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_hashes(lock: str):
    loose = [
        requirement
        for requirement in requirements_of(lock)
        if not (PIN.match(requirement) and re.search(r"--hash=sha256:[0-9a-f]{64}", requirement))
    ]
    assert requirements_of(lock)
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_package_index(lock: str):
    text = (FOLDER / f"{lock}.lock").read_text()
    # --no-emit-index-url is part of the line that says how the lock was made.
    naming = re.compile(r"://|--index|--extra-index|--find-links|--default-index|@ ")
    assert naming.findall(text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_requirement_is_locked(lock: str):
    wanted = (FOLDER / f"{lock}.in").read_text().lower().splitlines()
    names = {re.split(r"[\[<>=]", line)[0] for line in wanted if line and line[0] not in "-#"}
    assert names <= pins_of(lock).keys()


def test_tests_run_on_the_versions_that_are_shipped():
    tested = pins_of("test")
    differing = {
        name: (version, tested.get(name))
        for name, version in pins_of("base").items()
        if tested.get(name) != version
    }
    assert differing == {}
