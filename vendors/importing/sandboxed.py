"""Reading lists of vendors where they can do no harm; the page and the command line both use it."""

from foundation import sandbox
from foundation.errors import Refused
from foundation.sandbox import Limits, SandboxFailure
from vendors.importing.table import MOST_BYTES, Reading, unpacked

LIMITS = Limits(seconds=45, cpu_seconds=30, memory_mb=700, output_mb=40)


def read_in_sandbox(payload: bytes, name: str) -> Reading:
    """Read a list of vendors. Raises Refused with what is wrong and how to mend it."""
    if len(payload) > MOST_BYTES:
        raise Refused(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, or delete the sheets "
            "that are not about vendors."
        )
    try:
        framed = name.replace("\0", "").encode() + b"\0" + payload
        return unpacked(sandbox.run("vendors.read_list", framed, LIMITS))
    except SandboxFailure as failure:
        raise Refused(
            f"{failure} Open it in the program it comes from and save it again as XLSX or CSV."
        ) from failure
