"""What a file says about its questions beside their content: the line, and what is meant so."""

from collections.abc import Iterator

from questionnaires.formats import yaml_tree
from questionnaires.formats.located import Located, Place, Unreadable, text_of
from questionnaires.linting.subject import Notes

MOST_BYTES = 1_000_000


def notes_in(payload: bytes, name: str) -> dict[str, Notes]:
    """Return the notes of each question of a file in our format; none when it cannot be read."""
    try:
        root = yaml_tree.parse(text_of(payload, MOST_BYTES))
    except Unreadable:
        return {}
    return {code: note_on(name, place, item) for code, place, item in _questions(root)}


def note_on(name: str, place: Place, item: Located) -> Notes:
    """Return the notes of one question that stands at a place of a file."""
    meant = item.get("meant")
    reasons = meant if isinstance(meant, Located) else {}
    return Notes(
        place=f"{name}, line {place.line}",
        meant={rule: reason if isinstance(reason, str) else "" for rule, reason in reasons.items()},
    )


def _questions(within: object) -> Iterator[tuple[str, Place, Located]]:
    if not isinstance(within, Located):
        return
    for key in ("sections", "questions"):
        named = within.get(key)
        for code, item in named.items() if isinstance(named, Located) else ():
            if key == "questions" and isinstance(named, Located) and isinstance(item, Located):
                yield code, named.at(code), item
            yield from _questions(item)
