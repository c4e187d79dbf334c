"""An installation of its own, as an operator has it: settings, a folder, the commands."""

import pytest

from operations.cli import main


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """An installation with an administrator and nothing else."""
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DULY_DATABASE_URL", "")
    monkeypatch.setenv("DULY_BASE_URL", "http://localhost")
    main(["migrate"])
    main(["create-admin", "adil@northwind.example", "Adil Rehman"])
    return tmp_path
