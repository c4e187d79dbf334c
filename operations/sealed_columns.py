"""Every column that holds something sealed, and the place each value was sealed for.

A new sealed column belongs here: a rotation of the keys passes over nothing (a test looks).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import InstrumentedAttribute

from identity.models import Invitation, TotpFactor
from mail.commands import place_of
from mail.models import Letter
from operations.webhook_commands import place_of as place_of_endpoint
from operations.webhook_models import WebhookEndpoint
from reports.models import Report, ReportPaper
from vendors.import_models import ImportDraft
from vendors.models import VendorIdentifier


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of the field vault, what else of the row names its place, and how."""

    column: InstrumentedAttribute[Any]
    named_by: tuple[InstrumentedAttribute[Any], ...]
    place: Callable[[Row[Any]], str]

    @property
    def table(self) -> Any:  # noqa: ANN401  a model
        """Return the model of the column."""
        return self.column.class_


SEALED = (
    Sealed(
        TotpFactor.secret_sealed,
        (TotpFactor.person_id,),
        lambda row: f"totp|{row.person_id}",
    ),
    Sealed(Invitation.token_sealed, (), lambda row: f"invitation|{row.id}"),
    Sealed(
        VendorIdentifier.value_sealed,
        (),
        lambda row: f"vendor-identifier|{row.id}",
    ),
    Sealed(
        ImportDraft.table_sealed,
        (ImportDraft.person_id,),
        lambda row: f"vendor-import|{row.id}|{row.person_id}",
    ),
    Sealed(
        ImportDraft.choices_sealed,
        (ImportDraft.person_id,),
        lambda row: f"vendor-import|{row.id}|{row.person_id}",
    ),
    Sealed(Letter.body_sealed, (), lambda row: place_of(row.id)),
    Sealed(WebhookEndpoint.secret_sealed, (), lambda row: place_of_endpoint(row.id)),
    Sealed(WebhookEndpoint.previous_sealed, (), lambda row: place_of_endpoint(row.id)),
    Sealed(Report.dossier_sealed, (), lambda row: f"report-dossier|{row.id}"),
    Sealed(Report.file_sealed, (), lambda row: f"report-file|{row.id}"),
    Sealed(ReportPaper.file_sealed, (), lambda row: f"report-paper|{row.id}"),
)
