"""Words for the status of a regime."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from organisation.rules import RegimeStatus

register(
    {
        RegimeStatus.IN_FORCE: (_l("In force"), "ok"),
        RegimeStatus.BILL: (_l("Bill, not in force"), "warn"),
        RegimeStatus.REPEALED: (_l("No longer in force"), "none"),
    }
)
