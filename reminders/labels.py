"""Words for the kinds of things that fall due."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from reminders.ladders import Kind

register(
    {
        Kind.ANSWERS: (_l("Answers of a vendor"), "none"),
        Kind.REVIEW: (_l("Next review of a vendor"), "none"),
        Kind.EVIDENCE: (_l("Proof that ends"), "none"),
        Kind.FINDING: (_l("Finding"), "none"),
        Kind.CONDITION: (_l("Condition of an approval"), "none"),
        Kind.EXEMPTION: (_l("Waivers, acceptances and tiers set by hand that end"), "none"),
        Kind.MATRIX: (_l("PCI responsibilities that end"), "none"),
        Kind.NOTICE: (_l("Last day to give notice"), "none"),
        Kind.WORD: (_l("Vendors that have not said whether anything has changed"), "none"),
        Kind.CHANGE: (_l("Change a vendor reported"), "none"),
    }
)
