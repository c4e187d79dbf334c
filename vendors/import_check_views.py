"""Importing a list of vendors, steps 3 and 4: check and mend, then apply."""

import hashlib
from typing import Any
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.queries import list_staff
from accounts.signin import me
from foundation import clock
from foundation.cells import as_csv
from foundation.db import session
from foundation.labels import label
from foundation.web import page, redirect_to
from organisation.queries import list_units, today_of
from vendors.countries import country_choices, country_name
from vendors.import_changes import changes_in_words
from vendors.import_forms import EMPTY, mended
from vendors.import_views import attachment
from vendors.importing import drafts
from vendors.importing.commands import apply_import as apply_list
from vendors.importing.drafts import Draft
from vendors.importing.dry_run import dry_run, source_of
from vendors.importing.fields import Shape
from vendors.importing.grouping import WordRead, grouped, words_read
from vendors.importing.outcome import Check, Choices, RowKind, RowOutcome
from vendors.importing.queries import load_surroundings
from vendors.importing.words import PastDecision
from vendors.rules import VendorState
from vendors.views import bp

SHOWN = 25
CHANGED_SINCE = _l("The inventory changed since this page was shown. Look again, then import.")


@bp.get("/vendors/import/<uuid:draft_id>/check")
@requires(Permission.VENDOR_EDIT)
def check_import(draft_id: UUID) -> ResponseReturnValue:
    """Show what importing would do, and everything that has to be mended."""
    draft = _draft(draft_id)
    if draft.progress.choices is None:
        return redirect_to("vendors.map_import", draft_id=draft_id)
    found = _checked(draft, draft.progress.choices)
    today = today_of(session())
    source = source_of(draft.reading.kind, draft.sheet, draft.header)
    words = words_read(source, draft.progress.choices, load_surroundings(session(), today))
    names = _names(session())
    return page(
        "vendors/check_import.html",
        draft=draft,
        checked=found,
        in_words=changes_in_words(session(), found.rows),
        counts={kind.value: found.count(kind) for kind in RowKind},
        groups=grouped(found.problems),
        words=[(word, _shown(word, names)) for word in words],
        options=_options(names),
        empty=EMPTY,
        digest=_digest(found),
        shown=SHOWN,
        n_columns=len(found.dropped) + len(draft.progress.choices.mapping),
    )


@bp.post("/vendors/import/<uuid:draft_id>/check")
@requires(Permission.VENDOR_EDIT)
def mend_import(draft_id: UUID) -> ResponseReturnValue:
    """Keep what was mended and check again; import at once when that was all and asked for."""
    draft = _draft(draft_id)
    if draft.progress.choices is None:
        return redirect_to("vendors.map_import", draft_id=draft_id)
    before = draft.progress.choices
    choices = mended(before, request.form.to_dict(), request.form.getlist("skip"))
    step = request.form.get("step")
    if step == "unskip":
        choices = Choices(**{**_parts(choices), "skipped": frozenset()})
    progress = drafts.with_choices(draft.progress, choices)
    drafts.keep_progress(session(), draft, progress, me().person_id)
    if step == "import":
        shown, found = _checked(draft, before), _checked(draft, choices)
        if not (why_not := _why_not(shown, found)):
            return _import(draft, found)
        flash(why_not, "warn")
    return redirect_to("vendors.check_import", draft_id=draft_id)


@bp.post("/vendors/import/<uuid:draft_id>/apply")
@requires(Permission.VENDOR_EDIT)
def apply_import(draft_id: UUID) -> ResponseReturnValue:
    """Write what was shown, in one transaction; look again when the inventory changed since."""
    draft = _draft(draft_id)
    if draft.progress.choices is None:
        return redirect_to("vendors.map_import", draft_id=draft_id)
    found = _checked(draft, draft.progress.choices)
    if request.form.get("digest") != _digest(found):
        flash(CHANGED_SINCE, "warn")
        return redirect_to("vendors.check_import", draft_id=draft_id)
    return _import(draft, found)


