"""Pages of findings: the list, one finding, closing it, accepting its risk."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity.queries import names_of
from organisation.queries import today_of
from questionnaires.content import question
from questionnaires.models import Assessment
from questionnaires.queries import questionnaire_of_version
from questionnaires.richtext import plain
from reviews import finding_commands, finding_queries, queries
from reviews.forms import AcceptanceForm, CloseForm
from reviews.gate_commands import Acceptance
from reviews.labels import age_names
from reviews.models import Finding
from reviews.rules import FindingState, Severity
from reviews.views import bp
from vendors.inventory_models import Exemption
from vendors.models import Vendor

__all__ = ["bp"]


@bp.get("/findings")
@requires(Permission.REVIEW_READ)
def findings() -> ResponseReturnValue:
    """Show the findings of all vendors, filtered by the address."""
    shown = request.args.get("show", "open")
    shown = shown if shown in {"open", "mine", "late", "all"} else "open"
    sought = finding_queries.Sought(
        today=today_of(session()),
        at=clock.now(),
        only_open=shown != "all",
        only_late=shown == "late",
        owner_id=me().person_id if shown == "mine" else None,
        severity=_severity(request.args.get("severity")),
        age=_age(request.args.get("age")),
    )
    return page(
        "reviews/findings.html",
        rows=finding_queries.list_findings(session(), me().person_id, sought),
        shown=shown,
        sought=sought,
        ages=age_names(finding_queries.EDGES),
    )


@bp.get("/findings/<uuid:finding_id>")
@requires(Permission.REVIEW_READ)
def finding(finding_id: UUID) -> ResponseReturnValue:
    """Show one finding."""
    found = queries.get_finding(session(), me().person_id, finding_id)
    return _page(found, CloseForm(data={"version": found.version}), _acceptance(found))


@bp.post("/findings/<uuid:finding_id>/close")
@requires(Permission.REVIEW_JUDGE)
def close(finding_id: UUID) -> ResponseReturnValue:
    """Close a finding that was mended."""
    found = queries.get_finding(session(), me().person_id, finding_id)
    form = CloseForm(request.form)
    if not form.validate():
        return _page(found, form, _acceptance(found)), 422
    finding_commands.close(
        session(),
        found,
        note=form.note.data,
        version=form.version.data,
        by=me().author,
        at=clock.now(),
    )
    flash(_("%(reference)s is closed.", reference=found.reference), "ok")
    return redirect_to("reviews.finding", finding_id=finding_id)


@bp.post("/findings/<uuid:finding_id>/accept-risk")
@requires(Permission.REVIEW_ACCEPT_RISK)
def accept_risk(finding_id: UUID) -> ResponseReturnValue:
    """Accept the risk of a finding until a date."""
    found = queries.get_finding(session(), me().person_id, finding_id)
    form = _acceptance(found)
    closing = CloseForm(data={"version": found.version})
    if not form.validate():
        return _page(found, closing, form), 422
    try:
        finding_commands.accept_risk(
            session(),
            found,
            acceptance_of(form),
            version=form.version.data,
            by=me().author,
            at=clock.now(),
        )
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _page(found, closing, form), 422
    flash(_("The risk of %(reference)s is accepted.", reference=found.reference), "ok")
    return redirect_to("reviews.finding", finding_id=finding_id)


def acceptance_of(form: AcceptanceForm) -> Acceptance:
    """Return what an acceptance form says."""
    return Acceptance(
        owner_id=UUID(form.owner_id.data),
        reason=form.reason.data,
        ends_on=form.ends_on.data,
        compensating_control=form.compensating_control.data,
    )


def _acceptance(found: Finding) -> AcceptanceForm:
    start = {"version": found.version, "owner_id": str(found.owner_id)}
    form = AcceptanceForm(request.form, data=start, prefix="risk-")
    form.owner_id.choices = offered((str(row.person_id), row.name) for row in list_staff(session()))
    return form


def _severity(text: str | None) -> Severity | None:
    return Severity(text) if text in set(Severity) else None


def _age(text: str | None) -> int | None:
    return int(text) if text in {str(age) for age in range(finding_queries.AGES)} else None


def _page(found: Finding, closing: CloseForm, accepting: AcceptanceForm) -> str:
    is_open = found.state is not FindingState.CLOSED
    exemption = session().get(Exemption, found.exemption_id) if found.exemption_id else None
    people = {found.owner_id, found.raised_by_id, *([exemption.owner_id] if exemption else [])}
    return page(
        "reviews/finding.html",
        finding=found,
        vendor=session().get_one(Vendor, found.vendor_id),
        names=names_of(session(), people),
        exemption=exemption,
        asked=_asked(found),
        closing=closing,
        accepting=accepting,
        may_close=is_open and me().may(Permission.REVIEW_JUDGE),
        may_accept=is_open and me().may(Permission.REVIEW_ACCEPT_RISK),
        today=today_of(session()),
    )


def _asked(found: Finding) -> str:
    """Return the question a finding came from, in plain words."""
    if found.assessment_id is None or found.code is None:
        return ""
    assessment = session().get_one(Assessment, found.assessment_id)
    content = questionnaire_of_version(session(), assessment.questionnaire_version_id)
    asked = question(content, found.code)
    return plain(asked.text) if asked else ""
