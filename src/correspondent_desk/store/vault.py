"""Where a desk keeps its files, and how it is unlocked.

The store is encrypted with a random 256-bit key. `slots.json` beside it holds that key wrapped once
for each way to open the desk: the passphrase and the printed recovery code. Changing the passphrase
rewraps 32 bytes and leaves the store alone. Nothing here needs SQLAlchemy: a search from the command
line starts with this module and must answer in a quarter of a second.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import NamedTuple, NewType

from correspondent_desk.disk import is_silent
from correspondent_desk.errors import DeskError
from correspondent_desk.store import attempts, recovery, slots
from correspondent_desk.store.files import CannotWrite, as_json, from_json, write_whole
from correspondent_desk.store.slots import Slot
from correspondent_desk.store.stretching import KEY_BYTES, Stretching

DataKey = NewType("DataKey", bytes)

_changing = Lock()  # one way to open the desk at a time: the others are read and written back

HUB_KEY = "hub.key"  # what lies in the folder of a hub


class WrongPassphrase(DeskError):
    """The passphrase opens nothing, or it is too early for another attempt (reason "wait").

    details: wait_s, seconds until the next attempt is looked at.
    """

    code = "wrong-passphrase"


class WrongRecoveryCode(DeskError):
    """A well-formed recovery code that belongs to another desk, or was replaced by a newer one."""

    code = "wrong-recovery-code"


class SlotsDamaged(DeskError):
    """slots.json cannot be read (details: path, copy: where a sound one lies, nothing if nowhere).

    reason: "earlier", where that one lies beside a copy of the store and opens by what opened it then.
    """

    code = "slots-damaged"


class DeskAway(DeskError):
    """No desk can be found in the folder, though there was one or may be one (details: folder, path).

    reason: "gone", where this computer had one open before; "silent", where the disk does not
    answer; "forbidden", where this account may not look; nothing, where the folder is not there.
    """

    code = "desk-away"


class AlreadySetUp(DeskError):
    """The folder holds a desk already, or with the reason "hub" a hub (details: folder)."""

    code = "already-set-up"


class DeskFolder(NamedTuple):
    """Where a desk keeps its files."""

    path: Path

    @classmethod
    def default(cls) -> "DeskFolder":
        """This user's own desk."""
        import platformdirs

        return cls(platformdirs.user_data_path("correspondent-desk", appauthor=False))

    @property
    def beside_for_demo(self) -> "DeskFolder":
        """The demo's own folder, so that invented people never stand among real ones."""
        return DeskFolder(self.path.with_name(f"{self.path.name}-demo"))

    @property
    def beside_for_own(self) -> "DeskFolder":
        """Where somebody who explored this demo begins a desk of real people."""
        name = self.path.name.removesuffix("-demo")
        return DeskFolder(self.path.with_name(name)) if name != self.path.name else self.default()

    @property
    def store(self) -> Path:
        """The encrypted database."""
        return self.path / "desk.db"

    @property
    def slots(self) -> Path:
        """The wrapped copies of the data key."""
        return self.path / "slots.json"

    @property
    def slots_copy(self) -> Path:
        """A second copy of the slots, for the day the first cannot be read."""
        return self.path / "slots.json.bak"

    @property
    def attempts(self) -> Path:
        """How often the passphrase was wrong since it was last right."""
        return self.path / "attempts.json"

    @property
    def sidecar(self) -> Path:
        """What must not be restored together with the store (see store.origins)."""
        return self.path / "sidecar.json"

    @property
    def erased(self) -> Path:
        """The erasure ledger, which must not be put back together with the store."""
        return self.path / "erased.ledger"

    @property
    def lock(self) -> Path:
        """Held while a program has the desk open."""
        return self.path / "desk.lock"

    @property
    def holder(self) -> Path:
        """Who holds the lock, since when."""
        return self.path / "desk.open.json"

    @property
    def demo(self) -> Path:
        """Present in a desk of invented people; says its passphrase."""
        return self.path / "demo.json"

    @property
    def copies(self) -> Path:
        """Verified copies of the store."""
        return self.path / "copies"

    @property
    def inbox(self) -> Path:
        """Bundles received."""
        return self.path / "inbox"

    @property
    def making(self) -> "DeskFolder":
        """Where a new desk is made before it is put in its place whole."""
        return DeskFolder(self.path / "making")

    @property
    def outbox(self) -> Path:
        """Bundles made."""
        return self.path / "outbox"


