"""Settings: the only reader of the environment (prefix DULY_)."""

import os
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from foundation import own_addresses
from foundation.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "DULY_"
SECRETS = ("database_url", "smtp_url", "oidc_client_secret", "metrics_token")
"""Settings that may hold a password: each may be read from a file instead (DULY_SMTP_URL_FILE)."""
OF_THE_SCRIPT = frozenset(
    PREFIX + name
    for name in ("ADVISORIES", "ATTACKS", "FIELD_DATA", "TEST_DATABASE", "TEST_WORKERS", "VENV")
)
"""Read by ./duly and the tests, and no settings."""


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
    mail_per_minute: int = Field(default=1_000, ge=1, le=1_000_000)
    """How many letters all workers together hand to the mail server in a minute, at most."""
    clamd: str = ""
    """host:port of a clamd; empty shows every file as not scanned."""
    vendor_storage_mb: int = Field(default=2_000, ge=1, le=10_000_000)
    """How many megabytes the files of one vendor may have together."""
    vendor_files: int = Field(default=1_000, ge=1, le=1_000_000)
    """How many files one vendor may have on record."""
    storage_mb: int = Field(default=100_000, ge=1, le=1_000_000_000)
    """How many megabytes all files may have together."""
    keys_file: Path | None = None
    heads_dir: Path | None = None
    """The folder of the signed heads of the ledger; best on another disk than the database."""
    backup_recipients: str = ""
    """age1... keys, comma separated, that every backup is encrypted for; their owners open it."""
    vendor_factor_from_tier: int = Field(default=2, ge=1, le=5)
    """Vendor people need a second factor up to this tier number (5: never)."""
    staff_idle_minutes: int = Field(default=30, ge=5, le=24 * 60)
    staff_session_hours: int = Field(default=12, ge=1, le=72)
    vendor_idle_minutes: int = Field(default=60, ge=5, le=24 * 60)
    vendor_session_hours: int = Field(default=24, ge=1, le=72)
    api_calls_per_minute: int = Field(default=600, ge=1, le=1_000_000)
    """How many calls of the API one person's programs have in a minute, whatever their tokens."""
    oidc_issuer: str = ""
    """The address of the provider of work accounts, exactly as it names itself; empty: none."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_domain: str = ""
    """The only mail domain whose work accounts are linked; empty: any address we know."""
    oidc_second_factor: str = ""
    """Words of amr or acr, comma separated, that count as a second factor; empty: ours is asked."""
    oidc_required: bool = False
    """Staff sign in by work account only; administrators keep their other ways."""
    outbound_private: bool = False
    """Let webhooks go to addresses inside private networks, this machine included."""
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    sandbox_weak: bool = False
    """Allow parsers to run where the system offers no way to cut the network (demo only)."""
    log_format: Literal["", "json", "text"] = ""
    """json or text; empty writes text for a terminal and the demo, and JSON otherwise."""
    metrics_token: str = ""
    """What a collector shows at /metrics, 16 signs at least; empty keeps that page closed."""
    failpoints: str = ""
    """Named crash points for the durability tests: name=kill|raise|sleep:MS, comma separated, or
    @FOLDER to give such orders while it runs."""

    _base_url_is_an_address = field_validator("base_url")(own_addresses.of_ourselves)
    _database_can_be_asked = field_validator("database_url")(own_addresses.of_database)
    _mail_server_is_named = field_validator("smtp_url")(own_addresses.of_mail_server)
    _sender_can_be_written = field_validator("mail_from")(own_addresses.of_sender)
    _place_is_one = field_validator("data_dir", "keys_file", "heads_dir")(own_addresses.of_place)
    _scanner_is_named = field_validator("clamd")(own_addresses.of_scanner)

    @field_validator("metrics_token")
    @classmethod
    def _metrics_token_is_long(cls, value: str) -> str:
        if value and len(value) < 16:
            raise ValueError("must have 16 signs at least")
        if value and len(set(value)) < 8:
            raise ValueError("must be drawn at random, not typed")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if value and (
            not parts.hostname
            or parts.query
            or parts.fragment
            or not (parts.scheme == "https" or (parts.scheme == "http" and is_here))
        ):
            raise ValueError("must be an address such as https://id.example.com")
        return value

    @field_validator("oidc_domain")
    @classmethod
    def _domain_is_plain(cls, value: str) -> str:
        if "@" in value or " " in value:
            raise ValueError("must be a domain such as example.com")
        return value.lower()

    @model_validator(mode="after")
    def _work_accounts_are_set_up_whole(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError(
                "DULY_OIDC_ISSUER needs DULY_OIDC_CLIENT_ID and DULY_OIDC_CLIENT_SECRET"
            )
        if self.oidc_required and not self.oidc_issuer:
            raise ValueError("DULY_OIDC_REQUIRED needs DULY_OIDC_ISSUER, or nobody could sign in")
        return self

    @model_validator(mode="after")
    def _weak_sandbox_is_for_the_demo(self) -> Self:
        if self.sandbox_weak and not self.demo:
            raise ValueError("DULY_SANDBOX_WEAK is allowed in demo mode only")
        return self

    @property
    def has_work_accounts(self) -> bool:
        """Whether staff can sign in with the account of their organisation."""
        return bool(self.oidc_issuer)

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
    def heads_path(self) -> Path:
        """The file of the signed heads of the ledger, outside the database."""
        return (self.heads_dir or self.data_dir / "heads") / "ledger-heads.jsonl"

    @property
    def evidence_dir(self) -> Path:
        """The folder of encrypted files."""
        return self.data_dir / "evidence"

    @property
    def mail_domain(self) -> str:
        """The domain of message identifiers."""
        return urlsplit(self.base_url).hostname or "localhost"


_current: Settings | None = None


DEBUGGING = ("FLASK_DEBUG", "FLASK_TESTING")
"""Variables that make a page of a fault show more than it may."""


def from_env() -> Settings:
    """Read the environment; raises Refused with a sentence for a bad value."""
    _refuse_debugging()
    try:
        return Settings(**_secrets_in_files())
    except ValidationError as error:
        first = error.errors()[0]
        reason = str(first["msg"]).removeprefix("Value error, ")
        if not first["loc"]:
            raise Refused(f"The settings do not go together: {reason}.") from None
        name = "DULY_" + "_".join(str(part) for part in first["loc"]).upper()
        raise Refused(f"The setting {name} cannot be used: {reason}.") from None


def _refuse_debugging() -> None:
    for name in DEBUGGING:
        if os.environ.get(name, "").lower() not in {"", "0", "false", "no", "off"}:
            raise Refused(
                f"{name} is set: Duly never runs with a debugger or a test mode. Unset it."
            )


def _secrets_in_files() -> dict[str, Any]:
    """Return the secrets that the environment names a file for; raises Refused."""
    found = {}
    for name in SECRETS:
        variable = f"{PREFIX}{name.upper()}"
        path = os.environ.get(f"{variable}_FILE", "")
        if not path:
            continue
        if os.environ.get(variable):
            raise Refused(f"Set {variable} or {variable}_FILE, not both.")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"The file {path} of {variable}_FILE cannot be read: {error}.") from None
    return found


def source_of(name: str) -> str:
    """Return the variable a setting comes from, or an empty text for one left as it is."""
    variable = f"{PREFIX}{name.upper()}"
    named = (variable, f"{variable}_FILE") if name in SECRETS else (variable,)
    return next((each for each in named if os.environ.get(each)), "")


def unknown_variables() -> list[str]:
    """Return the variables that look like settings of ours and are none."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | OF_THE_SCRIPT
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def configure(settings: Settings) -> None:
    """Make these the settings of the process."""
    global _current  # noqa: PLW0603  the one settings object of the process
    _current = settings


def current() -> Settings:
    """Return the settings of the process."""
    if _current is None:
        raise Refused("Duly is not set up in this process: call settings.configure() first.")
    return _current
