"""The description of the API, and a world in which its calls find something."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
import schemathesis

from foundation import clock, settings
from identity import api_tokens
from identity.rules import Scope
from questionnaires.queries import get_version
from reports import report_commands
from tests import makers
from tests.evidence import stories as evidence
from tests.people import RABIA
from tests.reviews import stories
from vendors.models import Vendor


@dataclass(frozen=True)
class World:
    """The description, and for each part of an address the id of something that is there."""

    schema: Any
    known: dict[str, str]
    people: Any

    def token_of(self, character):
        with self.people.database.writing() as session:
            owner, at = self.people.id_of(character), clock.now()
            return api_tokens.create(session, owner, f"{uuid4()}", Scope.WRITE, at, 30)


@pytest.fixture
def world(app, people, database, authors):
    plenty = settings.current().model_copy(update={"api_calls_per_minute": 1_000_000})
    settings.configure(plenty)
    app.extensions.pop("openapi", None)
    rabia = people.author(RABIA)
    with database.writing() as session:
        _review, assessment = stories.ready(session)
        vendor = session.get_one(Vendor, assessment.vendor_id)
        other = makers.make_vendor(session, name="Borealis", by=rabia)
        contract = stories.cover_by_contract(session, vendor)
        asked = get_version(session, assessment.questionnaire_version_id).questionnaire_id
        ordered = report_commands.request(session, other, by=rabia, at=clock.now())
    row = evidence.on_record(database, vendor.id, rabia)
    known = {
        "vendor_id": vendor.id,
        "assessment_id": assessment.id,
        "questionnaire_id": asked,
        "contract_id": contract.id,
        "evidence_id": row.id,
        "report_id": ordered.id,
    }
    ids = {name: str(each) for name, each in known.items()}
    return World(schemathesis.openapi.from_wsgi("/openapi.json", app), ids, people)
