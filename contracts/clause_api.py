"""Clauses' side of the JSON API: what a contract must have, and what was found."""

import hashlib
import json
from uuid import UUID

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from contracts import api_shapes, clause_commands, queries
from contracts.api import GROUP
from contracts.models import ClauseCheck, Contract
from contracts.rules import ClauseStatus
from contracts.views import bp
from foundation import clock
from foundation.api_operations import Answer, Match, Operation, describes
from foundation.db import session
from foundation.errors import Refused
from foundation.etags import check_match, tagged
from foundation.json_body import Body, read_object, shown, text_in
from foundation.json_values import choice_in, objects_in
from identity.rules import Scope

__all__ = ["bp"]

MOST = 200
WAIVE_ON_PAGE = "A waiver needs its reason and end date: only its page takes them."


@bp.get("/api/v1/contracts/<uuid:contract_id>/clauses")
@api_requires(Permission.CONTRACT_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the clauses of a contract",
        more="With the value each must have and what was found; those no longer needed last.",
        answers={200: Answer("All of them.", api_shapes.CLAUSES)},
        has_version=True,
    )
)
def api_clauses(contract_id: UUID) -> ResponseReturnValue:
    """Answer the clauses of a contract, under one version for all of them."""
    contract = queries.get_contract(session(), me().person_id, contract_id)
    return _answer(_listed(contract)).make_conditional(request)


@bp.patch("/api/v1/contracts/<uuid:contract_id>/clauses")
@api_requires(Permission.CONTRACT_EDIT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Note what a contract says of its clauses",
        more="All of them or none. What is left out of a clause stays as it is. A clause that was"
        " waived is waived no more.",
        body=api_shapes.CHANGES,
        match=Match.MUST,
        answers={200: Answer("All clauses as they are now.", api_shapes.CLAUSES)},
        has_version=True,
    )
)
def api_check(contract_id: UUID) -> ResponseReturnValue:
    """Note what was found of some clauses, on top of the list that was read."""
    body = read_object(api_shapes.CHANGES.keys)
    changes = objects_in(body, "clauses", api_shapes.FOUND.keys, most=MOST)
    contract = queries.get_contract(session(), me().person_id, contract_id)
    check_match(_version(_listed(contract)), is_required=True)
    if not changes:
        raise Refused("Name at least one clause in “clauses”.", where="clauses")
    checks = queries.checks_by_code(session(), contract_id)
    for change in changes:
        code = text_in(change, "code")
        check = checks.pop(code, None)
        if check is None:
            raise Refused(
                f"The contract has no clause “{shown(code)}”, or it is named twice.",
                where="clauses",
            )
        _check(check, change)
    return _answer(_listed(contract))


def _check(check: ClauseCheck, change: Body) -> None:
    status = choice_in(change, "status", ClauseStatus, otherwise=check.status)
    if status is ClauseStatus.WAIVED:
        raise Refused(WAIVE_ON_PAGE, where="status")
    clause_commands.check_clause(
        session(),
        check,
        status=status,
        found_value=text_in(change, "found_value", otherwise=check.found_value),
        page=text_in(change, "page", otherwise=check.page),
        note=text_in(change, "note", otherwise=check.note),
        by=me().author,
        at=clock.now(),
    )


def _listed(contract: Contract) -> list[api_shapes.Shape]:
    return [api_shapes.clause(each) for each in queries.clauses_of(session(), contract.id)]


def _version(listed: list[api_shapes.Shape]) -> str:
    """Return a version for the whole list: it changes whenever anything in it does."""
    plain = json.dumps(listed, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def _answer(listed: list[api_shapes.Shape]) -> Response:
    return tagged(jsonify({"items": listed, "next": None}), _version(listed))
