"""An installation of its own, as an operator has it: settings, a folder, the commands."""

import shutil

import pytest

from operations.cli import main


@pytest.fixture(scope="session")
def fresh_data(tmp_path_factory):
    """The data folder of an installation with an administrator and nothing else, made once."""
    folder = tmp_path_factory.mktemp("fresh") / "data"
    with pytest.MonkeyPatch.context() as surroundings:
        _point_at(folder, surroundings)
        assert main(["migrate"]) == 0
        assert main(["create-admin", "adil@northwind.example", "Adil Rehman"]) == 0
    return folder


@pytest.fixture
def installation(fresh_data, tmp_path, monkeypatch):
    """A copy of it for one test; the folder around its data is the test's own."""
    shutil.copytree(fresh_data, tmp_path / "data")
    _point_at(tmp_path / "data", monkeypatch)
    return tmp_path


def _point_at(folder, surroundings):
    surroundings.setenv("DULY_DATA_DIR", str(folder))
    surroundings.setenv("DULY_DATABASE_URL", "")
    surroundings.setenv("DULY_BASE_URL", "http://localhost")
