"""Words in the reader's language: what flask_babel finds, found once for each language.

flask_babel looks for the catalogue anew with every word, and Jinja hands each word through three
functions: on a page with some hundred words that was a tenth of its time.
"""

from typing import Any

from flask import Flask, g
from flask_babel import Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Words(Domain):  # type: ignore[misc]  # flask_babel is not typed
    """The domain of the application; its catalogues never change while it runs."""

    def __init__(self) -> None:
        """Start with no language."""
        super().__init__()
        self._found: dict[Any, Any] = {}

    def get_translations(self) -> Any:  # noqa: ANN401  flask_babel is not typed
        """Return the catalogue of the language that holds right now, also within force_locale."""
        locale = language()
        found = self._found.get(locale)
        if found is None:
            found = self._found[locale] = super().get_translations()
        return found


def language() -> Any:  # noqa: ANN401  flask_babel is not typed
    """Return what `get_locale` does, without asking for the context three times."""
    try:
        context = g._get_current_object()  # noqa: SLF001  as Flask documents it for extensions
    except RuntimeError:
        return None
    kept = getattr(getattr(context, "_flask_babel", None), "babel_locale", None)
    return get_locale() if kept is None else kept


def install(app: Flask) -> None:
    """Let Python and templates look words up here; Babel is set up already."""
    words = Words()
    app.extensions["babel"].instance.domain_instance = words

    @pass_eval_context
    def gettext(context: EvalContext, text: str, /, **variables: object) -> str:
        return _printed(context, words.get_translations().ugettext(text), variables)

    @pass_eval_context
    def ngettext(
        context: EvalContext, one: str, many: str, num: int, /, **variables: object
    ) -> str:
        found = words.get_translations().ungettext(one, many, num)
        return _printed(context, found, {"num": num, **variables})

    app.jinja_env.globals.update({"_": gettext, "gettext": gettext, "ngettext": ngettext})


def _printed(context: EvalContext, found: str, variables: dict[str, object]) -> str:
    """Return a word with its variables in it, escaped where the template escapes."""
    text = Markup(found) if context.autoescape else found  # noqa: S704  our own text
    return text % variables if variables or "%" in found else text
