"""The form of the tier rules: every value of a version, and what changes and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput, TextInput

from foundation.choices import offered
from foundation.errors import Refused
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import fits
from vendors.labels import TIER_NAMES
from vendors.tier_document import TIERS, problems_of, sum_sentence
from vendors.tier_model import TIER_MODEL, Factor, FloorRule, Pace, TierModel
from vendors.wording import LONGEST_TEXT

_WHOLE = re.compile(r"-?[0-9]{1,9}")
PACES: Mapping[str, Any] = {
    "answer_days": _l("Days a vendor has to answer"),
    "review_months": _l("Months until it is reviewed again"),
    "opens_days": _l("Days before that the review opens"),
    "most_questions": _l("Questions shown at most"),
    "attest_months": _l("Months until it is asked whether anything has changed (0: never)"),
}


class WholeNumber(IntegerField):
    """A whole number, typed as text so that nothing typed is lost."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError with a sentence for what is none."""
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not _WHOLE.fullmatch(typed):
            raise ValueError(gettext("Write a whole number, such as 30."))
        self.data = int(typed)


def _number(text: Any) -> WholeNumber:  # noqa: ANN401  lazy words are no str to the checker
    return WholeNumber(text, render_kw={"inputmode": "numeric", "size": 4, "maxlength": 12})


class NeededToPublish:
    """Not optional for whoever reads the form, though a test needs no note yet."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: BaseForm, field: Field) -> None:
        """Pass: publishing itself asks for it."""


class RulesForm(BaseForm):
    """A draft, made on top of the version of a number."""

    based_on = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    note = TextAreaField(
        _l("What changes, and why?"),
        description=_l("Needed to publish; kept with the version for whoever is asked later."),
        filters=[stripped],
        validators=[NeededToPublish(), fits(LONGEST_TEXT), no_control_characters],
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check every value, and the whole: the sum, the order of the boundaries, the floors."""
        passed = super().validate(extra_validators)
        if any(field.errors for field in self if isinstance(field, WholeNumber)):
            self._say_sum()
            return False
        for problem in problems_of(self.model("draft")):
            passed = False
            if problem.where in self:
                self[problem.where].errors = [*self[problem.where].errors, problem.sentence]
            else:
                self.form_errors.append(problem.sentence)
        return passed

    def refuse(self, refusal: Refused) -> None:
        """Show what publishing refused, at its field or above the form."""
        if refusal.where == "note":
            self.note.errors = [*self.note.errors, str(refusal)]
        else:
            self.form_errors.append(str(refusal))

    def model(self, version: str) -> TierModel:
        """Return the draft as a model; every number must have been read."""
        return TierModel(
            version=version,
            weights={factor: self[f"weight_{factor}"].data for factor in Factor},
            bands={**{t: self[f"band_{t}"].data for t in (1, 2, 3)}, 4: 0},
            floors=tuple(self._floor(rule) for rule in TIER_MODEL.floors),
            pace=Pace(**{name: {t: self[f"{name}_{t}"].data for t in TIERS} for name in PACES}),
        )

    def _floor(self, rule: FloorRule) -> FloorRule:
        chosen = str(self[f"floor_{rule.code}"].data)
        return replace(rule, tier=int(chosen) if chosen in {"1", "2", "3"} else 0)

    def _say_sum(self) -> None:
        """Say by how much the weights miss 100 also where they are not whole."""
        typed = [(self[f"weight_{factor}"].raw_data or [""])[0] for factor in Factor]
        try:
            total = {number: Decimal(text.strip()[:12]) for number, text in enumerate(typed)}
        except InvalidOperation:
            return
        if all(value.is_finite() for value in total.values()) and sum_sentence(total):
            self.form_errors.append(sum_sentence(total))


def values_of(model: TierModel, number: int) -> dict[str, Any]:
    """Return what the form shows of a version before anybody has typed."""
    values: dict[str, Any] = {"based_on": number}
    values |= {f"weight_{factor}": weight for factor, weight in model.weights.items()}
    values |= {f"band_{tier}": model.bands[tier] for tier in (1, 2, 3)}
    values |= {f"floor_{rule.code}": str(rule.tier) for rule in model.floors}
    for name in PACES:
        values |= {f"{name}_{tier}": getattr(model.pace, name)[tier] for tier in TIERS}
    return values


def _add_fields() -> None:
    for factor in Factor:
        setattr(RulesForm, f"weight_{factor}", _number(LazyString(label, factor)))
    for tier in (1, 2, 3):
        setattr(RulesForm, f"band_{tier}", _number(_l("Tier %(tier)s begins at", tier=tier)))
    for rule in TIER_MODEL.floors:
        names = [(str(tier), TIER_NAMES[tier]) for tier in range(1, rule.tier + 1)]
        setattr(
            RulesForm,
            f"floor_{rule.code}",
            SelectField(rule.because, choices=offered(names), validate_choice=False),
        )
    for name, text in PACES.items():
        for tier in TIERS:
            field = _number(_l("%(what)s, tier %(tier)s", what=text, tier=tier))
            setattr(RulesForm, f"{name}_{tier}", field)


_add_fields()
