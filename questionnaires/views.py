"""Pages of questionnaires: the list, one as the vendor will see it, and importing."""

from uuid import UUID

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from accounts.permissions import Permission, requires
from accounts.signin import me
from evidence.rules import EvidenceKind
from foundation import clock
from foundation.db import session
from foundation.errors import Missing
from foundation.labels import label
from foundation.web import page, redirect_to
from questionnaires import commands, importing, library, queries
from questionnaires.formats import Import
from questionnaires.forms import ImportForm
from questionnaires.preview import printed
from questionnaires.richtext import sanitise

bp = Blueprint("questionnaires", __name__)


@bp.app_template_filter("rich")
def rich(text: str) -> Markup:
    """Print a questionnaire's rich text, cut to harmless tags once more."""
    return Markup(sanitise(text))  # noqa: S704  sanitise returns a closed list of tags


@bp.app_template_filter("proofs")
def proofs(kinds: tuple[str, ...]) -> str:
    """Print the kinds of proof a question names; those of an imported file in its own words."""
    known = {kind.value: label(kind) for kind in EvidenceKind}
    return ", ".join(known.get(kind, kind) for kind in kinds)


@bp.get("/questionnaires")
@requires(Permission.QUESTIONNAIRE_READ)
def index() -> ResponseReturnValue:
    """List the questionnaires in use."""
    return page(
        "questionnaires/index.html",
        rows=queries.list_questionnaires(session()),
        may_import=me().may(Permission.QUESTIONNAIRE_IMPORT),
    )


@bp.get("/questionnaires/<uuid:questionnaire_id>")
@requires(Permission.QUESTIONNAIRE_READ)
def show(questionnaire_id: UUID) -> ResponseReturnValue:
    """Print one version of a questionnaire, the newest unless another is asked for."""
    versions = queries.versions_of(session(), questionnaire_id)
    wanted = request.args.get("version", type=int)
    chosen = next((each for each in versions if wanted in {None, each.number}), None)
    if chosen is None:
        raise Missing
    questionnaire = queries.questionnaire_of(chosen)
    return page(
        "questionnaires/show.html",
        questionnaire_id=questionnaire_id,
        questionnaire=questionnaire,
        sections=printed(questionnaire),
        version=chosen,
        versions=versions,
    )


@bp.get("/questionnaires/import")
@requires(Permission.QUESTIONNAIRE_IMPORT)
def new_import() -> ResponseReturnValue:
    """Ask for a file."""
    return page("questionnaires/new_import.html", form=ImportForm())


@bp.post("/questionnaires/import")
@requires(Permission.QUESTIONNAIRE_IMPORT)
def check_import() -> ResponseReturnValue:
    """Show what a file holds; nothing is stored."""
    form = ImportForm(request.form)
    outcome = _read(form)
    if outcome is None:
        form.file.errors = [_("Choose a file, or a questionnaire that comes with Duly.")]
        return page("questionnaires/new_import.html", form=form), 422
    found = outcome.questionnaire
    answer = page(
        "questionnaires/check_import.html",
        outcome=outcome,
        sections=printed(found) if found else (),
        sealed=importing.sealed(outcome, me().person_id) if found else "",
    )
    return answer, 200 if found else 422


@bp.post("/questionnaires/import/apply")
@requires(Permission.QUESTIONNAIRE_IMPORT)
def apply_import() -> ResponseReturnValue:
    """Store what was shown."""
    outcome = importing.unsealed(request.form.get("sealed", ""), me().person_id)
    version = commands.import_questionnaire(session(), outcome, by=me().actor, at=clock.now())
    flash(_("Stored: this is version %(number)d.", number=version.number), "ok")
    return redirect_to("questionnaires.show", questionnaire_id=version.questionnaire_id)


def _read(form: ImportForm) -> Import | None:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        payload = upload.stream.read(importing.MOST_BYTES + 1)
        return importing.read_in_sandbox(payload, upload.filename)
    shipped = library.file_of(form.shipped.data or "")
    return importing.read_in_sandbox(*shipped) if shipped else None
