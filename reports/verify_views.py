"""The page where anybody may ask whether a paper is genuine; it tells nothing else."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from foundation import request_facts
from foundation.db import database, side_write
from foundation.web import page, public
from identity import limits
from reports.verify import verify as ask
from reports.verify_forms import VerifyForm
from reports.views import bp

TRIES = 40
WINDOW = timedelta(minutes=15)


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Show where to drop a file."""
    return page("reports/verify.html", form=VerifyForm(), found=None)


@bp.post("/verify")
@public
def verify_file() -> ResponseReturnValue:
    """Say whether the file is genuine. Each try is counted before the file is looked at."""
    form = VerifyForm(request.form)
    upload = request.files.get("file")
    sentence = _against(upload)
    if upload is None or sentence:
        form.file.errors = [sentence]
        return page("reports/verify.html", form=form, found=None), 422
    return page("reports/verify.html", form=form, found=ask(database(), upload.read()))


def _against(upload: FileStorage | None) -> str:
    """Return why nothing is checked; the try is counted whatever was sent."""
    if not _may_try():
        return str(_("Too many files in a short time. Wait some minutes, then try again."))
    return "" if upload and upload.filename else str(_("Choose the PDF to check."))


def _may_try() -> bool:
    with side_write() as apart:
        key = f"verify|{request_facts.place()}"
        return limits.take(apart, key, capacity=TRIES, per=WINDOW)
