"""The description of the API: as OpenAPI for programs, and as a page drawn from it."""

from functools import cache
from pathlib import Path

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from accounts.api_page import arranged
from accounts.api_text import Block, blocks_of
from accounts.permissions import staff_only
from accounts.views import bp
from foundation.api_operations import PREFIX
from foundation.api_shapes import Schema
from foundation.links import absolute
from foundation.openapi import document
from foundation.web import page, public

TEXT = Path(__file__).resolve().parent.parent / "docs" / "api.md"
VERSION = "1.0.0"
ABOUT = "What programs can do with Duly, within the scope of a token and the roles of its owner."


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """Describe the API for programs; it says what can be called and nothing of what is stored."""
    return jsonify(_document())


@bp.get("/docs/api")
@staff_only
def api_docs() -> str:
    """Show what the API can do; outside /api/, where only tokens open doors."""
    base = absolute(PREFIX)
    found = arranged(_document(), base)
    return page("accounts/api_docs.html", blocks=_blocks(), base=base, found=found)


def _document() -> Schema:
    known: Schema | None = current_app.extensions.get("openapi")
    if known is None:
        known = document(
            current_app, title="Duly", version=VERSION, about=ABOUT, server=absolute("")
        )
        current_app.extensions["openapi"] = known
    return known


@cache
def _blocks() -> tuple[Block, ...]:
    return tuple(blocks_of(TEXT.read_text(encoding="utf-8")))
