"""Words for where a report is, what there is to do, who has the ball, and what can be found."""

from flask_babel import lazy_gettext as _l

from foundation.labels import register
from reports.dates.row import DateKind
from reports.papers import Paper
from reports.progress import Step
from reports.rules import ReportState
from reports.search import Kind
from reports.tasks import Task
from reports.verifying import Answer

register(
    {
        ReportState.WAITING: (_l("Waiting to be built"), "info"),
        ReportState.BUILDING: (_l("Being built"), "accent"),
        ReportState.ISSUED: (_l("Issued"), "ok"),
        ReportState.FAILED: (_l("Could not be built"), "bad"),
    }
)
register(
    {
        Paper.FULL: (_l("Full report"), "none"),
        Paper.BOARD: (_l("One page for the board"), "none"),
        Paper.VENDOR: (_l("Copy for the vendor"), "none"),
    }
)
register(
    {
        Answer.GENUINE: (_l("Genuine"), "ok"),
        Answer.SUPERSEDED: (_l("Genuine, and superseded by a newer one"), "warn"),
        Answer.ALTERED: (_l("Altered"), "bad"),
        Answer.UNKNOWN: (_l("Unknown"), "info"),
    }
)
register(
    {
        Kind.VENDOR: (_l("Vendors"), "none"),
        Kind.CONTACT: (_l("Contacts"), "none"),
        Kind.QUESTION: (_l("Questions"), "none"),
        Kind.FINDING: (_l("Findings"), "none"),
        Kind.CONTRACT: (_l("Contracts"), "none"),
        Kind.CLAUSE: (_l("Clauses in contracts"), "none"),
        Kind.EVIDENCE: (_l("Evidence"), "none"),
    }
)
register(
    {
        Task.SIGN: (_l("Decision to sign"), "warn"),
        Task.TAKE: (_l("New answers, nobody reviews them yet"), "warn"),
        Task.START: (_l("New answers, no review yet"), "warn"),
        Task.REVIEW: (_l("Answers to review"), "accent"),
        Task.READ_REPLIES: (_l("The vendor has replied"), "accent"),
        Task.SENT_BACK: (_l("Decision sent back"), "warn"),
        Task.LATE_REVIEW: (_l("Review past its date"), "bad"),
        Task.SEND: (_l("Questionnaire not sent"), "none"),
        Task.SEND_AGAIN: (_l("Reassessment open, nothing sent"), "none"),
        Task.CHASE: (_l("The vendor is silent"), "warn"),
        Task.WAIT: (_l("On its way"), "none"),
        Task.SETTLE_CLAUSES: (_l("Contract clauses open"), "none"),
        Task.ACTIVATE: (_l("Contract to bring into force"), "warn"),
        Task.LEAVE: (_l("Vendor to leave, line by line"), "warn"),
        Task.END_CONTRACT: (_l("Vendor over, its contract still runs"), "bad"),
        Task.GIVE_NOTICE: (_l("Last day to give notice"), "warn"),
        Task.MEND: (_l("Finding to mend"), "warn"),
        Task.CHECK_MENDED: (_l("Finding mended, to be checked"), "info"),
        Task.RENEW_PROOF: (_l("Proof ends"), "warn"),
        Task.MEET_CONDITION: (_l("Condition of an approval"), "warn"),
        Task.RENEW_EXEMPTION: (_l("Exemption ends"), "warn"),
        Task.REASSESS: (_l("Reassessment due"), "info"),
        Task.CHASE_WORD: (_l("Asked whether anything has changed"), "info"),
        Task.JUDGE_CHANGE: (_l("Reported change to judge"), "warn"),
        Task.UNDELIVERED: (_l("Mail to the vendor came back"), "bad"),
        Task.SECOND_FACTOR: (_l("No second factor"), "bad"),
        Task.SIGN_IN: (_l("Invited, has not signed in"), "none"),
        Task.LETTER: (_l("Mail could not be sent"), "bad"),
        Task.REPORT: (_l("Report could not be built"), "bad"),
        Task.WORKER: (_l("The worker is silent"), "bad"),
        Task.SETTINGS: (_l("Settings not filled in"), "warn"),
        Task.LEDGER: (_l("Ledger not checked lately, or broken"), "bad"),
    }
)
register(
    {
        Step.REGISTERED: (_l("Registered"), "none"),
        Step.AGAIN: (_l("Begun anew"), "none"),
        Step.SENT: (_l("Questionnaire sent"), "none"),
        Step.ANSWERED: (_l("Answered"), "none"),
        Step.REVIEWED: (_l("Reviewed"), "none"),
        Step.CLAUSES: (_l("Contract clauses"), "none"),
        Step.DECIDED: (_l("Decided"), "none"),
        Step.ACTIVE: (_l("In use"), "none"),
    }
)
register(
    {
        DateKind.NOTICE: (_l("Last day to give notice"), "warn"),
        DateKind.RENEWAL: (_l("Contract renews itself"), "info"),
        DateKind.CONTRACT_END: (_l("Contract ends"), "info"),
        DateKind.REVIEW: (_l("Next review due"), "accent"),
        DateKind.ANSWERS: (_l("Answers due from the vendor"), "none"),
        DateKind.FINDING: (_l("Finding to be mended"), "warn"),
        DateKind.CONDITION: (_l("Condition of an approval due"), "warn"),
        DateKind.EVIDENCE: (_l("Proof ends"), "warn"),
        DateKind.EXEMPTION: (_l("Exemption ends"), "warn"),
        DateKind.MATRIX: (_l("PCI responsibilities end"), "warn"),
        DateKind.WORD: (_l("Word on changes due from the vendor"), "none"),
        DateKind.CHANGE: (_l("Reported change to be judged"), "warn"),
    }
)
SHORT = {
    DateKind.NOTICE: _l("Notice"),
    DateKind.RENEWAL: _l("Renewal"),
    DateKind.CONTRACT_END: _l("Contract end"),
    DateKind.REVIEW: _l("Review"),
    DateKind.ANSWERS: _l("Answers"),
    DateKind.FINDING: _l("Finding"),
    DateKind.CONDITION: _l("Condition"),
    DateKind.EVIDENCE: _l("Proof"),
    DateKind.EXEMPTION: _l("Exemption"),
    DateKind.MATRIX: _l("PCI responsibilities"),
    DateKind.WORD: _l("Vendor's word"),
    DateKind.CHANGE: _l("Change"),
}
"""One word for each kind of date, for a day of the month and for the filter."""
