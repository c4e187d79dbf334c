"""Permissions: one word each, and which role grants which."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts.rules import Role
from foundation.db import READING_METHODS
from foundation.errors import Denied
from foundation.web import Plate, declare

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a view demands: room:act. Reading and writing are never the same word."""

    ASSESSMENT_SEND = "assessment:send"
    CONTRACT_EDIT = "contract:edit"
    CONTRACT_READ = "contract:read"
    CONTRACT_WAIVE = "contract:waive"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_ADD = "evidence:add"
    FIELD_DEFINE = "field:define"
    HOLD_SET = "hold:set"
    LEDGER_READ = "ledger:read"
    OUTBOX_READ = "outbox:read"
    PEOPLE_MANAGE = "people:manage"
    QUESTIONNAIRE_IMPORT = "questionnaire:import"
    QUESTIONNAIRE_READ = "questionnaire:read"
    REPORT_ISSUE = "report:issue"
    REPORT_READ = "report:read"
    REVIEW_ACCEPT_RISK = "review:accept_risk"
    REVIEW_DECIDE = "review:decide"
    REVIEW_JUDGE = "review:judge"
    REVIEW_READ = "review:read"
    REVIEW_SIGN = "review:sign"
    RULES_EDIT = "rules:edit"
    SETTINGS_EDIT = "settings:edit"
    SETTINGS_READ = "settings:read"
    VENDOR_EDIT = "vendor:edit"
    VENDOR_ERASE = "vendor:erase"
    VENDOR_MERGE = "vendor:merge"
    VENDOR_OVERRIDE = "vendor:override"
    VENDOR_READ = "vendor:read"


P = Permission

READING = frozenset(
    {
        P.CONTRACT_READ,
        P.EVIDENCE_READ,
        P.QUESTIONNAIRE_READ,
        P.REPORT_READ,
        P.REVIEW_READ,
        P.VENDOR_READ,
    }
)

ROLE_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PROCUREMENT: READING
    | {
        P.ASSESSMENT_SEND,
        P.CONTRACT_EDIT,
        P.EVIDENCE_ADD,
        P.REPORT_ISSUE,
        P.REVIEW_DECIDE,
        P.REVIEW_SIGN,
        P.VENDOR_EDIT,
    },
    Role.ANALYST: READING
    | {
        P.ASSESSMENT_SEND,
        P.CONTRACT_EDIT,
        P.EVIDENCE_ADD,
        P.QUESTIONNAIRE_IMPORT,
        P.REPORT_ISSUE,
        P.REVIEW_DECIDE,
        P.REVIEW_JUDGE,
        P.REVIEW_SIGN,
        P.VENDOR_EDIT,
    },
    Role.LEAD: READING
    | {
        P.ASSESSMENT_SEND,
        P.CONTRACT_EDIT,
        P.CONTRACT_WAIVE,
        P.EVIDENCE_ADD,
        P.FIELD_DEFINE,
        P.HOLD_SET,
        P.QUESTIONNAIRE_IMPORT,
        P.REPORT_ISSUE,
        P.REVIEW_ACCEPT_RISK,
        P.REVIEW_DECIDE,
        P.REVIEW_JUDGE,
        P.REVIEW_SIGN,
        P.RULES_EDIT,
        P.SETTINGS_READ,
        P.VENDOR_EDIT,
        P.VENDOR_MERGE,
        P.VENDOR_OVERRIDE,
    },
    Role.APPROVER: READING | {P.REPORT_ISSUE, P.REVIEW_SIGN},
    Role.AUDITOR: READING | {P.LEDGER_READ, P.OUTBOX_READ, P.SETTINGS_READ},
    Role.ADMINISTRATOR: frozenset(
        {
            P.FIELD_DEFINE,
            P.HOLD_SET,
            P.LEDGER_READ,
            P.OUTBOX_READ,
            P.PEOPLE_MANAGE,
            P.QUESTIONNAIRE_READ,
            P.SETTINGS_EDIT,
            P.SETTINGS_READ,
            P.VENDOR_ERASE,
            P.VENDOR_READ,
        }
    ),
}
"""Who may sign what tier is a rule of reviews; this table opens the door only."""

NOT_YOURS = "Your roles do not include this. Ask an administrator if you need it."


SIGNED_OUT = "You are signed out, so what you sent was not stored. Sign in and send it again."


def grants_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return everything a set of roles allows."""
    return frozenset().union(*(ROLE_GRANTS[role] for role in roles))


def requires(permission: Permission) -> Callable[[View], View]:
    """Demand a signed-in member of staff, second factor done, who holds the permission."""

    def hang(view: View) -> View:
        return declare(view, Plate(f"staff {permission}", lambda: _check(permission)))

    return hang


def staff_only(view: View) -> View:
    """Demand any signed-in member of staff."""
    return declare(view, Plate("staff", lambda: _check(None)))


def _check(permission: Permission | None) -> ResponseReturnValue | None:
    if g.visitor is None:
        if request.method in READING_METHODS:
            goal = request.full_path.rstrip("?")
            return redirect(url_for("accounts.sign_in", next=goal), code=303)
        g.way_back = _way_back()
        raise Denied(SIGNED_OUT)
    if permission is not None and not g.visitor.may(permission):
        raise Denied(NOT_YOURS)
    return None


def _way_back() -> str:
    """Return the page a form was sent from, where it has the form's address; else the first."""
    is_page = current_app.url_map.bind("").test(request.path, "GET")
    return url_for("accounts.sign_in", next=request.path if is_page else None)
