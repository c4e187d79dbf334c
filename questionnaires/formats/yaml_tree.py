"""YAML cut down to mappings, lists and texts, each with its line: no types, no aliases, no tags.

Every scalar stays the text that was written: `no`, `012` and `2024-01-01` are never retyped.
"""

from collections.abc import Iterator

import yaml

from questionnaires.formats.located import Located, Place, Unreadable

MAX_DEPTH = 40
_KNOWN_TAGS = (None, "!")


def parse(text: str) -> object:
    """Return the one document as Located, list and str; Unreadable with its place."""
    try:
        return _built(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place: Place | str = Place(mark.line + 1, mark.column + 1) if mark else "the whole file"
        raise Unreadable(
            f"This is not YAML: {error.problem or 'it cannot be read'}.",
            place,
            "Indent with spaces only, and put texts holding : or # in quotes.",
        ) from None
    except yaml.YAMLError:
        raise Unreadable(
            "The file holds a character that YAML does not allow.",
            "the whole file",
            "Take invisible control characters out.",
        ) from None


def _built(events: Iterator[yaml.Event]) -> object:
    tree = _Tree()
    for event in events:
        mark = event.start_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        _forbid(event, place, len(tree.open))
        match event:
            case yaml.DocumentStartEvent():
                tree.start_document(place)
            case yaml.MappingStartEvent():
                tree.enter(Located(place), place)
            case yaml.SequenceStartEvent():
                tree.enter([], place)
            case yaml.ScalarEvent():
                tree.add(str(event.value), place)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                tree.open.pop()
                tree.keys.pop()
    return tree.root


def _forbid(event: yaml.Event, place: Place, depth: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise Unreadable(
            "Anchors (&) and aliases (*) are not used here.", place, "Write the text out."
        )
    if getattr(event, "tag", None) not in _KNOWN_TAGS:
        raise Unreadable("Tags (!) are not used here.", place, "Take the tag out.")
    if depth > MAX_DEPTH:
        raise Unreadable(
            f"The file nests more than {MAX_DEPTH} levels deep.", place, "Take some levels out."
        )


class _Tree:
    def __init__(self) -> None:
        self.root: object = ""
        self.open: list[Located | list[object]] = []
        self.keys: list[str | None] = []
        self._documents = 0

    def start_document(self, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            raise Unreadable(
                "A second document starts here.", place, "Keep one questionnaire in a file."
            )

    def enter(self, container: Located | list[object], place: Place) -> None:
        self.add(container, place)
        self.open.append(container)
        self.keys.append(None)

    def add(self, value: object, place: Place) -> None:
        if not self.open:
            self.root = value
            return
        within = self.open[-1]
        if isinstance(within, list):
            within.append(value)
        elif self.keys[-1] is not None:
            within[self.keys[-1]] = value
            self.keys[-1] = None
        else:
            self.keys[-1] = self._key(within, value, place)

    def _key(self, within: Located, value: object, place: Place) -> str:
        if not isinstance(value, str):
            raise Unreadable("A key must be a word.", place, "Write it as key: value.")
        if value in within:
            raise Unreadable(
                f'"{value[:80]}" is written twice, so one would be lost.',
                place,
                "Take one of them out, or give it another name.",
            )
        within.places[value] = place
        return value
