"""A file that is there whole or not at all: written beside its place, and put there at the end."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from foundation.errors import Refused


@contextmanager
def written_whole(target: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Give a file to write; at the end of the block it stands at the target, on disk for good.

    Readable by its owner alone. A failure leaves what was there before; what a kill leaves beside
    the target is used again by the next one. Raises Refused for a target that cannot be written.
    """
    check_target(target, replace=replace)
    draft = target.with_name(f".{target.name}.part")
    with _opened(draft) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            check_target(target, replace=replace)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    sync_folder(target.parent)


def check_target(target: Path, *, replace: bool) -> None:
    """Refuse a place where nothing can be written, before any work is done."""
    if target.is_dir():
        raise Refused(f"{target} is a folder. Name a file in it.")
    if target.exists() and not target.is_file():
        raise Refused(f"{target} is no ordinary file. Name one.")
    if target.exists() and not replace:
        raise Refused(f"{target} is there already. Name another file, or say --force.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}. Make it, or name another place.")


def sync_folder(folder: Path) -> None:
    """Make a change of names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(draft: Path) -> Iterator[BinaryIO]:
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Refused(f"{draft.parent} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Somebody else is writing {draft.name} just now. Wait for it.") from None
        file.truncate()
        os.fchmod(file.fileno(), 0o600)
        yield file
