"""Every call as the description allows it, and as it does not: as every role, no fault, and no
answer that is not described."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as examples
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.people import STAFF

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
QUICK, LONG = 2, 40
FINE = {200, 201, 202}
NEEDS_SENSE = {"POST /api/v1/assessments", "POST /api/v1/questionnaires"}
"""Calls whose bodies no chance fills in rightly: a mail address, a file. Their own tests do."""


def exercise(world, how_many):
    """Make this many calls of every operation in both modes, each as every role."""
    tokens = [world.token_of(character) for character in STAFF]
    seen = defaultdict(set)
    for result in world.schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for case in _cases(
                operation.as_strategy(mode, path_parameters=_known(world, operation)), how_many
            ):
                for token in tokens:
                    headers = {"Authorization": f"Bearer {token}"}
                    reply = case.call(headers=headers)
                    seen[operation.label].add(reply.status_code)
                    case.validate_response(reply, checks=CHECKS, headers=headers)
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


@pytest.mark.slow
def test_many_calls_of_everything(world):
    exercise(world, LONG)
