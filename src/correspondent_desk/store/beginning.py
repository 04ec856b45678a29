"""A desk begins with a copy, where nothing else of it is left: a new computer, and a stick."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from correspondent_desk.disk import take_place
from correspondent_desk.store import backup
from correspondent_desk.store.backup import CopyMissing
from correspondent_desk.store.files import write_whole
from correspondent_desk.store.placing import made_apart
from correspondent_desk.store.vault import DataKey, DeskFolder, WrongPassphrase, unlock


def begin_with(folder: DeskFolder, copy: Path, passphrase: str, now: datetime) -> DataKey:
    """Make folder, which holds no desk, the desk that copy was made of; its key.

    passphrase is that of the day of the copy: what unlocks it lies beside it. Where this fails, the
    folder holds no desk, as before. Raises CopyMissing (reason "no-slots" without what unlocks it),
    WrongPassphrase, SlotsDamaged, and what placing.made_apart and backup.restore raise.
    """
    with made_apart(folder) as apart:
        backup.require_file(copy)
        slots = copy.with_suffix(".slots.json")
        if not slots.is_file():
            raise CopyMissing("no-slots", path=str(slots))
        write_whole(apart.slots, slots.read_bytes())
        key = _unlocked(apart, folder, passphrase)
        backup.restore(apart, key, copy, now)
    return key


def _unlocked(apart: DeskFolder, folder: DeskFolder, passphrase: str) -> DataKey:
    """As unlock; wrong passphrases are counted in folder, which stays."""
    if folder.attempts.exists():
        take_place(folder.attempts, apart.attempts)
    try:
        return unlock(apart, passphrase)
    except WrongPassphrase:
        with suppress(OSError):
            take_place(apart.attempts, folder.attempts)
        raise
