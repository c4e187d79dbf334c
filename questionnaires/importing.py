"""Reading questionnaire files in the sandbox; the web page and the command line both use it."""

import base64
import binascii
import zlib
from uuid import UUID

from foundation import sandbox, vault
from foundation.errors import Refused
from foundation.sandbox import Limits, SandboxFailure
from questionnaires.formats import Import, Problem
from questionnaires.formats.outcome import Counts, refused
from questionnaires.formats.task import framed, outcome_of, plain_of, unframed
from questionnaires.linting.subject import Notes
from questionnaires.linting.task import notes_of

MOST_BYTES = 5_000_000
MOST_SEALED = 1_500_000
LIMITS = Limits(seconds=30, cpu_seconds=20, memory_mb=512, output_mb=32)


def read_in_sandbox(payload: bytes, name: str) -> Import:
    """Read a file where it can do no harm; a bad file gives a refused outcome, never an error."""
    if len(payload) > MOST_BYTES:
        return refused(
            "unknown",
            Problem(
                "the whole file",
                f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
                "Split it, or take out what is not part of the questionnaire.",
            ),
        )
    try:
        answer = sandbox.run("questionnaire.read", framed({"name": name}, payload), LIMITS)
        return outcome_of(unframed(answer)[0])
    except (SandboxFailure, Refused, ValueError) as failure:
        what = str(failure) if isinstance(failure, SandboxFailure) else "It could not be read."
        return refused(
            "unknown",
            Problem("the whole file", what, "Open it in the program it comes from and save again."),
        )


def notes_in_sandbox(payload: bytes, name: str) -> dict[str, Notes]:
    """Return the notes of each question of a file in our format; none when it cannot be read."""
    try:
        answer = sandbox.run("questionnaire.notes", framed({"name": name}, payload), LIMITS)
        return notes_of(unframed(answer)[0])
    except (SandboxFailure, Refused, ValueError):
        return {}


def as_json(outcome: Import) -> dict[str, object]:
    """Return the outcome as the command line and the API print it."""
    found = outcome.questionnaire
    counts = outcome.counts if found else Counts()
    return {
        "format": outcome.format,
        "title": found.title if found else "",
        "sections": counts.sections,
        "questions": counts.questions,
        "options": counts.options,
        "conditions": counts.conditions,
        "problems": [
            {"where": each.where, "what": each.what, "fix": each.fix} for each in outcome.problems
        ],
    }


def sealed(outcome: Import, person_id: UUID) -> str:
    """Return what was read, sealed for one person's form between dry run and apply."""
    packed = zlib.compress(framed(plain_of(outcome)), 6)
    text = base64.b64encode(vault.seal(packed, context=_place(person_id))).decode()
    if len(text) > MOST_SEALED:
        raise Refused(
            "This questionnaire is too large for the page. "
            "Store it with ./duly import-questionnaire FILE --apply."
        )
    return text


def unsealed(text: str, person_id: UUID) -> Import:
    """Return what `sealed` was given; raises Refused for anything else."""
    try:
        packed = vault.unseal(base64.b64decode(text, validate=True), context=_place(person_id))
        return outcome_of(unframed(zlib.decompress(packed))[0])
    except (vault.SealBroken, binascii.Error, ValueError, zlib.error) as broken:
        raise Refused("This preview is no longer good. Choose the file again.") from broken


def _place(person_id: UUID) -> str:
    return f"questionnaire-import|{person_id}"
