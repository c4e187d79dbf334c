"""Settings as somebody may read them over a shoulder: where each comes from, and no secret."""

from dataclasses import dataclass
from difflib import get_close_matches

from foundation.settings import PREFIX, SECRETS, Settings, source_of, unknown_variables

HIDDEN = "(hidden)"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: its variable, its value without secrets, and where that comes from."""

    variable: str
    value: str
    source: str


def effective(settings: Settings) -> list[Shown]:
    """Return every setting in the order of the code."""
    return [
        Shown(
            f"{PREFIX}{name.upper()}",
            _shown(name, getattr(settings, name)),
            source_of(name) or DEFAULT,
        )
        for name in Settings.model_fields
    ]


def unknown() -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    said = []
    for name in unknown_variables():
        near = get_close_matches(name, known, n=1)
        hint = f" The nearest one is {near[0]}." if near else ""
        said.append(f"{name} is no setting of Duly.{hint}")
    return said


def _shown(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name not in SECRETS:
        return "yes" if value is True else "no" if value is False else str(value)
    return without_secrets(str(value)) if "://" in str(value) else HIDDEN


def without_secrets(address: str) -> str:
    """Return an address without its password, and without the query, which may hold one."""
    head, _, query = address.partition("?")
    scheme, separator, rest = head.partition("://")
    place, slash, path = rest.partition("/")
    if "@" in place:  # the last one ends the name and password, whatever signs these hold
        name, _, host = place.rpartition("@")
        place = f"{name.partition(':')[0]}:{HIDDEN}@{host}"
    return f"{scheme}{separator}{place}{slash}{path}{f'?{HIDDEN}' if query else ''}"
