"""A questionnaire as it is frozen at sending: its canonical JSON and its hash.

The parts themselves are in `nodes.py`; they are offered here too, as one place to import from.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, cast

from questionnaires import conditions
from questionnaires.conditions import Condition
from questionnaires.nodes import (
    MAX_NESTING,
    Area,
    Group,
    Node,
    Note,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Section,
    Tip,
    TipSeverity,
    WeightClass,
    nodes_of,
    question,
    questions_of,
)

__all__ = [
    "MAX_NESTING",
    "Area",
    "Group",
    "Node",
    "Note",
    "Option",
    "Question",
    "QuestionKind",
    "Questionnaire",
    "Section",
    "Tip",
    "TipSeverity",
    "WeightClass",
    "canonical_bytes",
    "from_json",
    "nodes_of",
    "question",
    "questions_of",
    "sha256_of",
    "to_json",
]


def to_json(questionnaire: Questionnaire) -> dict[str, object]:
    """Return the questionnaire as plain JSON values, losing nothing."""
    return cast("dict[str, object]", _plain(questionnaire))


def canonical_bytes(questionnaire: Questionnaire) -> bytes:
    """Return the one byte form of a questionnaire, the same in every process."""
    text = json.dumps(
        to_json(questionnaire), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode("utf-8")


def sha256_of(questionnaire: Questionnaire) -> str:
    """Return the hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical_bytes(questionnaire)).hexdigest()


def from_json(plain: object) -> Questionnaire:
    """Read back what `to_json` wrote; ValueError when the shape is not ours."""
    return cast("Questionnaire", _build(Questionnaire, plain))


_NODES: dict[str, type[Any]] = {"group": Group, "note": Note, "tip": Tip, "question": Question}
_NODE_NAMES = {kind: name for name, kind in _NODES.items()}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Condition):
        return conditions.to_json(value)
    if not isinstance(value, Questionnaire | Section | Node | Option):
        return value
    named = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    name = _NODE_NAMES.get(type(value))
    return {"node": name, **named} if name else named


def _node(plain: object) -> object:
    kind = _NODES.get(str(plain.get("node"))) if isinstance(plain, Mapping) else None
    if kind is None or not isinstance(plain, Mapping):
        raise ValueError("A part of this stored questionnaire is of no known kind.")
    return _build(kind, {key: value for key, value in plain.items() if key != "node"})


_READERS: dict[str, Callable[[Any], object]] = {
    "sections": lambda plain: tuple(_build(Section, each) for each in plain),
    "nodes": lambda plain: tuple(_node(each) for each in plain),
    "options": lambda plain: tuple(_build(Option, each) for each in plain),
    "condition": conditions.from_json,
    "kind": QuestionKind,
    "area": lambda plain: None if plain is None else Area(plain),
    "weight_class": lambda plain: None if plain is None else WeightClass(plain),
    "severity": lambda plain: None if plain is None else TipSeverity(plain),
    "evidence_kinds": tuple,
    "follow_ups": tuple,
    "references": tuple,
}


def _build(kind: type[Any], plain: object) -> object:
    names = {each.name for each in fields(kind)}
    if not isinstance(plain, Mapping) or set(plain) != names:
        raise ValueError(
            f"This stored questionnaire is not in our shape: a {kind.__name__.lower()} "
            "lacks a field or has one too many."
        )
    return kind(**{key: _READERS.get(key, _same)(value) for key, value in plain.items()})


def _same(value: object) -> object:
    return value
