"""What the doctor says of work accounts: whether the provider answers, and who gets in without it."""

import json

from operations.cli import main
from tests.provider import listening

LINE, DOOR = "Work accounts", "Way in without work accounts"


def told(capsys):
    capsys.readouterr()
    main(["doctor", "--json"])
    return {each["name"]: each for each in json.loads(capsys.readouterr().out)["checks"]}


def point_at(monkeypatch, issuer, **more):
    for name, value in {
        "ISSUER": issuer,
        "CLIENT_ID": "duly",
        "CLIENT_SECRET": "s",
        **more,
    }.items():
        monkeypatch.setenv(f"DULY_OIDC_{name}", value)


def test_a_provider_that_answers_is_told_with_the_way_back(installation, capsys, monkeypatch):
    with listening() as provider:
        point_at(monkeypatch, provider.url, REQUIRED="yes")
        lines = told(capsys)
        assert lines[LINE]["grade"] == "ok"
        assert "http://localhost/sign-in/work-account/back" in lines[LINE]["said"]
        assert lines[DOOR]["grade"] == "warning", "the administrator has chosen nothing yet"
        provider.description["issuer"] = provider.url + "/"
        point_at(monkeypatch, provider.url, REQUIRED="no")
        lines = told(capsys)
    assert lines[LINE]["grade"] == "problem"
    assert f"calls itself {provider.url}/" in lines[LINE]["said"]
    assert "letter by letter" in lines[LINE]["fix"]
    assert DOOR not in lines


def test_with_none_set_nothing_is_asked(installation, capsys):
    assert LINE not in told(capsys)


def test_a_provider_that_is_away(installation, capsys, monkeypatch):
    point_at(monkeypatch, "http://127.0.0.1:1")
    assert "Nobody listens" in told(capsys)[LINE]["said"]


def test_settings_that_do_not_go_together_are_told(capsys, monkeypatch):
    monkeypatch.setenv("DULY_OIDC_REQUIRED", "yes")
    assert main(["config"]) != 0
    assert "DULY_OIDC_REQUIRED needs DULY_OIDC_ISSUER" in capsys.readouterr().err
    monkeypatch.setenv("DULY_OIDC_ISSUER", "https://id.example")
    assert main(["config"]) != 0
    assert "DULY_OIDC_CLIENT_SECRET" in capsys.readouterr().err
    for wrong in ("id.example", "http://id.example", "https://id.example?x=1", "ftp://x"):
        monkeypatch.setenv("DULY_OIDC_ISSUER", wrong)
        assert main(["config"]) != 0
        assert "DULY_OIDC_ISSUER cannot be used" in capsys.readouterr().err


def test_the_secret_is_shown_to_nobody(capsys, monkeypatch):
    point_at(monkeypatch, "https://id.example", CLIENT_SECRET="hunter2")
    assert main(["config"]) == 0
    assert "hunter2" not in capsys.readouterr().out
