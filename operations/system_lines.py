"""What lies outside: the mail server, the address people type, the scanner, the clocks."""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation import settings
from foundation.columns import UtcDateTime
from mail.postman import NotNow, Postman
from mail.queries import count_to_send_again
from operations.system_check import Check, Grade
from organisation.queries import time_zone_of_organisation

APART = timedelta(seconds=5)
"""How far two clocks may differ: letters and sessions are counted in minutes."""


def check_mail(session: Session) -> Check:
    """Ask whether a server is set, and whether letters come through."""
    address = urlsplit(settings.current().smtp_url)
    if settings.current().demo:
        return Check("Mail", Grade.OK, "The demo mails nobody: letters are kept under Mail")
    if not address.hostname:
        fix = "Set DULY_SMTP_URL and start Duly again; until then letters are kept under Mail."
        return Check("Mail", Grade.LOOK, "No mail server is set", fix)
    failed = count_to_send_again(session)
    if failed:
        said = f"{address.hostname}; not delivered: {failed}"
        return Check("Mail", Grade.LOOK, said, "Open Mail, read why, and send them again.")
    return Check("Mail", Grade.OK, f"{address.hostname}; no letter failed")


def check_mail_line(address: str) -> Check:
    """Open a line to the mail server, with TLS and sign-in as for a letter; none is sent."""
    host = urlsplit(address).hostname or ""
    try:
        with Postman(address) as postman:
            is_closed = postman.try_line()
    except NotNow as refusal:
        fix = "Mend DULY_SMTP_URL, or the server it names; letters wait in the outbox until then."
        return Check("Mail server", Grade.BROKEN, str(refusal), fix)
    if not is_closed:
        fix = "Use smtps://, or a server that offers STARTTLS: letters hold links and codes."
        return Check("Mail server", Grade.LOOK, f"{host} answers, without encryption", fix)
    return Check("Mail server", Grade.OK, f"{host} answers, encrypted; no letter was sent")


def check_address(base_url: str, host: str) -> Check:
    """Compare the address in letters with the one a browser asked (if any did); ask for https."""
    wanted = urlsplit(base_url)
    if host and wanted.netloc != host:
        said = f"Letters say {base_url}, but you came by {host}"
        fix = "Set DULY_BASE_URL to the address people type."
        return Check("Base address", Grade.LOOK, said, fix)
    if wanted.scheme == "http" and not _is_here(wanted.hostname or ""):
        fix = "Put Duly behind https, and set DULY_BASE_URL to that address."
        return Check("Base address", Grade.BROKEN, f"{base_url} is not encrypted", fix)
    return Check("Base address", Grade.OK, base_url)


def check_scanner(address: str) -> Check:
    """Say whether files are scanned for malware."""
    if address:
        return Check("Malware scanner", Grade.OK, f"clamd at {address}")
    fix = "Set DULY_CLAMD to the host and port of a clamd; until then files show as not scanned."
    return Check("Malware scanner", Grade.LOOK, "No scanner is set", fix)


def check_clock(session: Session, folder: Path, at: datetime) -> Check:
    """Compare our clock with that of the database and that of the disk, and name the zone."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    asked = (
        "select strftime('%Y-%m-%d %H:%M:%f', 'now') as at"
        if is_sqlite
        else "select clock_timestamp() as at"
    )
    told = session.execute(text(asked).columns(at=UtcDateTime())).scalar_one()
    name, fix = "Clock", "Let the clocks be set by NTP on every machine that runs a part of Duly."
    for whose, moment in (("the database", told), ("the disk", _moment_of_disk(folder))):
        if moment is not None and abs(moment - at) > APART:
            seconds = round(abs(moment - at).total_seconds())
            return Check(name, Grade.BROKEN, f"{whose} is {seconds} s apart from us", fix)
    zone = time_zone_of_organisation(session)
    try:
        local = at.astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        said = f"This machine does not know the time zone {zone}"
        return Check(name, Grade.BROKEN, said, "Install the package tzdata.")
    return Check(
        name, Grade.OK, f"{local.day} {local:%B %Y, %H:%M} in {zone}; database and disk agree"
    )


def _moment_of_disk(folder: Path) -> datetime | None:
    place = next((one for one in (folder, *folder.parents) if one.is_dir()), Path("/"))
    try:
        with TemporaryFile(dir=place) as file:
            return datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, tz=UTC)
    except OSError:
        return None  # the line about storage tells it


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")
