"""Words for the lines of the system page."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from operations.system_check import Grade

register(
    {
        Grade.OK: (_l("OK"), "ok"),
        Grade.LOOK: (_l("Look at this"), "warn"),
        Grade.BROKEN: (_l("Broken"), "bad"),
    }
)
