"""The settings that hold: all of them, where each is from, and no secret in any line."""

import json

import pytest

from foundation.errors import Refused
from foundation.settings import Settings, from_env
from operations.cli import main
from operations.settings_shown import without_secrets

URL = "postgresql://duly:hunter2@db.example/duly?password=hunter3"


@pytest.fixture(autouse=True)
def _an_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DULY_DATABASE_URL", URL)
    monkeypatch.setenv("DULY_SMTP_URL", "smtp://mail%40x:hunter2@mail.example")
    monkeypatch.setenv("DULY_METRICS_TOKEN", "hunter2-hunter2-hunter2")


def test_every_setting_with_its_source_and_without_secrets(capsys):
    assert main(["config", "--json"]) == 0
    said = capsys.readouterr().out
    assert "hunter" not in said
    found = {each["variable"]: each for each in json.loads(said)["settings"]}
    assert set(found) == {f"DULY_{name.upper()}" for name in Settings.model_fields}
    assert (
        found["DULY_DATABASE_URL"]["value"] == "postgresql://duly:(hidden)@db.example/duly?(hidden)"
    )
    assert found["DULY_DATABASE_URL"]["source"] == "DULY_DATABASE_URL"
    assert found["DULY_CLAMD"] == {"variable": "DULY_CLAMD", "value": "", "source": "default"}
    assert found["DULY_METRICS_TOKEN"]["value"] == "(hidden)"


def test_in_words_and_what_is_no_setting(capsys, monkeypatch):
    monkeypatch.setenv("DULY_SMTPURL", "x")
    monkeypatch.setenv("DULY_VENV", "of the script")
    assert main(["config"]) == 0
    told = capsys.readouterr()
    assert "DULY_STAFF_IDLE_MINUTES" in told.out
    assert "hunter" not in told.out
    assert told.err == "DULY_SMTPURL is no setting of Duly. The nearest one is DULY_SMTP_URL.\n"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("smtp://mail.example", "smtp://mail.example"),
        ("smtp://a:b@c:d@host:25/x", "smtp://a:(hidden)@host:25/x"),
        ("sqlite:////var/lib/duly.sqlite3", "sqlite:////var/lib/duly.sqlite3"),
    ],
)
def test_only_the_secret_of_an_address_is_hidden(address, shown):
    assert without_secrets(address) == shown


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path, capsys):
    file = tmp_path / "smtp"
    file.write_text("smtps://u:hunter4@mail.example\n")
    monkeypatch.delenv("DULY_SMTP_URL")
    monkeypatch.setenv("DULY_SMTP_URL_FILE", str(file))
    assert from_env().smtp_url == "smtps://u:hunter4@mail.example"
    assert main(["config"]) == 0
    assert "DULY_SMTP_URL_FILE" in capsys.readouterr().out
    monkeypatch.setenv("DULY_SMTP_URL", "smtp://other")
    with pytest.raises(Refused, match="not both"):
        from_env()
    monkeypatch.delenv("DULY_SMTP_URL")
    file.unlink()
    with pytest.raises(Refused, match="cannot be read"):
        from_env()


def test_a_short_token_of_metrics_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("DULY_METRICS_TOKEN", "short")
    assert main(["config"]) == 1
    said = capsys.readouterr().err
    assert "The setting DULY_METRICS_TOKEN cannot be used: must have 16 signs" in said


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "FLASK_TESTING"])
def test_a_debugger_or_a_test_mode_is_refused(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    with pytest.raises(Refused, match=f"{name} is set"):
        from_env()
    monkeypatch.setenv(name, "0")
    from_env()


def test_a_token_somebody_typed_is_refused(monkeypatch):
    monkeypatch.setenv("DULY_METRICS_TOKEN", "abcabcabcabcabcabc")
    with pytest.raises(Refused, match="drawn at random"):
        from_env()
