"""Reads single fields of our YAML format and remarks on what it does not know."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from questionnaires import conditions
from questionnaires.conditions import ALWAYS, Condition
from questionnaires.formats.located import Located, Place, Unreadable
from questionnaires.problem import Problem
from questionnaires.richtext import sanitise

MAX_TEXT = 20_000
_CODE = re.compile(r"\S{1,200}")
_Word = TypeVar("_Word", bound=StrEnum)
_YES, _NO = {"yes", "true", "on"}, {"no", "false", "off"}


@dataclass(slots=True)
class Fields:
    """Field readers with the problems met so far."""

    problems: list[Problem] = field(default_factory=list)
    condition_count: int = 0

    def known(self, item: Located, keys: frozenset[str]) -> None:
        """Remark on every key that is not one of these."""
        for key in item.keys() - keys:
            self.problems.append(
                Problem(
                    str(item.at(key)),
                    f'The key "{key[:40]}" is not known here and was left out.',
                    f"Use one of: {', '.join(sorted(keys))}.",
                )
            )

    def text(self, item: Located, key: str) -> str:
        """Return a plain text, empty when absent."""
        value = item.get(key, "")
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise Unreadable(
                f'"{key}" is not a text of at most {MAX_TEXT} characters.',
                item.at(key),
                "Write one text there.",
            )
        return value.strip()

    def rich(self, item: Located, key: str) -> str:
        """Return a rich text cut down to harmless tags."""
        return sanitise(self.text(item, key))

    def texts(self, item: Located, key: str) -> tuple[str, ...]:
        """Return a list of plain texts; a single text counts as a list of one."""
        value = item.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise Unreadable(
                f'"{key}" is not a list of texts.', item.at(key), "Write each on a line with -."
            )
        return tuple(str(each).strip() for each in listed if str(each).strip())

    def flag(self, item: Located, key: str, *, absent: bool) -> bool:
        """Return a yes or a no."""
        written = self.text(item, key).lower()
        if written not in _YES | _NO | {""}:
            raise Unreadable(f'"{key}" is neither yes nor no.', item.at(key), "Write yes or no.")
        return written in _YES if written else absent

    def word(self, item: Located, key: str, words: type[_Word]) -> _Word | None:
        """Return one word of a closed list, or None when absent."""
        written = self.text(item, key).lower()
        if not written:
            return None
        try:
            return words(written)
        except ValueError:
            raise Unreadable(
                f'"{written[:40]}" is not a value of "{key}".',
                item.at(key),
                f"Use one of: {', '.join(words)}.",
            ) from None

    def value(self, item: Located) -> float | None:
        """Return the value of a choice, 0 to 1, or None when it has none."""
        written = self.text(item, "value")
        if not written:
            return None
        if not re.fullmatch(r"0|1|0?\.\d{1,4}|[01]\.0{1,4}|0\.\d{1,4}", written):
            raise Unreadable(
                f'"{written[:20]}" is not a value from 0 to 1.', item.at("value"), "Write 0 to 1."
            )
        return float(written)

    def condition(self, item: Located) -> Condition:
        """Return when an item is shown."""
        written = item.get("when")
        if written is None or written == "":
            return ALWAYS
        self.condition_count += 1
        try:
            return conditions.from_json(written)
        except ValueError as error:
            raise Unreadable(
                str(error), item.at("when"), "See the documentation of the format."
            ) from None

    def mapping(self, item: Located, key: str) -> tuple[tuple[str, object, Place], ...]:
        """Return the named entries under a key, each with its place."""
        found = item.get(key)
        if found in (None, ""):
            return ()
        if not isinstance(found, Located):
            raise Unreadable(
                f'"{key}" is not a list of named entries.',
                item.at(key),
                "Write each as  name:  and its fields indented below.",
            )
        for code in found:
            if not _CODE.fullmatch(code):
                raise Unreadable(
                    "A name holds a space or is too long.", found.at(code), "Use a_short_name."
                )
        return tuple((code, value, found.at(code)) for code, value in found.items())


def as_located(value: object, place: Place) -> Located:
    """Return a mapping; Unreadable when something else stands there."""
    if not isinstance(value, Located):
        raise Unreadable(
            "Fields were expected here.", place, "Write  key: value  lines indented below the name."
        )
    return value
