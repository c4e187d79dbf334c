"""Turns the items of a VSAQ file into the nodes of a questionnaire."""

from questionnaires.conditions import ALWAYS, Condition
from questionnaires.formats import vsaq_condition
from questionnaires.formats.located import Located, Unreadable
from questionnaires.formats.vsaq_condition import TICKED, Names
from questionnaires.formats.vsaq_file import QUESTION_TYPES, VsaqFile
from questionnaires.nodes import (
    Group,
    Node,
    Note,
    Option,
    Question,
    QuestionKind,
    Tip,
    TipSeverity,
)
from questionnaires.richtext import plain, sanitise

_KINDS = {
    "box": QuestionKind.TEXT,
    "check": QuestionKind.MANY,
    "checkgroup": QuestionKind.MANY,
    "line": QuestionKind.LINE,
    "radiogroup": QuestionKind.SINGLE,
    "upload": QuestionKind.FILE,
    "yesno": QuestionKind.SINGLE,
}
_TEXT_OF_NONE = {
    QuestionKind.SINGLE: "Choose one.",
    QuestionKind.MANY: "Choose all that apply.",
    QuestionKind.LINE: "Your answer",
    QuestionKind.TEXT: "Your answer",
    QuestionKind.DATE: "Your date",
    QuestionKind.FILE: "Your document",
}


class Builder:
    """Builds nodes and counts choices and conditions on the way."""

    def __init__(self, file: VsaqFile, names: Names) -> None:
        self.file = file
        self.choice_count = 0
        self.condition_count = 0
        self._names = names

    def nodes(self, items: tuple[Located, ...]) -> tuple[Node, ...]:
        """Return the nodes these items stand for; a spacer stands for none."""
        return tuple(self._node(item) for item in items if item["type"] != "spacer")

    def _node(self, item: Located) -> Node:
        kind, code = str(item["type"]), self.file.codes[id(item)]
        condition = self.condition(item)
        if kind == "block":
            title = plain(self._rich(item, "text"))
            return Group(code, title, condition, self.nodes(self.file.children(item)))
        if kind == "info":
            return Note(code, self._rich(item, "text"), condition)
        if kind in QUESTION_TYPES:
            return self._question(item, code, condition)
        return self._tip(item, code, condition)

    def _tip(self, item: Located, code: str, condition: Condition) -> Tip:
        return Tip(
            code=code,
            text=self._rich(item, "text"),
            condition=condition,
            is_warning=self.file.flag(item, "warn"),
            severity=self._severity(item),
            name=plain(self._rich(item, "name")),
            why_prompt=self._rich(item, "why"),
        )

    def _severity(self, item: Located) -> TipSeverity | None:
        written = self.file.text(item, "severity").strip().lower()
        if written and written not in set(TipSeverity):
            self.file.remark(
                item,
                "severity",
                f'"{written[:40]}" is no severity, so the tip has none.',
                "Use low, medium, high or critical.",
            )
            return None
        return TipSeverity(written) if written else None

    def _question(self, item: Located, code: str, condition: Condition) -> Question:
        kind = _KINDS[str(item["type"])]
        options = self._options(item)
        is_required = kind is QuestionKind.SINGLE if "required" not in item else None
        return Question(
            code=code,
            kind=kind,
            text=self._question_text(item, kind),
            help=self._rich(item, "placeholder"),
            options=options,
            condition=condition,
            is_required=self.file.flag(item, "required") if is_required is None else is_required,
        )

    def _question_text(self, item: Located, kind: QuestionKind) -> str:
        text = self._rich(item, "text")
        if plain(text):
            return text
        self.file.remark(
            item,
            "text",
            f'The question has no text of its own; it is shown as "{_TEXT_OF_NONE[kind]}"',
            "Give it a text that can be understood alone.",
        )
        return _TEXT_OF_NONE[kind]

    def _options(self, item: Located) -> tuple[Option, ...]:
        if item["type"] == "check":
            return (Option(TICKED, "Yes"),)
        if item["type"] == "yesno":
            pairs: tuple[tuple[str, str], ...] = (
                ("yes", self.file.text(item, "yes") or "Yes"),
                ("no", self.file.text(item, "no") or "No"),
            )
        else:
            pairs = self.file.choices(item)
        self.choice_count += len(pairs)
        return tuple(Option(code, sanitise(text)) for code, text in pairs)

    def _rich(self, item: Located, key: str) -> str:
        return sanitise(self.file.text(item, key))

    def condition(self, item: Located) -> Condition:
        """Return when an item is shown, remarking on names that stand for nothing."""
        written = item.get("cond")
        if written is None or written == "":
            return ALWAYS
        if not isinstance(written, str):
            raise Unreadable("A condition is not a text.", item.at("cond"), 'Write "cond": "name".')
        self.condition_count += 1
        try:
            condition, dangling, is_mixed = vsaq_condition.parse(written, self._names)
        except vsaq_condition.BadCondition as refusal:
            raise Unreadable(
                f"The condition cannot be read. {refusal}",
                item.at("cond"),
                "A condition holds only ids, && (and), || (or), ! (not) and brackets.",
            ) from None
        self._remark_on(item, dangling, is_mixed=is_mixed)
        return condition

    def _remark_on(self, item: Located, dangling: tuple[str, ...], *, is_mixed: bool) -> None:
        for name in dict.fromkeys(dangling):
            self.file.remark(
                item,
                "cond",
                f'The condition names "{name[:80]}", and nothing in this file has that id.',
                "Correct the id. A tick box is named by its id alone, without /yes."
                if name == TICKED
                else "Correct the id; until then this part of the condition never holds.",
            )
        if is_mixed:
            self.file.remark(
                item,
                "cond",
                "The condition mixes && and || without brackets; it is read from left to right.",
                "Put brackets around what belongs together.",
            )
