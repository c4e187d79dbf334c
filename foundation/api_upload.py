"""The form of an API call that brings a file: its fields and the file, read strictly."""

from typing import BinaryIO, cast

from flask import request

from foundation.api_shapes import Record
from foundation.errors import Refused
from foundation.json_body import Body, problem, shown

FIELD = "file"


class Upload:
    """A file that was sent, under the name its sender gave it."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream = stream
        self.name = name


def read_form(shape: Record) -> tuple[Upload, Body]:
    """Return the one file and the fields of the form. Raises Refused."""
    if request.mimetype != "multipart/form-data":
        problem(
            415, "Send the file as multipart/form-data, in the field “file”.", where="Content-Type"
        )
    known = ", ".join(sorted(shape.fields))
    for name in (*request.form, *request.files):
        if not name:  # also None: what a part without a name is filed under
            raise Refused(f"A part of the form has no name. Use: {known}.", where="form")
        if name not in shape.fields:
            raise Refused(f"There is no “{shown(name)}” here. Use: {known}.", where=shown(name))
    for name, values in request.form.lists():
        if len(values) > 1 or name == FIELD:
            raise Refused(f"Send “{name}” once, and the file as a file.", where=name)
    found = [each for each in request.files.getlist(FIELD) if each.filename]
    if len(found) != 1:
        raise Refused("Send one file, with its name, in the field “file”.", where=FIELD)
    (sent,) = found
    return Upload(cast("BinaryIO", sent.stream), sent.filename or ""), dict(request.form)
