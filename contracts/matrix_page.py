"""The pages of a responsibility matrix, which several doors print."""

from collections.abc import Iterable

from accounts.permissions import Permission
from accounts.signin import me
from contracts.matrix_forms import MatrixForm
from contracts.matrix_queries import Matrix, find_matrix, needs_matrix
from contracts.matrix_rules import (
    NAMES,
    Line,
    MatrixStanding,
    differing,
    is_split_off,
    principal_of,
)
from foundation.db import session
from foundation.web import page
from organisation.queries import today_of
from vendors.models import Vendor


def read_page(vendor: Vendor, *, problems: tuple[str, ...] = ()) -> str:
    """Print the matrix of a vendor as it is stored, and what a file was not taken for."""
    today, stored = today_of(session()), find_matrix(session(), vendor.id)
    return page(
        "contracts/matrix.html",
        vendor=vendor,
        matrix=stored,
        standing=stored.standing(today) if stored else MatrixStanding.MISSING,
        gaps=stored.gaps if stored else (),
        names=NAMES,
        anchors=_anchors(stored.lines if stored else ()),
        split=_split(one.number for one in stored.lines) if stored else frozenset(),
        problems=problems,
        is_needed=needs_matrix(session(), vendor.id),
        may_edit=me().may(Permission.CONTRACT_EDIT),
    )


def edit_page(
    vendor: Vendor,
    form: MatrixForm,
    *,
    theirs: Matrix | None = None,
    said: str = "",
    passed: Iterable[str] = (),
) -> str:
    """Print the form, with what was typed; `theirs` is what somebody else stored meanwhile."""
    differences: tuple[tuple[Line | None, Line | None], ...] = ()
    if theirs is not None:
        differences = differing(theirs.lines, form.typed())
        form.version.raw_data, form.version.data = None, theirs.version
    return page(
        "contracts/edit_matrix.html",
        vendor=vendor,
        form=form.offer(),
        names=NAMES,
        split=_split(form.numbers()),
        is_split_off=is_split_off,
        theirs=theirs,
        differences=differences,
        said=said,
        passed=passed,
        is_needed=needs_matrix(session(), vendor.id),
    )


def _anchors(lines: Iterable[Line]) -> dict[str, str]:
    """Return where each line is filled in: the id of its choice on the page for editing."""
    return {one.number: f"lines-{place}-share" for place, one in enumerate(lines)}


def _split(numbers: Iterable[str]) -> frozenset[str]:
    """Return the principal requirements of which parts stand apart."""
    return frozenset(principal_of(number) for number in numbers if is_split_off(number))
