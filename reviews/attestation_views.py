"""The page of one change attestation: what the vendor was asked and said, and our judgement."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from reviews import attestation_queries as queries
from reviews.attestation_commands import judge
from reviews.attestation_rules import Judged, Judgement
from reviews.forms import JudgeForm
from reviews.views import bp

__all__ = ["bp"]


@bp.get("/attestations/<uuid:attestation_id>")
@requires(Permission.REVIEW_READ)
def attestation(attestation_id: UUID) -> ResponseReturnValue:
    """Show what a vendor was asked between reviews, and said."""
    return _page(attestation_id, None)


@bp.post("/attestations/<uuid:attestation_id>/judge")
@requires(Permission.REVIEW_JUDGE)
def judge_change(attestation_id: UUID) -> ResponseReturnValue:
    """Note a reported change, or start a reassessment because of it."""
    found = queries.get_attestation(session(), me().person_id, attestation_id)
    form = JudgeForm(request.form)
    if not form.validate():
        return _page(attestation_id, form), 422
    judged = Judged(Judgement(form.judgement.data), form.reason.data)
    version, by = form.version.data, me().author
    try:
        judge(session(), found, judged, version=version, by=by, at=clock.now())
    except Conflict as clash:
        form.form_errors.append(str(clash))
        return _page(attestation_id, form), 409
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _page(attestation_id, form), 422
    if found.review_id is None:
        flash(_("The change is noted."), "ok")
    else:
        flash(_("The review is open. Send the vendor what it is to answer."), "ok")
    return redirect_to("reports.vendor", vendor_id=found.vendor_id)


def _page(attestation_id: UUID, form: JudgeForm | None) -> str:
    one = queries.get_attestation_row(session(), me().person_id, attestation_id)
    is_waiting = one.state is queries.REPORTED
    return page(
        "reviews/attestation.html",
        one=one,
        form=form or JudgeForm(data={"version": one.version}),
        today=today_of(session()),
        may_judge=me().may(Permission.REVIEW_JUDGE) and (is_waiting or form is not None),
        is_waiting=is_waiting,
    )
