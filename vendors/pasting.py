"""Reading a pasted list of sub-processors: one company a line, or a table with any header."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from foundation.cards import find_card_number
from vendors.countries import countries_from
from vendors.naming import name_key

MOST_LINES = 500
LONGEST_NAME = 200
LONGEST_PURPOSE = 1000
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\d{1,3}[.)])\s+")
_LINK = re.compile(r"!?\[([^\]\n]{1,300})\]\([^)\n]{0,2000}\)")
_PIPED = re.compile(r"[^|]*\|[^|]*\|")
_NAME = re.compile(
    r"(?:[\w'/-]+ ){0,3}names?|name of .*|#? ?(?:third[- ]party )?"
    r"(?:entity|entities|company|companies|vendors?|providers?|sub-? ?processors?)"
)
_HEADERS = {
    "name": _NAME,
    "country": re.compile(r".*(?:countr|location|region|territor|where).*"),
    "purpose": re.compile(r".*(?:purpose|service|processing|activit|function|description|use\b).*"),
}
_IN_ORDER = ("name", "purpose", "country")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One company of a pasted list; with a problem it is not taken."""

    line: int
    """Counted from 1, as it was pasted."""
    name: str
    purpose: str = ""
    country: str = ""
    """ISO codes separated by commas, or the words as they were when they name no country."""
    problem: str = ""


def read_pasted(text: str) -> list[PastedRow]:
    """Return the companies of a pasted text, each with what is wrong with it."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    cells = _cut(lines)
    columns = _columns(cells[0][1]) if cells else None
    body = cells[1:] if columns else cells
    found: list[PastedRow] = []
    seen: dict[str, int] = {}
    for number, parts in body[: MOST_LINES + 1]:
        row = _row(number, parts, columns or _guessed(parts))
        first = seen.get(name_key(row.name))
        if len(found) == MOST_LINES:
            said = f"More than {MOST_LINES} lines. Paste the rest apart."
            row = replace(row, problem=said)
        elif not row.problem and first is not None:
            row = replace(row, problem=f"The same company as in line {first}.")
        seen.setdefault(name_key(row.name), number)
        found.append(row)
    return found


def passed_over(text: str, rows: Sequence[PastedRow]) -> int:
    """Return how many lines of a pasted page were neither a row nor a heading of one."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    return len(lines) - len({n for n, _ in _telling(lines)} | {row.line for row in rows})


def _cut(lines: Sequence[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    """Return the cells of each telling line."""
    telling = _telling(lines)
    sign = _sign_of([line for _, line in telling])
    cut = []
    for number, line in telling:
        bare = _LINK.sub(r"\1", line)
        if sign == "|":
            parts = _split(bare.strip().strip("|"), sign)
        elif sign:
            parts = _split(bare, sign)
        else:
            parts = _item(line)
        clean = [" ".join(part.split()) for part in parts]
        if any(re.search(r"\w", part) for part in clean):  # a rule of dashes is no row
            cut.append((number, clean))
    return cut


def _telling(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the rows of the table or the items of the list, when a whole page was pasted."""
    for marks in (_PIPED, _BULLET):
        found = [(number, line) for number, line in lines if marks.match(line)]
        if len(found) > 1:
            return found
    return list(lines)


def _sign_of(lines: list[str]) -> str | None:
    if lines and all(_PIPED.match(line) for line in lines):
        return "|"
    sign = next((s for s in ("\t", "|", ";") if any(s in line for line in lines)), None)
    return "," if sign is None and _is_comma_table(lines) else sign


def _item(line: str) -> list[str]:
    """Return name and purpose of a list's item, such as “- [Acme](https://acme.com). Mail.”."""
    bare = " ".join(_BULLET.sub("", line).split())  # a gap of any length is read once
    linked = _LINK.match(bare)
    if linked:
        return [linked[1], _LINK.sub(r"\1", bare[linked.end() :]).strip(" .:,-–—")]
    plain = _LINK.sub(r"\1", bare)
    name, _, purpose = re.sub(r"\s[-–—]\s|:\s", "\t", plain, count=1).partition("\t")
    return [name, purpose]


def _split(line: str, sign: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=sign))
    except csv.Error:  # a NUL, or a cell longer than any name: said when its row is looked at
        return [line]


def _is_comma_table(lines: list[str]) -> bool:
    """Say whether commas part columns: names have commas too, so a header or three parts decide."""
    rows = [_split(line, ",") for line in lines]
    has_header = bool(rows) and _columns(rows[0]) is not None
    return has_header or (bool(rows) and min(map(len, rows)) >= len(_IN_ORDER))


def _columns(head: Sequence[str]) -> dict[str, int] | None:
    """Return where name, purpose and country stand when a row is a header, else None."""
    found: dict[str, int] = {}
    for place, text in enumerate(head):
        folded = text.casefold()
        for column, looks in _HEADERS.items():
            if column not in found and len(folded) < 60 and looks.fullmatch(folded):
                found[column] = place
                break
    is_header = "name" in found and (len(found) > 1 or len(head) == 1)
    return found if is_header else None


def _guessed(parts: Sequence[str]) -> dict[str, int]:
    """Without a header: name first; the cell that is a country is the country."""
    places = [n for n, part in enumerate(parts) if n and countries_from(part)[0]]
    where = next((n for n in places if not countries_from(parts[n])[1]), None)
    if where is None:
        return dict(zip(_IN_ORDER, range(len(parts)), strict=False))
    other = next((n for n in range(1, len(parts)) if n != where), None)
    return {"name": 0, "country": where, **({"purpose": other} if other is not None else {})}


def _row(number: int, parts: Sequence[str], columns: dict[str, int]) -> PastedRow:
    def cell(column: str) -> str:
        place = columns.get(column)
        return parts[place] if place is not None and place < len(parts) else ""

    name, purpose = cell("name"), cell("purpose")
    codes, _ = countries_from(cell("country"))
    country = ", ".join(codes) or cell("country")[:200]
    return PastedRow(number, name, purpose, country, _problem(name, purpose, parts))


def _problem(name: str, purpose: str, parts: Sequence[str]) -> str:
    if not name_key(name):
        return "There is no name in this line."
    if len(name) > LONGEST_NAME or len(purpose) > LONGEST_PURPOSE:
        return f"A name has at most {LONGEST_NAME} characters, a purpose {LONGEST_PURPOSE}."
    if find_card_number(" ".join(parts)) is not None:
        return "This looks like a card number. Duly never stores card numbers."
    if not all(part.isprintable() for part in parts):
        return "It holds invisible control characters. Type it again."
    return ""
