"""Which version of the code runs."""

import tomllib

from foundation.settings import ROOT


def version() -> str:
    """Return the name and number of the code that runs, such as Duly 0.1.0."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"Duly {project['version']}"