@bp.get("/vendors/import/<uuid:draft_id>/left-out.csv")
@requires(Permission.VENDOR_EDIT)
def left_out(draft_id: UUID) -> ResponseReturnValue:
    """Give the rows with problems, with a column that says what is wrong."""
    draft = _draft(draft_id)
    if draft.progress.choices is None:
        return redirect_to("vendors.map_import", draft_id=draft_id)
    found = _checked(draft, draft.progress.choices)
    told: dict[int, list[str]] = {}
    for problem in found.problems:
        told.setdefault(problem.row, []).append(f"{problem.header}: {problem.what} {problem.fix}")
    source = source_of(draft.reading.kind, draft.sheet, draft.header)
    bad = [
        [*map(row.cell, range(len(source.names))), " ".join(told[row.number])]
        for row in source.rows
        if row.number in told
    ]
    text = as_csv([[*source.names, "Error"], *bad])
    return attachment(text.encode(), "text/csv; charset=utf-8", "left-out.csv")


def _import(draft: Draft, found: Check) -> ResponseReturnValue:
    batch = apply_list(
        session(),
        found,
        file_name=draft.file_name,
        owner_id=me().person_id,
        by=me().author,
        at=clock.now(),
    )
    drafts.discard(session(), draft.draft_id, me().person_id)
    return redirect_to("vendors.imported", batch_id=batch.id)


def _why_not(shown: Check, found: Check) -> str:
    """Return why mending does not end in importing: something is left, or was not shown yet."""
    if left := found.count(RowKind.PROBLEM):
        return str(
            ngettext(
                "%(num)d row still has a problem. Nothing is imported yet.",
                "%(num)d rows still have a problem. Nothing is imported yet.",
                left,
            )
        )
    if request.form.get("digest") != _digest(shown):
        return str(CHANGED_SINCE)
    known = {one.row: one for one in shown.rows}
    if any(_is_news(known.get(one.row), one) for one in found.rows):
        return str(_("What you mended changes vendors on record. Look below, then import."))
    return ""


def _is_news(shown: RowOutcome | None, one: RowOutcome) -> bool:
    """Whether a row touches another vendor or row, and the page did not say so."""
    return (one.kind is RowKind.UPDATE or one.joins is not None) and one != shown


def _draft(draft_id: UUID) -> Draft:
    return drafts.get_draft(session(), draft_id, me().person_id, at=clock.now())


def _checked(draft: Draft, choices: Choices) -> Check:
    source = source_of(draft.reading.kind, draft.sheet, draft.header)
    today = today_of(session())
    return dry_run(session(), source, choices, viewer_id=me().person_id, today=today)


def _digest(found: Check) -> str:
    """Return what the page promised: the same only while rows come to the same."""
    text = ";".join(
        f"{one.row} {one.kind} {one.target_id} {one.changes} {one.overwrites}" for one in found.rows
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _parts(choices: Choices) -> dict[str, Any]:
    return {name: getattr(choices, name) for name in Choices.__dataclass_fields__}


def _names(opened: Session) -> dict[Shape, dict[str, str]]:
    """Return the people and units a cell can name: what is sent, and how it is shown."""
    return {
        Shape.OWNER: {row.email: row.name for row in list_staff(opened)},
        Shape.UNIT: {unit.name: unit.name for unit in list_units(opened)},
    }


def _options(names: dict[Shape, dict[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Return what a cell of each closed list can be."""
    return {
        Shape.COUNTRY.value: country_choices(),
        Shape.OWNER.value: list(names[Shape.OWNER].items()),
        Shape.UNIT.value: list(names[Shape.UNIT].items()),
        Shape.STATE.value: [(state.value, str(label(state))) for state in VendorState],
        Shape.DECISION.value: [(one.value, str(label(one))) for one in PastDecision],
        Shape.FACTOR.value: [(str(number), str(number)) for number in range(5)],
        Shape.FLAG.value: [("yes", _("Yes")), ("no", _("No"))],
    }


def _shown(word: WordRead, names: dict[Shape, dict[str, str]]) -> str:
    """Return in words what a text was read as."""
    value = word.value
    if isinstance(value, VendorState | PastDecision):
        return str(label(value))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if word.shape is Shape.COUNTRY:
        return country_name(str(value))
    return names.get(word.shape, {}).get(word.text, word.text)
