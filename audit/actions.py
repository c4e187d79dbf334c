"""What can stand in the ledger, and who can have done it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """Which door somebody came through."""

    STAFF = "staff"
    VENDOR = "vendor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a pseudonymous id; the name is joined when shown."""

    kind: ActorKind
    id: UUID


SYSTEM = Actor(ActorKind.SYSTEM, UUID(int=0))
"""Duly itself: the sweep, the command line."""


class Action(StrEnum):
    """One word for each effect: room.act. Never renamed, since entries outlive code."""

    ACCESS_DENIED = "access.denied"
    ASSESSMENT_ACCEPT = "assessment.accept"
    ASSESSMENT_ANSWER = "assessment.answer"
    ASSESSMENT_ASK_BACK = "assessment.ask_back"
    ASSESSMENT_EXTEND = "assessment.extend"
    ASSESSMENT_OPEN = "assessment.open"
    ASSESSMENT_REPLY = "assessment.reply"
    ASSESSMENT_RETURN = "assessment.return"
    ASSESSMENT_SEND = "assessment.send"
    ASSESSMENT_SUBMIT = "assessment.submit"
    ASSESSMENT_WITHDRAW = "assessment.withdraw"
    CITATION_ADD = "citation.add"
    CITATION_REMOVE = "citation.remove"
    CLAUSE_CHECK = "clause.check"
    CLAUSE_DERIVE = "clause.derive"
    CLAUSE_WAIVE = "clause.waive"
    CONTACT_ADD = "contact.add"
    CONTACT_REMOVE = "contact.remove"
    CONTRACT_ACTIVATE = "contract.activate"
    CONTRACT_ADD = "contract.add"
    CONTRACT_ATTACH = "contract.attach"
    CONTRACT_EDIT = "contract.edit"
    CONTRACT_END = "contract.end"
    DECISION_FINAL = "decision.final"
    DECISION_PROPOSE = "decision.propose"
    DECISION_SIGN = "decision.sign"
    DECISION_WITHDRAW = "decision.withdraw"
    EVIDENCE_ADD = "evidence.add"
    EVIDENCE_DOWNLOAD = "evidence.download"
    EVIDENCE_QUARANTINE = "evidence.quarantine"
    EVIDENCE_TAMPERED = "evidence.tampered"
    EXEMPTION_END = "exemption.end"
    EXEMPTION_GRANT = "exemption.grant"
    FINDING_ACCEPT = "finding.accept"
    FINDING_CLOSE = "finding.close"
    FINDING_RAISE = "finding.raise"
    INVITATION_ACCEPT = "invitation.accept"
    INVITATION_COPY = "invitation.copy"
    INVITATION_CREATE = "invitation.create"
    INVITATION_REVOKE = "invitation.revoke"
    LETTER_SENT = "letter.sent"
    ORGANISATION_EDIT = "organisation.edit"
    PASSWORD_SET = "password.set"  # noqa: S105  an act, not a secret
    PERSON_DISABLE = "person.disable"
    PERSON_ENABLE = "person.enable"
    QUESTIONNAIRE_IMPORT = "questionnaire.import"
    REMINDER_SEND = "reminder.send"
    REPORT_DOWNLOAD = "report.download"
    REPORT_ISSUE = "report.issue"
    REPORT_REQUEST = "report.request"
    REVIEW_GATE = "review.gate"
    REVIEW_JOIN = "review.join"
    REVIEW_OPEN = "review.open"
    REVIEW_TAKE = "review.take"
    REVIEW_VERDICT = "review.verdict"
    ROLE_GRANT = "role.grant"
    ROLE_REVOKE = "role.revoke"
    SESSION_END = "session.end"
    SESSION_START = "session.start"
    SIGN_IN_FAILED = "sign_in.failed"
    STAFF_ADD = "staff.add"
    TOTP_ENROL = "totp.enrol"
    TOTP_REMOVE = "totp.remove"
    VENDOR_ACTIVATE = "vendor.activate"
    VENDOR_ADD = "vendor.add"
    VENDOR_CLEAR = "vendor.clear"
    VENDOR_EDIT = "vendor.edit"
    VENDOR_EXPOSURE = "vendor.exposure"
    VENDOR_IMPORT = "vendor.import"
    VENDOR_IMPORT_UNDO = "vendor.import_undo"
    VENDOR_MOVE = "vendor.move"
    VENDOR_OVERRIDE = "vendor.override"
    VENDOR_SIGHT = "vendor.sight"
