"""JSON as people write it: comments, joined strings and trailing commas, and nothing more.

Everything else is refused with the line, the column and how to mend it.
"""

import re
from collections.abc import Callable

from questionnaires.formats.located import Located, Place, Unreadable, place_in

MAX_DEPTH = 64
MAX_DIGITS = 15
_SKIP = re.compile(r"(?:[ \t\r\n]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_PIECE = re.compile(r'[^"\\\x00-\x08\x0a-\x1f]*')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}


def parse(text: str) -> object:
    """Return the one value in the text, objects as `Located`; Unreadable with its place."""
    reader = _Reader(text)
    value = reader.value(1)
    reader.skip()
    if not reader.is_at_end:
        raise reader.refusal(
            "Something follows after the end of the questionnaire.",
            "Take out what stands after the last closing bracket.",
        )
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self._counted_to = 0

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._text)

    def refusal(self, what: str, fix: str, at: int | None = None) -> Unreadable:
        return Unreadable(what, place_in(self._text, self._at if at is None else at), fix)

    def place(self) -> Place:
        """Count on from the last place asked for, so that reading stays linear."""
        self._line += self._text.count("\n", self._counted_to, self._at)
        newline = self._text.rfind("\n", self._counted_to, self._at)
        self._line_start = newline + 1 if newline >= 0 else self._line_start
        self._counted_to = self._at
        return Place(self._line, self._at - self._line_start + 1)

    def skip(self) -> None:
        match = _SKIP.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._text.startswith("/*", self._at):
            raise self.refusal("A comment is opened here and never closed.", "Close it with */.")

    def peek(self) -> str:
        self.skip()
        if self.is_at_end:
            raise self.refusal(
                "The file ends in the middle.",
                "Add the closing brackets, or export the file again: its end is missing.",
            )
        return self._text[self._at]

    def value(self, depth: int) -> object:
        first = self.peek()
        if depth > MAX_DEPTH:
            raise self.refusal(
                f"Brackets nest more than {MAX_DEPTH} levels deep here.",
                "Take some levels out: a questionnaire has sections, groups and questions.",
            )
        readers: dict[str, Callable[[], object]] = {
            "{": lambda: self._object(depth),
            "[": lambda: self._list(depth),
            '"': self._joined_strings,
        }
        return readers.get(first, self._number_or_word)()

    def _object(self, depth: int) -> Located:
        result = Located(self.place())
        self._at += 1
        while self.peek() != "}":
            if self._text[self._at] != '"':
                raise self.refusal(
                    "A key was expected here, in double quotes.",
                    'Write each entry as "key": value, with a comma between entries.',
                )
            start, place = self._at, self.place()
            key = self._string()
            if key in result:
                raise self.refusal(
                    f'The key "{key}" is written twice in one object, so one would be lost.',
                    "Take one of them out.",
                    start,
                )
            self._expect(":", f'A colon is missing after "{key}".', "Put a colon after the key.")
            result.places[key] = place
            result[key] = self.value(depth + 1)
            self._comma_or("}")
        self._at += 1
        return result

    def _list(self, depth: int) -> list[object]:
        self._at += 1
        result: list[object] = []
        while self.peek() != "]":
            result.append(self.value(depth + 1))
            self._comma_or("]")
        self._at += 1
        return result

    def _comma_or(self, closing: str) -> None:
        found = self.peek()
        if found == ",":
            self._at += 1
        elif found != closing:
            raise self.refusal(
                f'A comma or "{closing}" was expected here, not "{found}".',
                f'Put a comma between entries, or close the list with "{closing}".',
            )

    def _expect(self, wanted: str, what: str, fix: str) -> None:
        if self.peek() != wanted:
            raise self.refusal(what, fix)
        self._at += 1

    def _joined_strings(self) -> str:
        pieces = [self._string()]
        self.skip()
        while not self.is_at_end and self._text[self._at] == "+":
            self._at += 1
            if self.peek() != '"':
                raise self.refusal(
                    "After + another text in double quotes was expected.",
                    "Join only texts with +, or take the + out.",
                )
            pieces.append(self._string())
            self.skip()
        return "".join(pieces)

    def _string(self) -> str:
        start = self._at
        self._at += 1
        pieces: list[str] = []
        while True:
            match = _PIECE.match(self._text, self._at)
            if match:
                pieces.append(match.group())
                self._at = match.end()
            character = self._text[self._at : self._at + 1]
            if character == '"':
                self._at += 1
                return "".join(pieces)
            if character != "\\":
                raise self._unfinished(character, start)
            pieces.append(self._escape())

    def _unfinished(self, character: str, start: int) -> Unreadable:
        if character in {"", "\n", "\r"}:
            return self.refusal(
                "A text is opened here and not closed on its line.",
                'Close it with a double quote; join longer texts with "..." + "...".',
                start,
            )
        return self.refusal(
            "A text holds a control character.", "Take the invisible character out."
        )

    def _escape(self) -> str:
        letter = self._text[self._at + 1 : self._at + 2]
        if letter in _ESCAPES:
            self._at += 2
            return _ESCAPES[letter]
        match = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+").match(self._text, self._at)
        if not match:
            raise self.refusal(
                f'"\\{letter}" is no escape JSON knows.', r"Write a backslash as \\."
            )
        units = b"".join(
            int(unit, 16).to_bytes(2, "big") for unit in match.group().split("\\u")[1:]
        )
        try:
            decoded = units.decode("utf-16-be")
        except UnicodeDecodeError:
            raise self.refusal(
                "This escape is half of a character.", "Write the character itself instead."
            ) from None
        self._at = match.end()
        return decoded

    def _number_or_word(self) -> object:
        number = _NUMBER.match(self._text, self._at)
        if number:
            if len(number.group()) > MAX_DIGITS:
                raise self.refusal("This number is too long.", "Use at most 15 digits.")
            self._at = number.end()
            written = number.group()
            return int(written) if written.lstrip("-").isdigit() else float(written)
        word = _WORD.match(self._text, self._at)
        if word and word.group() in _WORDS:
            self._at = word.end()
            return _WORDS[word.group()]
        found = word.group()[:40] if word else self._text[self._at]
        raise self.refusal(
            f"{found} was not expected here.",
            "A value is a text in double quotes, a number, true, false, null, a list or an object.",
        )
