"""What lies on disks: the place of evidence, the room left, and the keys."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from evidence.storage import EvidenceStore
from foundation import keyring, settings
from foundation.keyring import Keyring, KeyringError
from operations import key_copies
from operations.system_check import Check, Grade

LITTLE_SPACE, HARDLY_ANY = 5_000_000_000, 500_000_000


def check_storage(folder: Path) -> Check:
    """Write a file where evidence goes, bring it to the disk, read it back and remove it."""
    above = (folder, *folder.parents)
    place = next((one for one in above if one.exists() or one.is_symlink()), Path("/"))
    content = secrets.token_bytes(4096)
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".duly-check-") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            is_there = Path(file.name).read_bytes() == content
    except OSError as error:
        said = f"{folder} cannot be written: {error.strerror or error}"
        fix = "Give the account that runs Duly the right to write there, and the disk room."
        return Check("Storage of evidence", Grade.BROKEN, said, fix)
    if not is_there:
        said = f"{folder} gives back other bytes than were written"
        return Check("Storage of evidence", Grade.BROKEN, said, "Move the folder to a sound disk.")
    return Check("Storage of evidence", Grade.OK, f"{folder}: written, synced and read back")


def check_space(folder: Path) -> Check:
    """Measure the room left on the disk of the data folder."""
    usage = shutil.disk_usage(next(one for one in (folder, *folder.parents) if one.is_dir()))
    said = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free"
    fix = "Make room on the disk of the data folder, or move the folder to a larger one."
    if usage.free < HARDLY_ANY:
        return Check("Disk space", Grade.BROKEN, said, fix)
    if usage.free < LITTLE_SPACE:
        return Check("Disk space", Grade.LOOK, said, fix)
    return Check("Disk space", Grade.OK, said)


def check_keys(path: Path) -> Check:
    """Read the key file anew, and compare it with the keys this process works with."""
    try:
        ring = Keyring.load(path)
    except (KeyringError, OSError) as error:
        store = EvidenceStore(settings.current().evidence_dir)
        is_new = not path.exists() and not keyring.is_configured() and store.is_empty()
        fix = (
            "Run ./duly migrate: the first start makes it."
            if is_new
            else "Put the key file back from its copy. Without it no evidence can be opened."
        )
        return Check("Keys", Grade.BROKEN, str(error), fix)
    if ring.fingerprint() != keyring.current().fingerprint():
        said = f"{path} holds other keys than the ones in use"
        return Check("Keys", Grade.BROKEN, said, "Start Duly again, or put the right file back.")
    said = f"Key {ring.current_id}, fingerprint {ring.fingerprint()}"
    copied_on = key_copies.copied_on(path, ring)
    if copied_on is None:
        fix = "Write a copy with ./duly keys export FILE and keep it apart: lost keys lose all."
        return Check("Keys", Grade.LOOK, f"{said}; no copy is known of", fix)
    return Check("Keys", Grade.OK, f"{said}; copied on {copied_on}")
