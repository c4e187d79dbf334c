"""Pages of the tier rules: what is in force, a draft tested against history, the versions."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from accounts.permissions import Permission, requires, staff_only
from accounts.signin import me
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from vendors.rehearsal import rehearse
from vendors.rules_forms import PACES, RulesForm, values_of
from vendors.rules_words import told
from vendors.tier_document import differences
from vendors.tier_model import TierModel
from vendors.tier_version_commands import name_of, outdated, publish, retier_services
from vendors.tier_versions import (
    VersionRow,
    forget,
    list_versions,
    model_in_force,
    newest,
    number_in_force,
)
from vendors.views import bp

DRAFT = "draft"


@bp.get("/rules")
@staff_only
def rules() -> ResponseReturnValue:
    """Show the rules in force; whoever may change them is told what still rests on older ones."""
    may_edit = me().may(Permission.RULES_EDIT)
    return page(
        "vendors/rules.html",
        version=list_versions(session())[0],
        paces=PACES,
        outdated=outdated(session(), me().person_id),
        may_edit=may_edit,
    )


@bp.get("/rules/draft")
@requires(Permission.RULES_EDIT)
def rules_draft() -> ResponseReturnValue:
    """Show the rules in force for editing."""
    number, model = newest(session())
    return _draft_page(RulesForm(data=values_of(model, number)))


@bp.post("/rules/draft")
@requires(Permission.RULES_EDIT)
def rules_publish() -> ResponseReturnValue:
    """Test a draft against history, or publish it."""
    form = RulesForm(request.form)
    if not form.validate():
        return _draft_page(form), 422
    draft = form.model(DRAFT)
    if request.form.get("step") != "publish":
        return _draft_page(form, draft)
    try:
        published = publish(
            session(),
            draft,
            based_on=form.based_on.data or 0,
            note=form.note.data or "",
            by=me().author,
            at=clock.now(),
        )
    except Conflict as conflict:
        return _overtaken_page(conflict, draft)
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _draft_page(form, draft), 422
    flash(_("Version %(name)s is in force. No tier has changed yet.", name=published.name), "ok")
    return redirect_to("vendors.rules")


@bp.post("/rules/retier")
@requires(Permission.RULES_EDIT)
def rules_retier() -> ResponseReturnValue:
    """Compute the tiers that rest on older rules anew."""
    count = outdated(session(), me().person_id)
    retier_services(session(), by=me().author, at=clock.now())
    flash(
        ngettext("%(num)d service was tiered anew.", "%(num)d services were tiered anew.", count),
        "ok",
    )
    return redirect_to("vendors.rules")


@bp.get("/rules/versions")
@staff_only
def rules_versions() -> ResponseReturnValue:
    """Show every version and what differs between two of them."""
    versions = list_versions(session())
    new = _chosen(versions, request.args.get("new")) or versions[0]
    older = versions[versions.index(new) + 1 :] or [new]
    old = _chosen(versions, request.args.get("old")) or older[0]
    return page(
        "vendors/rules_versions.html",
        versions=versions,
        old=old,
        new=new,
        lines=[told(one) for one in differences(old.model, new.model)],
    )


def _chosen(versions: list[VersionRow], name: str | None) -> VersionRow | None:
    return next((one for one in versions if one.model.version == name), None)


def _draft_page(
    form: RulesForm, draft: TierModel | None = None, *, theirs: TierModel | None = None
) -> str:
    """Print the draft; tested, once there is one that holds together."""
    current = model_in_force(session())
    return page(
        "vendors/rules_draft.html",
        form=form,
        paces=PACES,
        current=current,
        next_name=name_of(number_in_force(session()) + 1, clock.now()),
        lines=[told(one) for one in differences(theirs or current, draft)] if draft else [],
        is_overtaken=theirs is not None,
        rehearsal=rehearse(session(), me().person_id, draft) if draft else None,
    )


def _overtaken_page(conflict: Conflict, draft: TierModel) -> ResponseReturnValue:
    """Print both: what was published meanwhile stands beside every value that differs from it."""
    session().rollback()
    forget(session())
    number, theirs = newest(session())
    form = RulesForm(MultiDict([*request.form.items(multi=True)]))
    form.based_on.raw_data, form.based_on.data = None, number
    form.form_errors.append(str(conflict))
    return _draft_page(form, draft, theirs=theirs), 409
