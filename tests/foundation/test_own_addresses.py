"""Addresses in the settings: what cannot work is refused at the start, and no password is said."""

from pathlib import Path

import pytest

from foundation import settings
from foundation.errors import Refused
from foundation.settings import Settings

WRONG = {
    "base_url": (
        "duly.example.com", "ftp://duly.example.com", "https://", "https://x:99999", "https://x:0",
        "https://u:hunter2@x", "https://x/duly", "https://x?q=1", "https://x#y", "https://x y",
        "https://x\n", "https://[::1", "https://bücher.example", "https://x\\y",
    ),
    "database_url": (
        "foo", "postgres://u:hunter2@h/x", "mysql://u:hunter2@h/x", "postgresql+asyncpg://h/x",
        "postgresql://u:hunter2@x@h/y", "postgresql://u:hunter2@[::1/x", "sqlite://", "sqlite:///",
        "sqlite:///:memory:",
    ),
    "smtp_url": (
        "mail", "http://mail", "smtp://", "smtp://mail:99999", "smtp://u:hunter2@[::1",
        "smtp://u:hunter2#x@mail", "smtp://u:hunter2/x@mail", "smtp://u:hunter2 @mail",
    ),
    "mail_from": ("", "nobody", "Duly <duly@>", "a@b@c", "a@b\r\nBcc: c@d", "<>"),
    "clamd": ("clamd", ":", "clamd:", "clamd:0", "clamd:99999", "clamd:http"),
    "data_dir": ("", "data", "./data"),
    "keys_file": ("keys.json",),
    "heads_dir": ("heads",),
}  # fmt: skip
RIGHT = {
    "base_url": ("http://localhost", "https://duly.example.com:8443", "https://[::1]:8443"),
    "database_url": (
        "", "sqlite:////srv/duly.sqlite3", "postgresql://u:hunter%402@db/duly",
        "postgresql+psycopg://postgres@/duly?host=/run/postgresql",
    ),
    "smtp_url": ("", "smtp://mail", "smtps://u%40x:hunter%232@mail:465", "smtp://[::1]:25"),
    "mail_from": ("duly@x.example", '"Duly, due diligence" <duly@x.example>', "Dülÿ <d@x.example>"),
    "clamd": ("", "127.0.0.1:3310", "[::1]:3310", "/run/clamav/clamd.ctl"),
    "data_dir": ("/srv/duly",),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_work_is_refused_and_not_repeated(monkeypatch, name):
    for value in WRONG[name]:
        monkeypatch.setenv(f"DULY_{name.upper()}", value)
        with pytest.raises(Refused) as refused:
            settings.from_env()
        said = str(refused.value)
        assert f"DULY_{name.upper()} cannot be used" in said, value
        assert "hunter2" not in said


@pytest.mark.parametrize("name", RIGHT)
def test_what_can_work_is_kept_as_it_is(name):
    for value in RIGHT[name]:
        assert str(getattr(Settings(**{name: value}), name)) == value
    assert Settings(base_url="https://x/").base_url == "https://x"
    assert Settings(keys_file=None).keys_path == Settings().data_dir / "keys" / "keys.json"
    assert isinstance(Settings().data_dir, Path)
