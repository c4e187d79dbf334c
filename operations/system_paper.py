"""What reports are made with: fonts, the renderer, and the walls around it."""

from foundation import sandbox
from foundation.errors import Refused
from foundation.sandbox import SandboxFailure
from foundation.settings import ROOT
from operations.system_check import Check, Grade
from reports.printing import RENDERER, print_trial

FONTS = ROOT / "static" / "fonts"
FACES = (
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSans-Italic.ttf",
    "NotoSansMono-Regular.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf",
)
FILES_OF_VERSION = "Put the files of this version of Duly back: some are missing."


def check_fonts() -> Check:
    """Look for the fonts that come with Duly; a renderer without fonts dies."""
    missing = [name for name in (*FACES, "fonts.conf") if not _is_there(name)]
    if missing:
        said = f"Missing in {FONTS}: {', '.join(missing)}"
        return Check("Fonts", Grade.BROKEN, said, FILES_OF_VERSION)
    return Check("Fonts", Grade.OK, f"{len(FACES)} faces, all there")


def _is_there(name: str) -> bool:
    path = FONTS / name
    return path.is_file() and path.stat().st_size > 0


def check_print() -> Check:
    """Draw a page in the sandbox, as for a report."""
    try:
        size = len(print_trial())
    except (SandboxFailure, Refused) as failure:
        fix = "Run ./duly help once: it names the system packages that are missing."
        return Check("PDF", Grade.BROKEN, str(failure), fix)
    return Check("PDF", Grade.OK, f"A page of {size / 1000:.0f} kB was drawn by {RENDERER}")


def check_sandbox() -> Check:
    """Ask the helper that reads files which walls this system gives it."""
    fix = "Run Duly where user namespaces or seccomp are allowed; the operator of the host knows."
    try:
        walls = sandbox.walls()
    except SandboxFailure as failure:
        return Check("Sandbox for files", Grade.BROKEN, str(failure), fix)
    known = {"no network": walls.network, "few system calls": walls.calls, "few files": walls.files}
    there = ", ".join(name for name, is_there in known.items() if is_there)
    missing = ", ".join(name for name, is_there in known.items() if not is_there)
    if missing:
        said = f"{there or 'no wall'}; this system does not offer: {missing}"
        return Check("Sandbox for files", Grade.LOOK, said.capitalize(), fix)
    return Check("Sandbox for files", Grade.OK, there.capitalize())
