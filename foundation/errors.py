"""Refusals: exceptions whose text is the sentence a person will read."""

from uuid import UUID


class Missing(LookupError):  # noqa: N818  a refusal, not a fault
    """Nothing is there for this person: absent and forbidden look the same."""

    def __init__(self, sentence: str = "There is nothing at this address for you.") -> None:
        super().__init__(sentence)


class Moved(Missing):
    """What was here is part of something else now; `into` says of what."""

    def __init__(self, into: UUID) -> None:
        super().__init__("This was merged into another one. Look for it there.")
        self.into = into


class Refused(ValueError):  # noqa: N818  a refusal, not a fault
    """A rule says no. The text says what is wrong, where, and how to mend it."""

    def __init__(self, sentence: str, *, where: str = "", reasons: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.where = where
        self.reasons = reasons


class Conflict(Refused):
    """Somebody else changed the same thing first; `theirs` holds what is stored now."""

    def __init__(self, sentence: str, *, theirs: object = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs


class Denied(Exception):  # noqa: N818  a refusal, not a fault
    """The person is known but may not do this."""


class TooFast(Exception):  # noqa: N818  a refusal, not a fault
    """One session sends more changes than a person can make."""


class NoRoom(Exception):  # noqa: N818  a refusal, not a fault
    """So many large files are on their way that there is no place for this one just now."""
