"""The finishing pass for a paper in two languages: each part says which one it is in.

The renderer tells a reader the language of the whole and of no part. Structure elements are made
of boxes in their order, so both trees are walked side by side wherever a part has a language.
"""

from collections.abc import Iterator
from typing import Any

from pydyf import PDF, Dictionary, String
from weasyprint import Document
from weasyprint.formatting_structure import boxes

from reports import tagging


def finish(document: Document, pdf: PDF) -> None:
    """Name the language of each part that is not in the paper's own, then finish as ever."""
    by_page: dict[bytes, list[Dictionary]] = {}
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    for part in _kids(pdf, _kids(pdf, root)[0]):
        by_page.setdefault(part["Pg"], []).append(part)
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        _name(pdf, _sections(page._page_box), by_page.get(reference, []))  # noqa: SLF001
    tagging.finish(document, pdf)


def _name(pdf: PDF, drawn: list[Any], told: list[Dictionary]) -> None:
    """Give elements the language of the boxes they were made of, down to the last."""
    if len(drawn) != len(told):
        return
    for box, element in zip(drawn, told, strict=True):
        language = box.element.get("lang") if box.element is not None else None
        if language:
            element["Lang"] = String(language)
        _name(pdf, list(_inner(box)), _inside(pdf, element))


def _sections(box: Any) -> list[Any]:  # noqa: ANN401  the renderer has no types
    """Return what stands in the body of a page."""
    found = []
    for child in box.children:
        if isinstance(child, boxes.MarginBox):
            continue
        is_frame = child.element_tag in {"html", "body"}
        found += _sections(child) if is_frame else [child]
    return found


def _inner(box: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the boxes inside a box; lines are not told of."""
    for child in getattr(box, "children", ()):
        yield from child.children if isinstance(child, boxes.LineBox) else [child]


def _inside(pdf: PDF, element: Dictionary) -> list[Dictionary]:
    """Return the elements inside one; an item without a bullet is a body in a frame of its own."""
    kids = _kids(pdf, element)
    is_frame = element["S"] == "/LI" and [kid["S"] for kid in kids] == ["/LBody"]
    return _kids(pdf, kids[0]) if is_frame else kids


def _kids(pdf: PDF, element: Dictionary) -> list[Dictionary]:
    found = (pdf.objects[int(kid.split()[0])] for kid in element["K"] if isinstance(kid, bytes))
    return [kid for kid in found if kid.get("Type") == "/StructElem"]
