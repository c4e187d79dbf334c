"""The questionnaires' side of the JSON API: what can be asked, and new files of it."""

from uuid import UUID

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from foundation import clock
from foundation.api_operations import Answer, Operation, Query, describes
from foundation.api_shapes import integer, one_of, page_of
from foundation.api_upload import read_form
from foundation.db import session
from foundation.errors import Missing, Refused
from identity.rules import Scope
from questionnaires import api_shapes, commands, importing, queries
from questionnaires.views import bp

GROUP = "Questionnaires"
DRY_RUN = Query("dry_run", one_of(["true", "false"], "true: read the file and store nothing."))
VERSION = Query("version", integer("One version; left out, the newest.", least=1))


@bp.get("/api/v1/questionnaires")
@api_requires(Permission.QUESTIONNAIRE_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the questionnaires in use",
        more="Each with its newest version, all of them on one page.",
        answers={200: Answer("All of them.", page_of(api_shapes.ROW))},
    )
)
def api_list() -> ResponseReturnValue:
    """Answer the questionnaires in use, all of them on one page."""
    items = [api_shapes.questionnaire(row) for row in queries.list_questionnaires(session())]
    return jsonify({"items": items, "next": None})


@bp.get("/api/v1/questionnaires/<uuid:questionnaire_id>")
@api_requires(Permission.QUESTIONNAIRE_READ)
@describes(
    Operation(
        group=GROUP,
        does="Read a questionnaire",
        query=(VERSION,),
        answers={200: Answer("One version with its questions.", api_shapes.WHOLE)},
    )
)
def api_show(questionnaire_id: UUID) -> ResponseReturnValue:
    """Answer one version of a questionnaire, the newest unless another is asked for."""
    wanted = _version_asked()
    versions = queries.versions_of(session(), questionnaire_id)
    found = next((each for each in versions if wanted in {None, each.number}), None)
    if found is None:
        raise Missing
    return jsonify(api_shapes.whole_questionnaire(found, queries.questionnaire_of(found)))


@bp.post("/api/v1/questionnaires")
@api_requires(Permission.QUESTIONNAIRE_IMPORT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Store a questionnaire from a file",
        more="Its format is told by its content. A changed content under a known code is a new"
        " version and touches no assessment; the same content again is the version that is there.",
        query=(DRY_RUN,),
        upload=api_shapes.UPLOAD,
        answers={
            200: Answer("A dry run: what the file holds.", api_shapes.OUTCOME),
            201: Answer("It is stored.", api_shapes.STORED),
        },
    )
)
def api_add() -> ResponseReturnValue:
    """Read a file in the sandbox, and store it unless it is a dry run."""
    is_dry = _is_dry_run()
    upload, _fields = read_form(api_shapes.UPLOAD)
    outcome = importing.read_in_sandbox(upload.stream.read(importing.MOST_BYTES + 1), upload.name)
    found = outcome.questionnaire
    if found is None:
        problems = api_shapes.sentences(outcome.problems)
        raise Refused(problems[0], where="file", reasons=problems)
    said = importing.as_json(outcome)
    if is_dry:
        return jsonify(said)
    version = commands.import_questionnaire(session(), outcome, by=me().actor, at=clock.now())
    reply = jsonify(api_shapes.stored(version, found.code, said))
    reply.status_code = 201
    reply.headers["Location"] = url_for(
        "questionnaires.api_show", questionnaire_id=version.questionnaire_id
    )
    return reply


def _is_dry_run() -> bool:
    typed = request.args.get("dry_run", "false")
    if typed not in {"true", "false"}:
        raise Refused("“dry_run” must be true or false.", where="dry_run")
    return typed == "true"


def _version_asked() -> int | None:
    typed = request.args.get("version")
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and 1 <= len(typed) <= 6 and int(typed)):
        raise Refused("“version” must be a number from 1.", where="version")
    return int(typed)
