"""What vendors of the demo say between reviews: most that nothing has changed, one that it has."""

from datetime import timedelta

from sqlalchemy import select

from audit.actions import ActorKind
from foundation import clock
from identity.queries import author_of
from operations.demo.stage import Stage
from reviews.attestation_commands import declare
from reviews.attestation_models import Attestation
from reviews.attestation_queries import speakers_of
from reviews.attestation_rules import AttestationState, Change, Declaration
from vendors.models import Vendor

TAKES = timedelta(days=4)
"""How long most of them take to answer."""
KEYS = (
    "Since the first of the month Larch Facilities guards the halls at night and holds keys to "
    "the cages; before, our own people did."
)
CHANGED = {"Basalt Data Centres": (2, Change.SUB_PROCESSORS, KEYS)}
"""Who reports a change: how many days before the demo's end, which, and in what words."""


def say(stage: Stage, days_ago: int) -> None:
    """Let the vendors that were asked a while ago answer on this day."""
    with stage.day(days_ago, 10) as session:
        chosen = (
            select(Attestation, Vendor.name)
            .join(Vendor, Vendor.id == Attestation.vendor_id)
            .where(Attestation.state == AttestationState.ASKED)
        )
        for one, vendor in session.execute(chosen).all():
            day, kind, words = CHANGED.get(vendor, (None, None, ""))
            is_ready = clock.now() - one.asked_at >= TAKES if day is None else days_ago <= day
            speaker = speakers_of(session, [one.vendor_id]).get(one.vendor_id)
            if not is_ready or speaker is None:
                continue
            declare(
                session,
                one,
                Declaration(
                    name=speaker.name,
                    is_unchanged=kind is None,
                    changes={} if kind is None else {kind: words},
                ),
                today=stage.on(days_ago),
                by=author_of(session, speaker.person_id, kind=ActorKind.VENDOR),
                at=clock.now(),
            )
