"""Every call as the description allows it, and as it does not: as every role, no fault, and no
answer that is not described."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.people import AMNA, LAILA, STAFF

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
COSTLY = {"/api/v1/vendors/{vendor_id}/report.pdf"}
"""Draws a PDF each time something is there; its own test does that once."""
QUICK, LONG = 1, 25
BY_MODE = {GenerationMode.POSITIVE: STAFF, GenerationMode.NEGATIVE: (LAILA, AMNA)}
FINE = {200, 201, 202}
NEEDS_SENSE = {
    "GET /api/v1/assessments/{assessment_id}/decision",
    "GET /api/v1/vendors/{vendor_id}/report.pdf",
    "PATCH /api/v1/contracts/{contract_id}/clauses",
    "POST /api/v1/assessments",
    "POST /api/v1/assessments/{assessment_id}/decision",
    "POST /api/v1/contracts/{contract_id}/document",
    "POST /api/v1/questionnaires",
    "POST /api/v1/vendors/{vendor_id}/evidence",
    "POST /api/v1/vendors/{vendor_id}/findings",
}
"""Calls no chance makes rightly: a mail address, a file, a known code. Their own tests do."""


def exercise(world, how_many):
    """Make this many calls of every operation as every role, and as many broken ones as some."""
    headers = {
        character: {"Authorization": f"Bearer {world.token_of(character)}"} for character in STAFF
    }
    seen = defaultdict(set)
    for result in world.schema.get_all_operations():
        operation = result.ok()
        for mode, characters in BY_MODE.items():
            strategy = operation.as_strategy(mode, path_parameters=_known(world, operation))
            for case in _cases(strategy, how_many):
                for character in characters:
                    reply = case.call(headers=headers[character])
                    seen[operation.label].add(reply.status_code)
                    case.validate_response(reply, checks=CHECKS, headers=headers[character])
    return seen


def _cases(strategy, how_many):
    found = []

    @seed(20260302)
    @examples(
        max_examples=how_many,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def note(case):
        if "If-Match" in case.headers:
            case.headers["If-Match"] = "*"
        found.append(case)

    note()
    return found


def _known(world, operation):
    if operation.path in COSTLY:
        return None
    names = [part.name for part in operation.path_parameters]
    return {name: world.known[name] for name in names} or None


def test_a_few_calls_of_everything(world):
    seen = exercise(world, QUICK)
    unreached = {label for label, statuses in seen.items() if not statuses & FINE}
    assert unreached <= NEEDS_SENSE


def test_many_calls_of_everything(world):
    exercise(world, LONG)
