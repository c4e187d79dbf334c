"""The finishing pass: what readers of tagged PDFs need and the renderer leaves out."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf


def finish(printed: bytes) -> bytes:
    """Give header cells their scope and the document its tree of ids; saves reproducibly."""
    with Pdf.open(BytesIO(printed)) as pdf:
        root = pdf.Root.StructTreeRoot
        named: dict[bytes, Object] = {}
        for element, is_in_head in _elements(root.K, is_in_head=False):
            if element.get(Name.S) == Name.TH:
                _give_scope(element, Name.Column if is_in_head else Name.Row)
            elif element.get(Name.S) == Name.LI:
                _give_body(pdf, element)
            if Name.ID in element:
                named[bytes(element.ID)] = element
        root.IDTree = pdf.make_indirect(_tree(named))
        _tie_data(pdf)
        saved = BytesIO()
        pdf.save(saved, deterministic_id=True)
    return saved.getvalue()


def _tie_data(pdf: Pdf) -> None:
    """Say that the embedded file is the data of this document."""
    files = [attached.obj for attached in pdf.attachments.values()]
    for file in files:
        file.AFRelationship = Name.Data
    pdf.Root.AF = Array(files)


def _give_scope(cell: Object, scope: Name) -> None:
    attributes = cell.get(Name.A)
    if attributes is None:
        cell.A = Dictionary(O=Name.Table, Scope=scope)
    else:
        attributes.Scope = scope


def _give_body(pdf: Pdf, item: Object) -> None:
    """Put what stands bare in a list item into a body: a reader expects a label and a body."""
    kids = Array()
    for kid in item.get(Name.K, Array()):
        if isinstance(kid, Dictionary) and kid.get(Name.S) not in (Name.Lbl, Name.LBody):
            body = pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=Array([kid]))
            )
            kid.P = body
            kids.append(body)
        else:
            kids.append(kid)
    item.K = kids


def _tree(named: dict[bytes, Object]) -> Dictionary:
    """Return a name tree of one leaf, sorted as the standard asks."""
    pairs = Array()
    for key in sorted(named):
        pairs.append(pikepdf.String(key.decode("latin-1")))
        pairs.append(named[key])
    return (
        Dictionary(Kids=[Dictionary(Names=pairs, Limits=_limits(named))])
        if named
        else (Dictionary(Names=pairs))
    )


def _limits(named: dict[bytes, Object]) -> Array:
    ends = (min(named), max(named))
    return Array([pikepdf.String(end.decode("latin-1")) for end in ends])


def _elements(node: Object, *, is_in_head: bool) -> Iterator[tuple[Object, bool]]:
    """Yield every structure element below a node, and whether it stands in a table's head."""
    waiting: list[tuple[Object, bool]] = [(node, is_in_head)]
    while waiting:
        here, inside = waiting.pop()
        if isinstance(here, Array):
            waiting.extend((kid, inside) for kid in here)
        elif isinstance(here, Dictionary) and Name.S in here:
            inside = inside or Name.THead == here.S
            yield here, inside
            if Name.K in here:
                waiting.append((here.K, inside))