def is_set_up(folder: DeskFolder) -> bool:
    """Whether the folder holds a desk, be it damaged.

    Everything that asks for a desk asks here; what this computer remembers of a folder without one
    says store.whereabouts. Raises DeskAway where nobody can tell.
    """
    if _lies(folder, folder.slots) or _lies(folder, folder.slots_copy):
        return True
    # Whose making was cut short between the store and the slots is finished by store.placing.
    return _lies(folder, folder.store) and not _lies(folder, folder.making.slots)


def require_free(folder: DeskFolder) -> None:
    """Raises AlreadySetUp where a desk or a hub lies in folder, DeskAway where nobody can tell."""
    if is_set_up(folder) or _lies(folder, folder.store):
        raise AlreadySetUp(folder=str(folder.path))
    if _lies(folder, folder.path / HUB_KEY):  # both keep a sidecar.json and an inbox
        raise AlreadySetUp("hub", folder=str(folder.path))


def _lies(folder: DeskFolder, path: Path) -> bool:
    """As path.exists(), which in some versions of Python says no for a disk that does not answer."""
    try:
        path.stat()
    except OSError as error:
        if is_silent(error) or isinstance(error, PermissionError):
            raise unanswered(error, folder) from error
        return False  # and with a name too long for the system, nothing can
    return True


def unanswered(error: OSError, folder: DeskFolder) -> DeskAway:
    """What the operating system said of something in folder, as an error a person can be told."""
    reason = "forbidden" if isinstance(error, PermissionError) else "silent"
    return DeskAway(reason, folder=str(folder.path), path=error.filename or str(folder.path))


def create_vault(
    folder: DeskFolder,
    passphrase: str,
    stretching: Stretching | None = None,
    *,
    sheet_follows: bool = False,
) -> tuple[DataKey, str]:
    """A new data key and the recovery code to print; writes slots.json.

    sheet_follows: the code opens nothing until take_recovery_code is told that it is on paper.
    Raises AlreadySetUp where a desk exists, DeskAway, CannotWrite.
    """
    require_free(folder)
    key = DataKey(os.urandom(KEY_BYTES))
    secret = recovery.new_secret()
    by_passphrase = slots.by_passphrase(key, passphrase, stretching or Stretching())
    _write(folder, [by_passphrase, *([] if sheet_follows else [slots.by_secret(key, secret)])])
    return key, recovery.written(secret)


def unlock(folder: DeskFolder, passphrase: str, *, now: Callable[[], float] = time.time) -> DataKey:
    """The data key. Raises WrongPassphrase, SlotsDamaged, DeskAway.

    After three wrong attempts each further one doubles the wait, up to five minutes, also across
    restarts; until it is over nothing is tried. Nothing is ever wiped.
    """
    known = _read(folder)
    wait_s = attempts.wait_s(folder.attempts, now())
    if wait_s > 0:
        raise WrongPassphrase("wait", wait_s=wait_s)
    key = slots.opened_by_passphrase(known, passphrase)
    if key is not None:
        attempts.forget(folder.attempts)
        return DataKey(key)
    raise WrongPassphrase(wait_s=attempts.note_failure(folder.attempts, now()))


def unlock_with_recovery(folder: DeskFolder, code: str) -> DataKey:
    """The data key. Raises RecoveryCodeMistyped, WrongRecoveryCode, SlotsDamaged, DeskAway.

    No delay: nobody guesses 128 bits.
    """
    secret = recovery.read(code)
    key = slots.opened_by_secret(_read(folder), secret)
    if key is None:
        raise WrongRecoveryCode
    attempts.forget(folder.attempts)
    return DataKey(key)


