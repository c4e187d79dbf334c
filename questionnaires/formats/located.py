"""Values read from a file that remember on which line they stood."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column of a file, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class Located(dict[str, object]):
    """A mapping with its place and the place of each key."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}

    def at(self, key: str) -> Place:
        """Return where this key stands, or the mapping itself when the key is absent."""
        return self.places.get(key, self.place)


class Unreadable(ValueError):  # noqa: N818  a refusal, not a fault
    """The file cannot be read: what is wrong, where, and how to mend it."""

    def __init__(self, what: str, place: Place | str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = str(place)
        self.fix = fix


def text_of(payload: bytes, max_bytes: int) -> str:
    """Return the file as text without a byte order mark; Unreadable when it is not UTF-8."""
    if len(payload) > max_bytes:
        raise Unreadable(
            f"The file is larger than {max_bytes // 1_000_000} MB.",
            "the whole file",
            "Split it, or take out what is not part of the questionnaire.",
        )
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = place_in(payload[: error.start].decode("utf-8", "replace"), None)
        raise Unreadable(
            "The file is not written in UTF-8.", place, "Save it again with the encoding UTF-8."
        ) from None
    if not text.strip():
        raise Unreadable("The file is empty.", "the whole file", "Choose a file with questions.")
    if "\x00" in text:
        raise Unreadable(
            "The file holds a zero character, so it is not a plain text file.",
            place_in(text, text.index("\x00")),
            "Take the character out, or save the file as plain text.",
        )
    return text


def place_in(text: str, offset: int | None) -> Place:
    """Return the line and column of an offset; None means the end of the text."""
    before = text if offset is None else text[:offset]
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
