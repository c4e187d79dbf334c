"""Words of reviews: states, verdicts, findings, gates, bands, outcomes."""

from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from foundation.labels import register
from questionnaires.scoring import Outcome as Counted
from reviews.attestation_rules import AttestationState, Change, Judgement
from reviews.gates import GateStatus
from reviews.looks import Look, Pile
from reviews.residual import Band
from reviews.rules import FindingState, Outcome, ReviewState, Severity, VerdictOutcome
from reviews.turns import Turn

KIND_NAMES = {
    "initial": _l("First review"),
    "reassessment": _l("Reassessment"),
    "off_cycle": _l("Out of turn"),
}

register(
    {
        Change.INCIDENTS: (_l("Incident"), "bad"),
        Change.OWNERSHIP: (_l("Ownership or management"), "warn"),
        Change.SUB_PROCESSORS: (_l("Companies that work is passed on to"), "warn"),
        Change.DATA_PLACES: (_l("Places where data lies"), "warn"),
        Change.CERTIFICATES: (_l("Certificates and audit reports"), "warn"),
        Change.PEOPLE: (_l("People to turn to"), "info"),
    }
)
register(
    {
        AttestationState.ASKED: (_l("The vendor is asked"), "accent"),
        AttestationState.UNCHANGED: (_l("Nothing has changed"), "ok"),
        AttestationState.REPORTED: (_l("A change is to be judged"), "warn"),
        AttestationState.NOTED: (_l("Change noted"), "none"),
        AttestationState.REASSESSED: (_l("Reassessment started"), "info"),
        AttestationState.OVERTAKEN: (_l("A decision came first"), "none"),
    }
)
register(
    {
        Judgement.NOTE: (_l("Note it: nothing is asked anew"), "none"),
        Judgement.REASSESS: (_l("Start a reassessment"), "warn"),
    }
)
register(
    {
        ReviewState.OPEN: (_l("In review"), "accent"),
        ReviewState.AWAITING_SIGN_OFF: (_l("Waiting for signatures"), "warn"),
        ReviewState.DECIDED: (_l("Decided"), "ok"),
    }
)
register(
    {
        VerdictOutcome.ACCEPTED: (_l("Accepted"), "ok"),
        VerdictOutcome.ASKED_BACK: (_l("Asked back"), "info"),
        VerdictOutcome.FINDING: (_l("Finding"), "bad"),
    }
)
register(
    {
        Severity.CRITICAL: (_l("Critical"), "bad"),
        Severity.HIGH: (_l("High"), "bad"),
        Severity.MEDIUM: (_l("Medium"), "warn"),
        Severity.LOW: (_l("Low"), "none"),
    }
)
register(
    {
        FindingState.OPEN: (_l("Open"), "warn"),
        FindingState.FIXED: (_l("Mended, to be checked"), "info"),
        FindingState.ACCEPTED: (_l("Risk accepted"), "accent"),
        FindingState.CLOSED: (_l("Closed"), "ok"),
    }
)
register(
    {
        Outcome.APPROVED: (_l("Approve"), "ok"),
        Outcome.APPROVED_WITH_CONDITIONS: (_l("Approve with conditions"), "warn"),
        Outcome.REJECTED: (_l("Reject"), "bad"),
        Outcome.MORE_NEEDED: (_l("More is needed"), "info"),
    }
)
register(
    {
        Band.LOW: (_l("Low"), "ok"),
        Band.MODERATE: (_l("Moderate"), "info"),
        Band.HIGH: (_l("High"), "warn"),
        Band.CRITICAL: (_l("Critical"), "bad"),
    }
)
register(
    {
        GateStatus.PASSED: (_l("Passed"), "ok"),
        GateStatus.FAILED: (_l("Failed"), "bad"),
        GateStatus.UNANSWERED: (_l("Not answered"), "warn"),
        GateStatus.NOT_APPLICABLE: (_l("Does not apply"), "none"),
    }
)
register(
    {
        Look.CHANGED: (_l("Changed since it was judged"), "info"),
        Look.REPLIED: (_l("The vendor has replied"), "info"),
        Look.UNANSWERED: (_l("Not answered"), "bad"),
        Look.NOT_APPLICABLE: (_l("Does not apply"), "warn"),
        Look.BELOW_FULL: (_l("Below full value"), "warn"),
        Look.NO_PROOF: (_l("No proof"), "warn"),
        Look.WARNING: (_l("Warning"), "bad"),
    }
)
register(
    {
        Pile.NEEDS_A_LOOK: (_l("Needs a look"), "warn"),
        Pile.REST: (_l("The rest"), "none"),
        Pile.ASKED_BACK: (_l("Asked back"), "info"),
        Pile.DONE: (_l("Judged"), "ok"),
    }
)
register(
    {
        Turn.BUYER: (_l("Procurement"), "info"),
        Turn.VENDOR: (_l("The vendor"), "accent"),
        Turn.RISK: (_l("The risk team"), "warn"),
        Turn.SIGNERS: (_l("Whoever signs"), "warn"),
        Turn.NOBODY: (_l("Nobody"), "none"),
    }
)
register(
    {
        Counted.COUNTED: (_l("Counted"), "none"),
        Counted.UNANSWERED: (_l("Not answered: counts nothing"), "warn"),
        Counted.CONTRADICTED: (_l("The proof contradicts it: counts nothing"), "bad"),
        Counted.EXCLUDED: (_l("Does not apply: left out"), "none"),
    }
)


def age_names(edges: tuple[int, ...]) -> list[str]:
    """Return the names of ages in days between these edges, the youngest first."""
    names = [_("Up to %(days)d days", days=edges[0])]
    names += [
        _("%(low)d to %(high)d days", low=low + 1, high=high) for low, high in pairwise(edges)
    ]
    return [*names, _("Over %(days)d days", days=edges[-1])]