def change_passphrase(
    folder: DeskFolder, key: DataKey, passphrase: str, stretching: Stretching | None = None
) -> None:
    """From now on passphrase opens the desk and the former one does not.

    The former slots stay as slots.json.bak until the new ones were read back and open; then the
    copy becomes one of the new slots, or the former passphrase would open the desk for ever.
    """
    new = slots.by_passphrase(key, passphrase, stretching or Stretching())
    with _changing:
        _write(folder, [new, *(slot for slot in _read(folder) if not slots.is_by_passphrase(slot))])
    attempts.forget(folder.attempts)


def new_recovery_code() -> str:
    """A code that opens nothing yet: first it is put on paper, then taken."""
    return recovery.written(recovery.new_secret())


def take_recovery_code(folder: DeskFolder, key: DataKey, code: str) -> None:
    """From now on code opens the desk and the former one does not. Raises CannotWrite."""
    new = slots.by_secret(key, recovery.read(code))
    with _changing:
        _write(folder, [*(slot for slot in _read(folder) if slots.is_by_passphrase(slot)), new])


def restore_slots(folder: DeskFolder) -> None:
    """Put a sound copy of the slots in the place of a damaged slots.json. Raises SlotsDamaged."""
    copy = _sound_copy(folder)
    if copy is None:
        raise SlotsDamaged(path=str(folder.slots), copy="")
    write_whole(folder.slots, _content(copy))


def has_recovery(folder: DeskFolder) -> bool:
    """Whether a recovery code opens the desk. Raises SlotsDamaged."""
    return not all(map(slots.is_by_passphrase, _read(folder)))


def demo_passphrase(folder: DeskFolder) -> str | None:
    """The passphrase that a desk of invented people says openly; None: a desk of real people."""
    try:
        content = from_json(folder.demo.read_bytes())
    except (OSError, ValueError):
        return None
    phrase = content.get("passphrase") if isinstance(content, dict) else None
    return phrase if isinstance(phrase, str) else None


def mark_as_demo(folder: DeskFolder, passphrase: str) -> None:
    """Say the passphrase openly: the people in this desk are invented."""
    write_whole(folder.demo, as_json({"passphrase": passphrase}))


# --- files ----------------------------------------------------------------------------------------


def _write(folder: DeskFolder, now: list[Slot]) -> None:
    content = slots.written(now)
    if slots.read(_content(folder.slots)) is not None:
        write_whole(folder.slots_copy, _content(folder.slots))
    write_whole(folder.slots, content)
    if _content(folder.slots) != content:
        raise _damaged(folder)
    write_whole(folder.slots_copy, content)


def _read(folder: DeskFolder) -> list[Slot]:
    known = slots.read(_content(folder.slots))
    if known is not None:
        return known
    if not is_set_up(folder):
        raise DeskAway(folder=str(folder.path))
    copied = slots.read(_content(folder.slots_copy))
    if copied is None:
        _require_readable(folder)
    if copied is None or _lies(folder, folder.slots):
        raise _damaged(folder)
    with contextlib.suppress(CannotWrite):  # only the name is missing, as after a stick pulled out
        restore_slots(folder)
    return copied


def _sound_copy(folder: DeskFolder) -> Path | None:
    """The second copy of the slots, or else the one beside the newest copy of the store."""
    earlier = sorted(folder.copies.glob("*.slots.json"), reverse=True)
    places = (folder.slots_copy, *earlier)
    return next((path for path in places if slots.read(_content(path)) is not None), None)


def _damaged(folder: DeskFolder) -> SlotsDamaged:
    copy = _sound_copy(folder)
    reason = "" if copy in (None, folder.slots_copy) else "earlier"
    return SlotsDamaged(reason, path=str(folder.slots), copy=str(copy or ""))


def _require_readable(folder: DeskFolder) -> None:
    """What may not be read, or lies on a disk that fails, is not damaged. Raises DeskAway."""
    for path in (folder.slots, folder.slots_copy):
        try:
            path.read_bytes()
        except OSError as error:
            if is_silent(error) or isinstance(error, PermissionError):
                raise unanswered(error, folder) from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
