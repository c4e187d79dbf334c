"""Markdown lists: pipe tables, and bullets such as `* [Acme](https://acme.com) Hosting`."""

import re
from collections.abc import Iterator

from vendors.importing.table import Sheet, sheet_of

_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$")
_BULLET = re.compile(r"^\s{0,3}[*+\-]\s+(?P<text>\S.*)$")
_LINKED = re.compile(r"^\[(?P<name>[^\]]+)\]\((?P<url>[^)\s]*)[^)]*\)\s*(?P<rest>.*)$")
_NAMED = re.compile(r"^(?P<name>[^:–—]{2,80}?)\s*(?:[:–—]|\s-\s)\s*(?P<rest>.+)$")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
BULLET_HEADER = ("Name", "Website", "What they do")


def looks_like_markdown(text: str) -> bool:
    """Say whether a text has a Markdown table, or is mostly bullets."""
    lines = [line for line in text.splitlines() if line.strip()]
    bullets = sum(_BULLET.match(line) is not None for line in lines)
    return any(_RULE.match(line) for line in lines) or (
        bullets > 1 and bullets * 2 > len(lines) and not any("\t" in line for line in lines)
    )


def markdown_sheets(text: str) -> tuple[Sheet, ...]:
    """Return one sheet for all tables with the same header, else one for the bullets."""
    lines = list(_body(text.splitlines()))
    tables: dict[tuple[str, ...], list[tuple[int, list[str]]]] = {}
    header: tuple[str, ...] | None = None
    for place, (number, line) in enumerate(lines):
        is_row = "|" in line
        following = lines[place + 1][1] if place + 1 < len(lines) else ""
        if is_row and _RULE.match(following):
            header = tuple(_cells(line))
            tables.setdefault(header, []).append((number, list(header)))
        elif not is_row:
            header = None
        elif header is not None and not _RULE.match(line):
            tables[header].append((number, _cells(line)))
    if tables:
        return tuple(
            sheet_of(f"Table {i}", _one_header(rows)) for i, rows in enumerate(tables.values(), 1)
        )
    bullets = list(_bullets(lines))
    return (sheet_of("List", [(0, BULLET_HEADER), *bullets]),) if bullets else ()


def _one_header(rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    first = rows[0][1]
    yield rows[0]
    yield from (row for row in rows[1:] if row[1] != first)


def _body(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield numbered lines without front matter and code blocks."""
    is_inside = bool(lines) and lines[0].strip() == "---"
    fence = "---" if is_inside else ""
    for number, line in enumerate(lines, 1):
        mark = line.strip()
        if is_inside:
            is_inside = number == 1 or not mark.startswith(fence)
        elif mark.startswith("```"):
            is_inside, fence = True, "```"
        else:
            yield number, line


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [_plain(cell.replace("\\|", "|")) for cell in _CELL_BORDER.split(inner)]


def _plain(text: str) -> str:
    text = _LINK.sub(lambda found: found[1] or found[2], text)
    text = _EMPHASIS.sub(r"\2", text)
    return " ".join(text.replace("<br>", " ").replace("<br/>", " ").split())


def _bullets(lines: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for number, line in lines:
        found = _BULLET.match(line)
        if found is None:
            continue
        text = _EMPHASIS.sub(r"\2", found["text"].strip())
        linked = _LINKED.match(text)
        if linked:
            rest = linked["rest"].strip().lstrip(".:,–—- ").strip()
            yield number, [_plain(linked["name"]), linked["url"], _plain(rest)]
            continue
        named = _NAMED.match(text)
        if named:
            yield number, [_plain(named["name"]), "", _plain(named["rest"])]
        else:
            yield number, [_plain(text).rstrip("."), "", ""]
