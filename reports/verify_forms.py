"""Forms of reports: the file somebody wants checked."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField

from foundation.forms import BaseForm


class VerifyForm(BaseForm):
    """A PDF that says it is ours."""

    file = FileField(
        _l("The PDF to check"),
        description=_l("Drop it here or choose it. It is not kept."),
    )
