"""A desk begins with a copy, where nothing else of it is left: a new computer, and a stick."""

from datetime import datetime
from pathlib import Path

from correspondent_desk.errors import DeskError
from correspondent_desk.store import backup
from correspondent_desk.store.backup import CopyMissing
from correspondent_desk.store.files import refusal, write_whole
from correspondent_desk.store.vault import AlreadySetUp, DataKey, DeskFolder, is_set_up, unlock


def begin_with(folder: DeskFolder, copy: Path, passphrase: str, now: datetime) -> DataKey:
    """Make folder, which holds no desk, the desk that copy was made of; its key.

    passphrase is that of the day of the copy: what unlocks it lies beside it. Where this fails, the
    folder holds no desk, as before. Raises AlreadySetUp, CopyMissing (reason "no-slots" without what
    unlocks it), WrongPassphrase, SlotsDamaged, and what backup.restore raises.
    """
    if is_set_up(folder) or folder.store.exists():
        raise AlreadySetUp(folder=str(folder.path))
    if not copy.is_file():
        raise CopyMissing("not-a-file" if copy.exists() else "", path=str(copy))
    slots = copy.with_suffix(".slots.json")
    if not slots.is_file():
        raise CopyMissing("no-slots", path=str(slots))
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        content = slots.read_bytes()
    except OSError as error:
        raise refusal(error, folder.slots) from error
    write_whole(folder.slots, content)
    try:
        key = unlock(folder, passphrase)
        backup.restore(folder, key, copy, now)
    except DeskError:
        folder.slots.unlink(missing_ok=True)
        folder.slots_copy.unlink(missing_ok=True)
        raise
    return key
