"""What an entry says beside who, what and when: only parts we know to hold no secret."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from audit.actions import Action
from foundation.jinja import day, size
from foundation.labels import label
from vendors.countries import country_name
from vendors.numbers import IdentifierKind

WORDS: Mapping[str, LazyString] = {
    "reason": _l("Reason"),
    "note": _l("Note"),
    "name": _l("Name"),
    "reference": _l("Reference"),
    "ref": _l("Reference"),
    "clause": _l("Clause"),
    "line": _l("Line"),
    "gate": _l("Gate"),
    "fields": _l("Fields"),
    "before": _l("Before"),
    "after": _l("After"),
    "added": _l("Added"),
    "removed": _l("Removed"),
    "needed": _l("Needed now"),
    "no_longer": _l("Not needed any more"),
    "role": _l("Role"),
    "state": _l("State"),
    "status": _l("Status"),
    "severity": _l("Severity"),
    "outcome": _l("Outcome"),
    "purpose": _l("Purpose"),
    "version": _l("Version"),
    "round": _l("Round"),
    "step": _l("Step"),
    "due_on": _l("Due on"),
    "until": _l("Until"),
    "given_on": _l("Given on"),
    "ends_on": _l("Ends on"),
    "ended_on": _l("Ended on"),
    "format": _l("Format"),
    "size": _l("Size"),
    "vendors": _l("Vendors"),
    "merged": _l("Merged"),
    "into": _l("Into"),
    "sha256": _l("SHA-256"),
    "content_sha256": _l("SHA-256 of the answers"),
    "file_sha256": _l("SHA-256 of the file"),
    "dossier_sha256": _l("SHA-256 of the content"),
}
"""The parts that are shown, by name; a part that is not listed stays in the ledger."""

_TOLD = frozenset({"fields", "before", "after", "role"})
_CODED = frozenset({"fields", "role", "state", "status", "severity", "outcome", "purpose", "step"})
_EITHER = frozenset({"before", "after", "line"})
_DAYS = frozenset({"due_on", "until", "given_on", "ends_on", "ended_on"})
_NAMED = frozenset({"added", "removed"})
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
SPOKEN: Mapping[str, Callable[[str], str]] = {
    Action.VENDOR_COUNTRIES.value: country_name,
    Action.VENDOR_IDENTIFIER.value: lambda code: label(IdentifierKind(code)),
}
"""Where an entry holds codes, the words they are read as."""
_PLAIN_CODE = re.compile(r"^[a-z]+(_[a-z0-9]+)*$")
_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def details_of(
    action: str, detail: Mapping[str, object], *, has_changes: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return the parts of an entry people may read, each with its word.

    Where both values of what changed are told, the names of its fields are not told again.
    """
    wanted = [name for name in WORDS if name in detail and not (has_changes and name in _TOLD)]
    found = ((name, _spoken(action, name, detail[name])) for name in wanted)
    return tuple((str(WORDS[name]), text) for name, text in found if text)


def plain_details(detail: Mapping[str, object]) -> dict[str, str]:
    """Return the same parts by their names, for programs."""
    found = {name: _text(name, detail[name]) for name in WORDS if name in detail}
    return {name: text for name, text in found.items() if text}


def _spoken(action: str, name: str, value: object) -> str:
    """Return a part as people say it: days and sizes in words, codes by their names."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_spoken(action, name, one) for one in value)))
    text = _text(name, value)
    if name == "size" and isinstance(value, int):
        return size(value)
    if name == "step" and not _PLAIN_CODE.match(text):
        return ""
    if name in _DAYS and _DAY.match(text):
        return day(date.fromisoformat(text))
    return SPOKEN[action](text) if action in SPOKEN and name in _NAMED else text


def _text(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(name, one) for one in value)))
    if isinstance(value, bool) or not isinstance(value, str | int) or _ID.match(str(value)):
        return ""
    text = str(value)
    is_code = name in _CODED or name in _EITHER
    return text.replace("_", " ") if is_code and _PLAIN_CODE.match(text) else text
