"""The bank: every question of tiers 1 to 3 once, by area, from which their questionnaires are made.

A file of the bank holds one area. Each question says in which tiers it is asked; what is asked in a
lower tier is asked in the higher ones too, so that an answer can be used again under its code.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from questionnaires.formats import yaml_tree
from questionnaires.formats.located import Located, Place, Unreadable
from questionnaires.nodes import Area

LIBRARY = Path(__file__).parent / "library"
BANK = LIBRARY / "bank"
TIERS = (1, 2, 3)
"""The tiers whose questionnaires are made from the bank; tier 4 has a file of its own."""
OWN_KEYS = frozenset({"tiers"})
"""The keys of a question that only the bank has."""


@dataclass(frozen=True, slots=True)
class BankArea:
    """One file of the bank."""

    area: Area
    name: str
    title: str
    intro: str
    when: object
    """The condition on its section, as written; None asks it always."""
    questions: dict[str, Located]
    places: dict[str, Place]


@cache
def areas(folder: Path = BANK) -> tuple[BankArea, ...]:
    """Return the areas of the bank in their order; ValueError for a file that is no such area."""
    found = {path.stem: _area(path) for path in sorted(folder.glob("*.yaml"))}
    return tuple(found[area.value] for area in Area if area.value in found)


def file_for(tier: int, folder: Path = BANK) -> bytes:
    """Return the questionnaire of a tier as one file in our own format."""
    first = _tree(LIBRARY / "tiers.yaml")[f"tier{tier}"]
    head = {"code": f"tier{tier}", **first} if isinstance(first, Located) else {}
    sections = {
        one.area.value: {
            "title": one.title,
            "intro": one.intro,
            **({"when": _plain(one.when)} if one.when else {}),
            "questions": {
                code: _question(one.area, item)
                for code, item in one.questions.items()
                if str(tier) in tiers_of(item)
            },
        }
        for one in areas(folder)
    }
    whole = {
        "format": "duly-questionnaire/1",
        **head,
        "language": "en",
        "sections": {code: one for code, one in sections.items() if one["questions"]},
    }
    text = yaml.dump(whole, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


def tiers_of(item: Located) -> tuple[str, ...]:
    """Return the tiers a question of the bank is asked in, as written."""
    written = item.get("tiers", [])
    return tuple(str(each) for each in written) if isinstance(written, list) else ()


def _question(area: Area, item: Located) -> dict[str, object]:
    kept = {key: _plain(value) for key, value in item.items() if key not in OWN_KEYS}
    return {"area": area.value, **kept}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _area(path: Path) -> BankArea:
    root = _tree(path)
    questions = root.get("questions")
    if root.get("area") != path.stem or not isinstance(questions, Located):
        raise ValueError(f"{path.name} is no area of the bank: its name is not its area.")
    for code, item in questions.items():
        if not isinstance(item, Located):
            raise ValueError(f"{path.name}, {questions.at(code)}: {code} has no fields.")  # noqa: TRY004
    return BankArea(
        area=Area(path.stem),
        name=path.name,
        title=str(root.get("title", "")),
        intro=str(root.get("intro", "")),
        when=root.get("when"),
        questions=dict(questions),  # type: ignore[arg-type]
        places=questions.places,
    )


def _tree(path: Path) -> Located:
    try:
        root = yaml_tree.parse(path.read_text("utf-8"))
    except Unreadable as refusal:
        what = f"{path.name}, {refusal.where}: {refusal.what} {refusal.fix}"
        raise ValueError(what) from refusal
    if not isinstance(root, Located):
        raise ValueError(f"{path.name} holds no fields.")  # noqa: TRY004
    return root
