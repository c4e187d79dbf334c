"""The form of a webhook."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, URLField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from foundation.choices import offered
from foundation.forms import no_control_characters, stripped
from foundation.labels import label
from foundation.outbound import LONGEST_ADDRESS
from operations.structure_forms import NamedForm
from operations.webhook_commands import EndpointFacts
from operations.webhook_rules import KINDS


def _kinds() -> list[Any]:
    return offered((kind.value, label(kind)) for kind in KINDS)


class WebhookForm(NamedForm):
    """Where events go, and which."""

    url = URLField(
        _l("Address"),
        [
            InputRequired(_l("Type the address.")),
            Length(max=LONGEST_ADDRESS),
            no_control_characters,
        ],
        description=_l("It must begin with https:// and take a POST."),
        filters=[stripped],
    )
    kinds = SelectMultipleField(
        _l("Events it is told of"),
        choices=_kinds,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l("Choose at least one event."))],
    )
    includes_need_to_know = BooleanField(_l("Tell it of need-to-know vendors too"))

    def facts(self) -> EndpointFacts:
        """Return what was typed."""
        return EndpointFacts(
            self.name.data or "",
            self.url.data or "",
            tuple(self.kinds.data or ()),
            bool(self.includes_need_to_know.data),
        )
