"""A VSAQ file before it becomes a questionnaire: its items checked, counted and named."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from questionnaires.formats.located import Located, Unreadable
from questionnaires.formats.vsaq_condition import Names
from questionnaires.nodes import MAX_NESTING
from questionnaires.problem import Problem

MAX_ID = 200
MAX_ITEMS = 5_000
MAX_TEXT = 20_000
_ASKING = {"required"}
CARRIED = {
    "block": {"items"},
    "box": {"placeholder"} | _ASKING,
    "check": _ASKING,
    "checkgroup": {"choices", "defaultChoice"} | _ASKING,
    "info": set[str](),
    "line": {"placeholder"} | _ASKING,
    "radiogroup": {"choices", "defaultChoice"} | _ASKING,
    "spacer": set[str](),
    "tip": {"warn", "severity", "name", "why"},
    "upload": _ASKING,
    "yesno": {"yes", "no"} | _ASKING,
}
COMMON = {"type", "id", "text", "cond"}
QUESTION_TYPES = frozenset({"box", "check", "checkgroup", "line", "radiogroup", "upload", "yesno"})


@dataclass(slots=True)
class VsaqFile:
    """The problems met so far and the code of each item, by the item's identity."""

    problems: list[Problem] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    _taken: Counter[str] = field(default_factory=Counter)

    def remark(self, item: Located, key: str, what: str, fix: str) -> None:
        """Note something a person should know, with its place and item."""
        code = self.codes.get(id(item)) or item.get("id")
        named = f', item "{code}"' if isinstance(code, str) else ""
        self.problems.append(Problem(f"{item.at(key)}{named}", what, fix))

    def text(self, item: Located, key: str) -> str:
        """Return a text of an item; anything else there is remarked on and read as empty."""
        value = item.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            self.remark(
                item,
                key,
                f'"{key}" is not a text of at most {MAX_TEXT} characters, and was left out.',
                "Write it as a shorter text in double quotes.",
            )
            return ""
        return value

    def flag(self, item: Located, key: str) -> bool:
        """Return whether a switch is on: true or "yes"."""
        return item.get(key) in (True, "yes", "true")

    def children(self, item: Located, key: str = "items") -> tuple[Located, ...]:
        """Return the items inside, leaving out (with a remark) what is no known item."""
        found = item.get(key, [])
        if not isinstance(found, list):
            raise Unreadable(f'"{key}" is not a list.', item.at(key), "Put it in [ and ].")
        return tuple(each for each in found if self._is_item(each, item, key))

    def _is_item(self, found: object, within: Located, key: str) -> bool:
        if not isinstance(found, Located):
            self.remark(
                within, key, "One entry of the list is no item.", 'Write it as {"type": ...}.'
            )
            return False
        kind = found.get("type")
        if not isinstance(kind, str) or kind not in CARRIED:
            known = ", ".join(sorted(CARRIED))
            shown = f'"{kind[:40]}"' if isinstance(kind, str) else "missing"
            self.remark(
                found,
                "type",
                f"The item's type is {shown}, so the item was left out.",
                f"Use one of: {known}.",
            )
            return False
        return True

    def name_all(self, items: tuple[Located, ...]) -> Names:
        """Give every item its code and return what names stand for; remarks on unknown keys."""
        choices: dict[str, str] = {}
        by_type: dict[str, set[str]] = {kind: set() for kind in CARRIED}
        for item in self._walk(items, 1):
            if len(self.codes) >= MAX_ITEMS:
                raise Unreadable(
                    f"The file holds more than {MAX_ITEMS:,} items.",
                    item.place,
                    "Split it into several questionnaires.",
                )
            code = self._code(item)
            self.codes[id(item)] = code
            by_type[str(item["type"])].add(code)
            self._unknown_keys(item)
            for choice, _ in self.choices(item):
                if choice in choices:
                    raise Unreadable(
                        f'Two choices have the id "{choice}".',
                        item.at("choices"),
                        "Give each choice an id of its own.",
                    )
                choices[choice] = code
        questions = frozenset[str]().union(*(by_type[kind] for kind in QUESTION_TYPES))
        ticks, yes_nos = frozenset(by_type["check"]), frozenset(by_type["yesno"])
        return Names(choices, ticks, yes_nos, questions, frozenset(self.codes.values()))

    def _walk(self, items: tuple[Located, ...], depth: int) -> Iterator[Located]:
        for item in items:
            if depth > MAX_NESTING:
                raise Unreadable(
                    f"Blocks nest more than {MAX_NESTING} levels deep.",
                    item.place,
                    "Move the inner blocks further out.",
                )
            yield item
            if item["type"] == "block":
                yield from self._walk(self.children(item), depth + 1)

    def _code(self, item: Located) -> str:
        given = item.get("id")
        if given is None:
            return self._derived(item)
        if not isinstance(given, str) or not given.strip() or len(given) > MAX_ID:
            raise Unreadable(
                f"The id is not a text of 1 to {MAX_ID} characters.",
                item.at("id"),
                'Write it as "id": "some_name".',
            )
        return given

    def _derived(self, item: Located) -> str:
        """Name an item after its type and words, so that moving it keeps its code."""
        words = repr((item.get("text"), [choice for choice, _ in self.choices(item)]))
        digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:10]
        code = f"{item['type']}_{digest}"
        self._taken[code] += 1
        return code if self._taken[code] == 1 else f"{code}_{self._taken[code]}"

    def choices(self, item: Located) -> tuple[tuple[str, str], ...]:
        """Return the choices of an item as pairs of id and text."""
        found = item.get("choices", []) if "choices" in CARRIED[str(item["type"])] else []
        pairs: list[tuple[str, str]] = []
        for choice in found if isinstance(found, list) else [None]:
            if not isinstance(choice, Located) or len(choice) != 1:
                raise Unreadable(
                    "A choice is not written as one id with one text.",
                    choice.place if isinstance(choice, Located) else item.at("choices"),
                    'Write each choice as {"some_id": "Its text"}.',
                )
            ((code, text),) = choice.items()
            if not isinstance(text, str) or not code.strip() or len(code) > MAX_ID:
                raise Unreadable(
                    "A choice needs an id and a text.", choice.place, "Write both in double quotes."
                )
            pairs.append((code, text[:MAX_TEXT]))
        return tuple(pairs)

    def _unknown_keys(self, item: Located) -> None:
        for key in item.keys() - COMMON - CARRIED[str(item["type"])]:
            self.remark(
                item,
                key,
                f'The key "{key[:40]}" is not carried over: Duly has nothing like it here.',
                "Nothing is needed unless the question depends on it; then say it in its text.",
            )
        if self.flag(item, "defaultChoice"):
            self.remark(
                item,
                "defaultChoice",
                "A choice made in advance is not carried over: an answer is somebody's own.",
                "Nothing is needed.",
            )
