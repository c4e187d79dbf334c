"""Why somebody has to sign in again, in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from foundation.settings import Settings
from identity.rules import HALF_WAY_LIVES, Ending

SHUT = _l(
    "This browser was signed out: from another one of yours, or because your account changed. "
    "Sign in to go on."
)
_WORDS = {
    Ending.IDLE: _l("You were signed out after %(span)s without a step. Sign in to go on."),
    Ending.AGED: _l("You were signed out after %(span)s, as everybody is. Sign in to go on."),
    Ending.SLOW: _l("No code was typed within %(span)s. Start again."),
}


def said_of(ending: Ending, limits: Settings) -> str:
    """Return what to tell somebody whose session ended this way."""
    if ending is Ending.SHUT:
        return str(SHUT)
    return str(_WORDS[ending]) % {"span": _span(ending, limits)}


def _span(ending: Ending, limits: Settings) -> str:
    if ending is Ending.AGED:
        hours = limits.staff_session_hours
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    if ending is Ending.SLOW:
        return _minutes(int(HALF_WAY_LIVES.total_seconds()) // 60)
    return _minutes(limits.staff_idle_minutes)


def _minutes(count: int) -> str:
    return str(ngettext("%(num)d minute", "%(num)d minutes", count))
