"""Words for the states of a letter."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from mail.rules import LetterState

register(
    {
        LetterState.QUEUED: (_l("Waiting to be sent"), "info"),
        LetterState.SENT: (_l("Sent"), "ok"),
        LetterState.FAILED: (_l("Not delivered"), "bad"),
        LetterState.KEPT: (_l("Kept here"), "warn"),
    }
)
