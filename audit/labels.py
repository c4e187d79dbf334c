"""Words for what stands in the ledger."""

from flask_babel import lazy_gettext as _l

from audit.actions import Action, ActorKind
from foundation.labels import register

register(
    {
        Action.ACCESS_DENIED: (_l("Access refused"), "bad"),
        Action.ASSESSMENT_ACCEPT: (_l("Assessment closed"), "none"),
        Action.ASSESSMENT_ANSWER: (_l("Question answered"), "none"),
        Action.ASSESSMENT_ASK_BACK: (_l("Question asked back"), "none"),
        Action.ASSESSMENT_EXTEND: (_l("More time given"), "none"),
        Action.ASSESSMENT_OPEN: (_l("Assessment started"), "none"),
        Action.ASSESSMENT_REPLY: (_l("Clarification answered"), "none"),
        Action.ASSESSMENT_RETURN: (_l("Assessment handed back"), "none"),
        Action.ASSESSMENT_SEND: (_l("Questionnaire sent"), "none"),
        Action.ASSESSMENT_SUBMIT: (_l("Answers submitted"), "none"),
        Action.ASSESSMENT_WITHDRAW: (_l("Assessment withdrawn"), "none"),
        Action.CITATION_ADD: (_l("Evidence cited"), "none"),
        Action.CITATION_REMOVE: (_l("Citation taken back"), "none"),
        Action.CLAUSE_CHECK: (_l("Clause checked"), "none"),
        Action.CLAUSE_WAIVE: (_l("Clause waived"), "none"),
        Action.CONTACT_ADD: (_l("Contact added"), "none"),
        Action.CONTACT_REMOVE: (_l("Contact removed"), "none"),
        Action.CONTRACT_ACTIVATE: (_l("Contract activated"), "none"),
        Action.CONTRACT_ADD: (_l("Contract added"), "none"),
        Action.CONTRACT_ATTACH: (_l("Contract document attached"), "none"),
        Action.CONTRACT_EDIT: (_l("Contract changed"), "none"),
        Action.CONTRACT_END: (_l("Contract ended"), "none"),
        Action.DECISION_PROPOSE: (_l("Decision proposed"), "none"),
        Action.DECISION_SIGN: (_l("Decision signed"), "none"),
        Action.EVIDENCE_ADD: (_l("Evidence put on record"), "none"),
        Action.EVIDENCE_DOWNLOAD: (_l("Evidence downloaded"), "none"),
        Action.EVIDENCE_QUARANTINE: (_l("Evidence refused"), "bad"),
        Action.EVIDENCE_TAMPERED: (_l("Changed evidence refused"), "none"),
        Action.EXEMPTION_END: (_l("Exemption ended"), "none"),
        Action.EXEMPTION_GRANT: (_l("Exemption granted"), "none"),
        Action.FINDING_CLOSE: (_l("Finding closed"), "none"),
        Action.FINDING_RAISE: (_l("Finding raised"), "none"),
        Action.INVITATION_ACCEPT: (_l("Invitation accepted"), "none"),
        Action.INVITATION_COPY: (_l("Invitation link copied"), "none"),
        Action.INVITATION_CREATE: (_l("Person invited"), "none"),
        Action.INVITATION_REVOKE: (_l("Invitation withdrawn"), "none"),
        Action.LETTER_SENT: (_l("Letter sent"), "none"),
        Action.ORGANISATION_EDIT: (_l("Organisation settings changed"), "none"),
        Action.PERSON_DISABLE: (_l("Person disabled"), "none"),
        Action.QUESTIONNAIRE_IMPORT: (_l("Questionnaire imported"), "none"),
        Action.REMINDER_SEND: (_l("Reminder sent"), "none"),
        Action.REPORT_ISSUE: (_l("Report issued"), "none"),
        Action.REVIEW_OPEN: (_l("Review opened"), "none"),
        Action.REVIEW_VERDICT: (_l("Answer judged"), "none"),
        Action.ROLE_GRANT: (_l("Role granted"), "none"),
        Action.ROLE_REVOKE: (_l("Role taken away"), "none"),
        Action.SESSION_END: (_l("Signed out"), "none"),
        Action.SESSION_START: (_l("Signed in"), "none"),
        Action.SIGN_IN_FAILED: (_l("Sign-in failed"), "warn"),
        Action.STAFF_ADD: (_l("Staff member added"), "none"),
        Action.TOTP_ENROL: (_l("Second factor set up"), "none"),
        Action.VENDOR_ACTIVATE: (_l("Vendor activated"), "none"),
        Action.VENDOR_ADD: (_l("Vendor registered"), "none"),
        Action.VENDOR_CLEAR: (_l("Vendor cleared"), "none"),
        Action.VENDOR_EDIT: (_l("Vendor changed"), "none"),
        Action.VENDOR_EXPOSURE: (_l("Exposure recorded"), "none"),
        Action.VENDOR_MOVE: (_l("Vendor moved on"), "none"),
        Action.VENDOR_OVERRIDE: (_l("Tier overridden"), "none"),
        Action.VENDOR_SIGHT: (_l("Access to a vendor changed"), "none"),
    }
)

register(
    {
        ActorKind.STAFF: (_l("Staff"), "none"),
        ActorKind.VENDOR: (_l("Vendor"), "none"),
        ActorKind.SYSTEM: (_l("Duly"), "none"),
    }
)
