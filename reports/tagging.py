"""The finishing pass: what readers of tagged PDFs need and the renderer leaves out.

It works on the renderer's own objects just before they are written: reading the finished file
anew to mend it took a sixteenth of the whole print.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from pydyf import PDF, Array, Dictionary, String
from weasyprint import Document

_CROSS_REFERENCE = b"/Type /XRef"


def finish(document: Document, pdf: PDF) -> None:
    """Give header cells their scope, list items a body, the document its tree of ids, its data."""
    del document
    named: dict[bytes, Dictionary] = {}
    for element in list(_elements(pdf)):
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _is_in_head(pdf, element) else "/Row"
        elif element["S"] == "/LI":
            _give_body(pdf, element)
        if "ID" in element:
            named[_bytes(element["ID"])] = element
    tree = _tree(named)
    pdf.add_object(tree)
    _at(pdf, pdf.catalog["StructTreeRoot"])["IDTree"] = tree.reference
    _tie_data(pdf)
    # Whoever cannot open a damaged file still finds what it says of itself, in plain text.
    _at(pdf, pdf.catalog["Metadata"]).compress = False


def identified(printed: bytes) -> bytes:
    """Write an identifier that follows from the bytes themselves into the file's last object.

    Nothing stands behind that object but its address, so that no other address moves.
    """
    before, found, after = printed.rpartition(_CROSS_REFERENCE)
    if not found:
        raise ValueError("The renderer wrote no cross-reference stream.")
    name = sha256(printed).hexdigest()[:32].encode()
    return b"".join((before, found, b"/ID [<", name, b"><", name, b">]", after))


def _tie_data(pdf: PDF) -> None:
    """Say that the embedded file is the data of this document."""
    names = pdf.catalog.get("Names", {}).get("EmbeddedFiles")
    if names is None:
        return
    files = Array(_at(pdf, names)["Names"][1::2])
    for reference in files:
        _at(pdf, reference)["AFRelationship"] = "/Data"
    pdf.catalog["AF"] = files


def _give_body(pdf: PDF, item: Dictionary) -> None:
    """Put what stands bare in a list item into a body: a reader expects a label and a body."""
    kids = Array()
    for reference in item["K"]:
        kid = _at(pdf, reference) if isinstance(reference, bytes) else None
        if kid is None or kid.get("S") in {"/Lbl", "/LBody"}:
            kids.append(reference)
            continue
        body = Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "P": item.reference, "K": Array([reference])}
        )
        pdf.add_object(body)
        kid["P"] = body.reference
        kids.append(body.reference)
    item["K"] = kids


def _tree(named: dict[bytes, Dictionary]) -> Dictionary:
    """Return a name tree of one leaf, sorted as the standard asks."""
    pairs = Array(part for key in sorted(named) for part in (String(key), named[key].reference))
    if not named:
        return Dictionary({"Names": pairs})
    limits = Array((String(min(named)), String(max(named))))
    return Dictionary({"Kids": Array([Dictionary({"Names": pairs, "Limits": limits})])})


def _elements(pdf: PDF) -> Iterator[Dictionary]:
    """Yield every structure element."""
    for each in pdf.objects:
        if isinstance(each, Dictionary) and each.get("Type") == "/StructElem":
            yield each


def _is_in_head(pdf: PDF, element: Dictionary) -> bool:
    """Return whether a cell stands in the head of its table."""
    while element["S"] not in {"/THead", "/Table", "/Document"}:
        element = _at(pdf, element["P"])
    return bool(element["S"] == "/THead")


def _at(pdf: PDF, reference: bytes) -> Any:  # noqa: ANN401  the renderer has no types
    """Return the object a reference such as 12 0 R leads to."""
    return pdf.objects[int(reference.split()[0])]


def _bytes(name: String) -> bytes:
    text = name.string
    return text if isinstance(text, bytes) else str(text).encode("ascii")
