"""What a PDF somebody hands in says of itself. Runs in the sandbox only: the file is a stranger's.

A report carries the hash of its data twice: as the file embedded in it, and in the description of
the document, which stands in the file as plain text. One damaged byte cannot take both away.
"""

import hashlib
import json
import re
from io import BytesIO
from typing import Any

import pikepdf

DATA = "duly-data:"
DRAFT = "duly-draft"
MOST_FILES = 5
_PLAIN = re.compile(rb"duly-data:([0-9a-f]{64})")


def read(content: bytes) -> bytes:
    """Return as JSON what a file says of itself, looking inside as far as it can be opened."""
    told = _plainly(content)
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            told["is_pdf"] = True
            for file in list(pdf.attachments.values())[:MOST_FILES]:
                data = file.get_file().read_bytes()
                told["data"].append(hashlib.sha256(data).hexdigest())
    except pikepdf.PasswordError:
        told["is_locked"] = told["is_pdf"] = True
    except Exception:  # noqa: BLE001  whatever is wrong with it, the plain marks still count
        told["is_damaged"] = True
    return json.dumps(told).encode()


def read_plainly(content: bytes) -> bytes:
    """Return as JSON what stands in the file as plain text, for one that cannot be opened."""
    return json.dumps(_plainly(content) | {"is_damaged": True}).encode()


def _plainly(content: bytes) -> dict[str, Any]:
    return {
        "data": [one.decode() for one in _PLAIN.findall(content)[:20]],
        "is_pdf": content[:1024].find(b"%PDF-") >= 0,
        "is_draft": DRAFT.encode() in content,
        "is_locked": False,
        "is_damaged": False,
    }
