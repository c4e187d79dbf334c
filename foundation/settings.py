"""Settings: the only reader of the environment (prefix DULY_)."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from foundation.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
SECRETS = frozenset({"smtp_url", "database_url"})


class Settings(BaseSettings):
    """Everything an operator can set; frozen after start."""

    model_config = SettingsConfigDict(env_prefix="DULY_", frozen=True, extra="ignore")

    data_dir: Path = ROOT / ".duly" / "data"
    """Where the SQLite file, evidence and keys live; never in the source tree."""
    database_url: str = ""
    """SQLAlchemy address; empty means an SQLite file in the data directory."""
    base_url: str = "http://localhost:8000"
    """The address people type; links in mails start with it."""
    demo: bool = False
    smtp_url: str = ""
    """smtp://user:password@host:port or smtps://...; empty keeps mail in the outbox."""
    mail_from: str = "Duly <duly@localhost>"
    clamd: str = ""
    """host:port of a clamd; empty shows every file as not scanned."""
    keys_file: Path | None = None
    vendor_factor_from_tier: int = Field(default=2, ge=1, le=5)
    """Vendor people need a second factor up to this tier number (5: never)."""
    staff_idle_minutes: int = Field(default=30, ge=5, le=24 * 60)
    staff_session_hours: int = Field(default=12, ge=1, le=72)
    vendor_idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    vendor_session_hours: int = Field(default=24, ge=1, le=72)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    sandbox_weak: bool = False
    """Allow parsers to run where the system offers no way to cut the network (demo only)."""
    failpoints: str = ""
    """Named crash points for the durability tests: name=kill|raise|sleep:MS, comma separated."""

    @field_validator("base_url")
    @classmethod
    def _base_url_is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an address such as https://duly.example.com")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _weak_sandbox_is_for_the_demo(self) -> Self:
        if self.sandbox_weak and not self.demo:
            raise ValueError("DULY_SANDBOX_WEAK is allowed in demo mode only")
        return self

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can be Secure."""
        return self.base_url.startswith("https://")

    @property
    def database_address(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'duly.sqlite3'}"

    @property
    def keys_path(self) -> Path:
        """The key file: the one thing whose loss loses the evidence."""
        return self.keys_file or self.data_dir / "keys" / "keys.json"

    @property
    def evidence_dir(self) -> Path:
        """The folder of encrypted files."""
        return self.data_dir / "evidence"

    @property
    def mail_domain(self) -> str:
        """The domain of message identifiers."""
        return urlsplit(self.base_url).hostname or "localhost"


_current: Settings | None = None


def from_env() -> Settings:
    """Read the environment; raises Refused with a sentence for a bad value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "DULY_" + "_".join(str(part) for part in first["loc"]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise Refused(f"The setting {name} cannot be used: {reason}.") from None


def configure(settings: Settings) -> None:
    """Make these the settings of the process."""
    global _current  # noqa: PLW0603  the one settings object of the process
    _current = settings


def current() -> Settings:
    """Return the settings of the process."""
    if _current is None:
        raise Refused("Duly is not set up in this process: call settings.configure() first.")
    return _current
