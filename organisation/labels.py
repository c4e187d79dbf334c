"""Words for the status of a regime, and for how reports are printed."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from organisation.rules import PageSize, RegimeStatus, SecondLanguage

register(
    {
        RegimeStatus.IN_FORCE: (_l("In force"), "ok"),
        RegimeStatus.BILL: (_l("Bill, not in force"), "warn"),
        RegimeStatus.REPEALED: (_l("No longer in force"), "none"),
    }
)
register(
    {
        PageSize.A4: (_l("A4"), "none"),
        PageSize.LETTER: (_l("US Letter"), "none"),
    }
)
register(
    {
        SecondLanguage.NONE: (_l("No second summary"), "none"),
        SecondLanguage.URDU: (_l("Urdu"), "none"),
    }
)
