"""Importing a list of vendors, steps 1 and 2: the file, and what its columns are."""

from dataclasses import replace
from uuid import UUID

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.queries import names_of
from accounts.signin import me
from foundation import clock
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from organisation.queries import today_of
from vendors.import_forms import ListForm, doubled, mapping_from, number_from
from vendors.importing import drafts
from vendors.importing.commands import remember_columns
from vendors.importing.drafts import Draft, Progress, begin
from vendors.importing.fields import ImportField
from vendors.importing.header import LOOKED_AT
from vendors.importing.mapping import Mapping, Remembered, guess_columns, mapping_of
from vendors.importing.outcome import Choices
from vendors.importing.queries import find_remembered, list_batches, load_surroundings
from vendors.importing.sandboxed import read_in_sandbox
from vendors.importing.table import MOST_BYTES, Reading
from vendors.importing.template import template_csv, template_xlsx
from vendors.views import bp

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREVIEWED = 8


@bp.get("/vendors/import")
@requires(Permission.VENDOR_EDIT)
def new_import() -> ResponseReturnValue:
    """Ask for a file or a paste; show lists on their way in and past imports."""
    return _file_page(ListForm())


@bp.post("/vendors/import")
@requires(Permission.VENDOR_EDIT)
def read_import() -> ResponseReturnValue:
    """Read the list in the sandbox and keep it for its person; no vendor is written."""
    form = ListForm(request.form)
    try:
        found = _read(form) if form.validate() else None
    except Refused as refusal:
        form.file.errors = [str(refusal)]
        return _file_page(form), 422
    if found is None:
        if not form.errors:
            form.file.errors = [_("Choose a file, or paste the rows below.")]
        return _file_page(form), 422
    reading, name = found
    draft_id = drafts.keep_draft(session(), reading, name, me().person_id, at=clock.now())
    return redirect_to("vendors.map_import", draft_id=draft_id)


@bp.get("/vendors/import/<uuid:draft_id>/columns")
@requires(Permission.VENDOR_EDIT)
def map_import(draft_id: UUID) -> ResponseReturnValue:
    """Show what each column was taken for."""
    draft = drafts.get_draft(session(), draft_id, me().person_id, at=clock.now())
    chosen = draft.progress.choices
    return _columns_page(draft, dict(chosen.mapping) if chosen else None)


@bp.post("/vendors/import/<uuid:draft_id>/columns")
@requires(Permission.VENDOR_EDIT)
def save_columns(draft_id: UUID) -> ResponseReturnValue:
    """Keep the columns, or look at another sheet or header."""
    draft = drafts.get_draft(session(), draft_id, me().person_id, at=clock.now())
    if request.form.get("step") == "again":
        drafts.keep_progress(session(), draft, _another_place(draft), me().person_id)
        return redirect_to("vendors.map_import", draft_id=draft_id)
    mapping, faults = mapping_from(request.form)
    if faults:
        return _columns_page(draft, mapping, faults), 422
    kept = draft.progress.choices or Choices(mapping=mapping)
    if kept.mapping != mapping:
        kept = Choices(mapping=mapping, skipped=kept.skipped)
    progress = replace(draft.progress, choices=kept, remembered=_remembered(draft))
    drafts.keep_progress(session(), draft, progress, me().person_id)
    signature = draft.header.signature
    remember_columns(session(), signature, mapping, by=me().author, at=clock.now())
    return redirect_to("vendors.check_import", draft_id=draft_id)


@bp.post("/vendors/import/<uuid:draft_id>/discard")
@requires(Permission.VENDOR_EDIT)
def discard_import(draft_id: UUID) -> ResponseReturnValue:
    """Throw a list on its way in away."""
    drafts.discard(session(), draft_id, me().person_id)
    flash(_("The list is thrown away. Nothing of it was imported."), "ok")
    return redirect_to("vendors.new_import")


@bp.get("/vendors/import/template.csv")
@requires(Permission.VENDOR_EDIT)
def csv_template() -> ResponseReturnValue:
    """Give the template as CSV."""
    return attachment(template_csv(), "text/csv; charset=utf-8", "duly-vendors.csv")


@bp.get("/vendors/import/template.xlsx")
@requires(Permission.VENDOR_EDIT)
def xlsx_template() -> ResponseReturnValue:
    """Give the template as a workbook."""
    return attachment(template_xlsx(), SHEET, "duly-vendors.xlsx")


def attachment(payload: bytes, kind: str, name: str) -> Response:
    """Return a file to keep, never to be shown."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(payload, content_type=kind, headers=headers)


def _read(form: ListForm) -> tuple[Reading, str] | None:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        payload = upload.stream.read(MOST_BYTES + 1)
        return read_in_sandbox(payload, upload.filename), upload.filename
    pasted = form.pasted.data or ""
    return (read_in_sandbox(pasted.encode(), ""), _("Pasted list")) if pasted.strip() else None


def _file_page(form: ListForm) -> str:
    with database().reading() as reading:
        return page(
            "vendors/new_import.html",
            form=form,
            drafts=drafts.list_drafts(reading, me().person_id, at=clock.now()),
            batches=list_batches(reading)[:5],
        )


def _another_place(draft: Draft) -> Progress:
    sheets = len(draft.reading.sheets)
    current = draft.progress
    sheet = number_from(request.form, "sheet", least=0, most=sheets - 1, usual=current.sheet)
    if sheet != current.sheet:
        return begin(draft.reading, sheet)
    first = number_from(
        request.form, "header_first", least=0, most=1_048_576, usual=current.header_first
    )
    rows = number_from(request.form, "header_rows", least=0, most=2, usual=current.header_rows)
    return Progress(sheet=sheet, header_first=first, header_rows=rows)


def _remembered(draft: Draft) -> Remembered | None:
    """Return what fills the columns in; once confirmed, what did so then."""
    if draft.progress.choices is not None:
        return draft.progress.remembered
    return find_remembered(session(), draft.header.signature)


def _name_of(known: Remembered | None) -> str:
    if known is None or known.by_id is None:
        return ""
    return names_of(session(), {known.by_id}).get(known.by_id, "")


def _columns_page(draft: Draft, chosen: Mapping | None, faults: list[str] | None = None) -> str:
    remembered = _remembered(draft)
    known = load_surroundings(session(), today_of(session())).owners
    columns = guess_columns(draft.sheet, draft.header, remembered, colleagues=known)
    return page(
        "vendors/map_import.html",
        draft=draft,
        columns=columns,
        chosen=mapping_of(columns) if chosen is None else chosen,
        last=remembered,
        last_by=_name_of(remembered),
        faults=faults or [],
        doubled=doubled(chosen or {}),
        fields=list(ImportField),
        first_rows=draft.sheet.rows[:PREVIEWED],
        deepest=max((row.number for row in draft.sheet.rows[:LOOKED_AT]), default=1),
    )
