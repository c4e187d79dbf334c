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
    CONDITION_HAND_OVER = "condition.hand_over"
    CONDITION_MEET = "condition.meet"
    CONDITION_REOPEN = "condition.reopen"
    CONTACT_ADD = "contact.add"
    CONTACT_EDIT = "contact.edit"
    CONTACT_HAND_OVER = "contact.hand_over"
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
    ENTITY_ADD = "entity.add"
    ENTITY_EDIT = "entity.edit"
    EVIDENCE_ADD = "evidence.add"
    EVIDENCE_DOWNLOAD = "evidence.download"
    EVIDENCE_QUARANTINE = "evidence.quarantine"
    EVIDENCE_TAMPERED = "evidence.tampered"
    EXEMPTION_END = "exemption.end"
    EXEMPTION_GRANT = "exemption.grant"
    EXEMPTION_HAND_OVER = "exemption.hand_over"
    FIELD_ADD = "field.add"
    FIELD_EDIT = "field.edit"
    FIELD_REMOVE = "field.remove"
    FINDING_ACCEPT = "finding.accept"
    FINDING_CLOSE = "finding.close"
    FINDING_HAND_OVER = "finding.hand_over"
    FINDING_RAISE = "finding.raise"
    FUNCTION_ADD = "function.add"
    FUNCTION_EDIT = "function.edit"
    INVITATION_ACCEPT = "invitation.accept"
    INVITATION_COPY = "invitation.copy"
    INVITATION_CREATE = "invitation.create"
    INVITATION_REVOKE = "invitation.revoke"
    LEDGER_EXPORT = "ledger.export"
    LETTER_RETRY = "letter.retry"
    LETTER_SENT = "letter.sent"
    NOTE_ADD = "note.add"
    NOTE_EDIT = "note.edit"
    NOTE_REMOVE = "note.remove"
    OFFBOARDING_REOPEN = "offboarding.reopen"
    OFFBOARDING_SETTLE = "offboarding.settle"
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
    REVIEW_HAND_OVER = "review.hand_over"
    REVIEW_JOIN = "review.join"
    REVIEW_OPEN = "review.open"
    REVIEW_TAKE = "review.take"
    REVIEW_VERDICT = "review.verdict"
    ROLE_GRANT = "role.grant"
    ROLE_REVOKE = "role.revoke"
    RULES_PUBLISH = "rules.publish"
    SERVICE_ADD = "service.add"
    SERVICE_ARCHIVE = "service.archive"
    SERVICE_EDIT = "service.edit"
    SERVICE_RESTORE = "service.restore"
    SESSION_END = "session.end"
    SESSION_START = "session.start"
    SIGN_IN_FAILED = "sign_in.failed"
    STAFF_ADD = "staff.add"
    SUB_PROCESSOR_ADD = "sub_processor.add"
    SUB_PROCESSOR_EDIT = "sub_processor.edit"
    SUB_PROCESSOR_REMOVE = "sub_processor.remove"
    TAG_MERGE = "tag.merge"
    TAG_REMOVE = "tag.remove"
    TAG_RENAME = "tag.rename"
    TOKEN_CREATE = "token.create"  # noqa: S105  an act, not a secret
    TOKEN_REVOKE = "token.revoke"  # noqa: S105  an act, not a secret
    TOTP_ENROL = "totp.enrol"
    TOTP_REMOVE = "totp.remove"
    UNIT_ADD = "unit.add"
    UNIT_ARCHIVE = "unit.archive"
    UNIT_EDIT = "unit.edit"
    UNIT_JOIN = "unit.join"
    UNIT_LEAVE = "unit.leave"
    UNIT_RESTORE = "unit.restore"
    VENDOR_ACTIVATE = "vendor.activate"
    VENDOR_ADD = "vendor.add"
    VENDOR_ALIAS = "vendor.alias"
    VENDOR_ARCHIVE = "vendor.archive"
    VENDOR_CLEAR = "vendor.clear"
    VENDOR_COUNTRIES = "vendor.countries"
    VENDOR_EDIT = "vendor.edit"
    VENDOR_EXPORT = "vendor.export"
    VENDOR_EXPOSURE = "vendor.exposure"
    VENDOR_FIELDS = "vendor.fields"
    VENDOR_HAND_OVER = "vendor.hand_over"
    VENDOR_IDENTIFIER = "vendor.identifier"
    VENDOR_IMPORT = "vendor.import"
    VENDOR_IMPORT_UNDO = "vendor.import_undo"
    VENDOR_MERGE = "vendor.merge"
    VENDOR_MOVE = "vendor.move"
    VENDOR_OVERRIDE = "vendor.override"
    VENDOR_PARENT = "vendor.parent"
    VENDOR_RETIER = "vendor.retier"
    VENDOR_SIGHT = "vendor.sight"
    VENDOR_TAGS = "vendor.tags"


def action_of(value: str) -> Action | None:
    """Return the act an entry names, or None for one that only an older version knew."""
    try:
        return Action(value)
    except ValueError:
        return None
