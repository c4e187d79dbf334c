"""The description of the API as a page, for everybody who can make a token."""

from functools import cache
from pathlib import Path

from accounts.api_text import Block, blocks_of
from accounts.permissions import staff_only
from accounts.views import bp
from foundation.links import absolute
from foundation.web import page

TEXT = Path(__file__).resolve().parent.parent / "docs" / "api.md"


@bp.get("/docs/api")
@staff_only
def api_docs() -> str:
    """Show what the API can do; outside /api/, where only tokens open doors."""
    return page("accounts/api_docs.html", blocks=_blocks(), base=absolute("/api/v1"))


@cache
def _blocks() -> tuple[Block, ...]:
    return tuple(blocks_of(TEXT.read_text(encoding="utf-8")))
