"""The set-up code: proof that whoever sets Duly up can read what its server writes."""

import hmac
import os
from pathlib import Path

from foundation import settings
from identity.rules import grouped, plain_code
from identity.tokens import new_code

NAME = "set-up-code.txt"
LENGTH = 16
"""16 signs of 5 bits: 80 bits."""


def code_path() -> Path:
    """Return where the code lies while nobody is an administrator."""
    return settings.current().data_dir / NAME


def write_code() -> str:
    """Return the set-up code, made once; readable by who runs the server and nobody else."""
    path = code_path()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    code = grouped(new_code(LENGTH))
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(code + "\n")
    return code


def is_code_there() -> bool:
    """Return whether a server has written a code."""
    return code_path().is_file()


def is_code(typed: str) -> bool:
    """Say whether this is the code, however it is typed."""
    if not is_code_there():
        return False
    wanted = plain_code(code_path().read_text(encoding="ascii"))
    return bool(wanted) and hmac.compare_digest(plain_code(typed).encode(), wanted.encode())


def forget_code() -> None:
    """Remove the code: Duly is set up."""
    code_path().unlink(missing_ok=True)
