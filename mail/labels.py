"""Words for the states of a letter, and for the kinds a reader may stop."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from mail.rules import LetterState, Stoppable

register(
    {
        LetterState.QUEUED: (_l("Waiting to be sent"), "info"),
        LetterState.SENT: (_l("Sent"), "ok"),
        LetterState.FAILED: (_l("Not delivered"), "bad"),
        LetterState.KEPT: (_l("Kept here"), "warn"),
    }
)
register(
    {
        Stoppable.NUDGE: (_l("Reminders before your answers are due"), "none"),
        Stoppable.DIGEST: (_l("What the daily mail says of proof and exemptions that end"), "none"),
        Stoppable.SUBMITTED: (_l("That a vendor has answered what you sent"), "none"),
        Stoppable.TO_REVIEW: (_l("That answers wait for a reviewer"), "none"),
    }
)
