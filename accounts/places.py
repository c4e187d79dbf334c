"""Where somebody is signed in, in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from accounts.browsers import browser_of
from foundation import request_facts
from identity.models import WebSession


@dataclass(frozen=True, slots=True)
class Place:
    """One browser that is signed in."""

    id: UUID
    browser: str
    ip: str
    since: datetime
    last_seen_at: datetime
    is_here: bool


def place_of(found: WebSession, here: UUID) -> Place:
    """Return a session as its person knows it; `here` is the session that asks."""
    return Place(
        id=found.id,
        browser=in_words(found.user_agent),
        ip=found.ip,
        since=found.created_at,
        last_seen_at=found.last_seen_at,
        is_here=found.id == here,
    )


def here_in_words() -> str:
    """Return the browser of this request and its network address, as a letter names them."""
    facts = request_facts.current()
    place = in_words(facts.user_agent)
    return f"{place} ({facts.ip})" if facts.ip else place


def in_words(user_agent: str) -> str:
    """Return what to call a browser: Chromium on Linux; never the text it sends."""
    program, system = browser_of(user_agent)
    if program and system:
        return str(_("%(browser)s on %(system)s", browser=program, system=system))
    if program or system:
        return program or str(_("A browser on %(system)s", system=system))
    return str(_("A browser we do not know"))
