"""Words for the lines of the system page and for the messages of webhooks."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from operations.system_check import Grade
from operations.webhook_rules import DeliveryState

register(
    {
        Grade.OK: (_l("OK"), "ok"),
        Grade.LOOK: (_l("Look at this"), "warn"),
        Grade.BROKEN: (_l("Broken"), "bad"),
    }
)

register(
    {
        DeliveryState.WAITING: (_l("Waiting"), "info"),
        DeliveryState.DELIVERED: (_l("Delivered"), "ok"),
        DeliveryState.UNDELIVERED: (_l("Given up"), "bad"),
        DeliveryState.WITHHELD: (_l("Not told"), "none"),
    }
)
