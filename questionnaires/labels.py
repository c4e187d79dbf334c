"""Words for the states of assessments and the parts of questionnaires."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from questionnaires.nodes import Area, QuestionKind, TipSeverity, WeightClass
from questionnaires.rules import AssessmentState, Ball

register(
    {
        AssessmentState.SENT: (_l("Sent"), "info"),
        AssessmentState.ANSWERING: (_l("Being answered"), "accent"),
        AssessmentState.SUBMITTED: (_l("Submitted"), "warn"),
        AssessmentState.RETURNED: (_l("Back with the vendor"), "accent"),
        AssessmentState.ACCEPTED: (_l("Closed"), "none"),
        AssessmentState.WITHDRAWN: (_l("Withdrawn"), "none"),
    }
)
register(
    {
        Ball.VENDOR: (_l("The vendor"), "accent"),
        Ball.REVIEWER: (_l("The risk team"), "warn"),
        Ball.NOBODY: (_l("Nobody"), "none"),
    }
)
register(
    {
        QuestionKind.SINGLE: (_l("Choose one"), "none"),
        QuestionKind.MANY: (_l("Choose several"), "none"),
        QuestionKind.LINE: (_l("One line"), "none"),
        QuestionKind.TEXT: (_l("Text"), "none"),
        QuestionKind.DATE: (_l("Date"), "none"),
        QuestionKind.FILE: (_l("Document"), "none"),
    }
)
register(
    {
        WeightClass.CRITICAL: (_l("Critical weight"), "warn"),
        WeightClass.STANDARD: (_l("Standard weight"), "none"),
        WeightClass.MINOR: (_l("Minor weight"), "none"),
    }
)
register(
    {
        TipSeverity.LOW: (_l("Low"), "none"),
        TipSeverity.MEDIUM: (_l("Medium"), "warn"),
        TipSeverity.HIGH: (_l("High"), "bad"),
        TipSeverity.CRITICAL: (_l("Critical"), "bad"),
    }
)
register(
    {
        Area.ENC: (_l("Encryption in transit and at rest"), "none"),
        Area.NET: (_l("Network security"), "none"),
        Area.REG: (_l("Regulatory compliance"), "none"),
        Area.PCI: (_l("PCI DSS"), "none"),
        Area.TOK: (_l("Tokenisation"), "none"),
        Area.IAM: (_l("Access control"), "none"),
        Area.AUD: (_l("Audits and vulnerability assessment"), "none"),
        Area.TRN: (_l("Employee training"), "none"),
        Area.INC: (_l("Breach response"), "none"),
        Area.TPR: (_l("Third-party security"), "none"),
    }
)
