"""Verified copies of the store, and putting one back.

A copy is made by the engine itself while work goes on, stays encrypted with the same key, is read
through before it gets its name, and has the slots beside it, so that it opens on another computer.
"""

import filecmp
import os
import re
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from pathlib import Path

from correspondent_desk.disk import sync_folder, take_place
from correspondent_desk.errors import DeskError
from correspondent_desk.store import connection as driver
from correspondent_desk.store import lock
from correspondent_desk.store.connection import NoStore, Role, StoreDamaged
from correspondent_desk.store.files import CannotWrite, refusal, saying_of_disk
from correspondent_desk.store.vault import DataKey, DeskAway, DeskFolder, unanswered

KEPT = 5
_NAME = re.compile(r"(\d{8}-\d{6})(?:-(\d+))?-([a-z-]+)\.db")  # when, which of that second, why
_STAMP = "%Y%m%d-%H%M%S"


class Why(StrEnum):
    """What a copy was made for; those made by themselves are kept in rotation."""

    ASKED = "asked"
    MIGRATION = "before-migration"
    IMPORT = "before-import"
    RESTORE = "before-restore"


_WHYS = frozenset(why.value for why in Why)


class CopyMissing(DeskError):
    """There is no such copy (details: path). reason: "not-a-file", but something else is there."""

    code = "copy-missing"


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A verified copy: where, of when (local time), why, how many bytes."""

    path: Path
    made_at: datetime
    why: Why
    size: int


def copies(folder: DeskFolder) -> list[CopyRow]:
    """All copies, newest first. Raises DeskAway where nobody can tell."""
    found = []
    try:
        for path in folder.copies.iterdir():
            named = _NAME.fullmatch(path.name)
            if named and named[3] in _WHYS:
                with suppress(FileNotFoundError):  # a newer one took its turn just now
                    row = CopyRow(path, _made_at(named), Why(named[3]), path.stat().st_size)
                    found.append((row.made_at, int(named[2] or 1), path.name, row))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unanswered(error, folder) from error
    return [row for *_order, row in sorted(found, reverse=True, key=itemgetter(0, 1, 2))]


def require_file(copy: Path) -> None:
    """Raises CopyMissing, DiskRefused."""
    with saying_of_disk():
        if not copy.is_file():
            raise CopyMissing("not-a-file" if copy.exists() else "", path=str(copy))


def found_at(path: Path) -> CopyRow:
    """A copy that lies elsewhere, as on a stick. Raises CopyMissing."""
    require_file(path)
    facts = path.stat()
    named = _NAME.fullmatch(path.name)
    if named and named[3] in _WHYS:
        return CopyRow(path, _made_at(named), Why(named[3]), facts.st_size)
    changed_at = datetime.fromtimestamp(facts.st_mtime).replace(microsecond=0)  # noqa: DTZ006 - local
    return CopyRow(path, changed_at, Why.ASKED, facts.st_size)


def _made_at(named: re.Match[str]) -> datetime:
    return datetime.strptime(named[1], _STAMP)  # noqa: DTZ007 - local, as people read


def with_copies(error: StoreDamaged | NoStore, folder: DeskFolder) -> StoreDamaged | NoStore:
    """The same, with the copies that can be seen."""
    found: tuple[CopyRow, ...] = ()
    with suppress(DeskAway):
        found = tuple(copies(folder))
    return type(error)(error.reason, **{**error.details, "copies": found})


def make(folder: DeskFolder, key: DataKey, why: Why, now: datetime) -> CopyRow:
    """A copy of the store as it is; now is local time.

    Raises CannotWrite (also beforehand, if the disk has no room), StoreDamaged, StoreBusy, NoStore.
    """
    with saying_of_disk():
        path = _free_name(folder, why, now)
    part = path.with_suffix(".part")
    try:
        folder.copies.mkdir(parents=True, exist_ok=True)
        _require_room(folder)
        part.unlink(missing_ok=True)
        _copy(folder, key, part)
        verify(part, key)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        shutil.copyfile(folder.slots, path.with_suffix(".slots.json"))
        take_place(part, path)
        sync_folder(folder.copies)
    except OSError as error:
        raise refusal(error, folder.copies) from error
    finally:
        for left in (part, *_logs(part)):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    _rotate(folder, why)
    with saying_of_disk():
        return CopyRow(path, now.replace(microsecond=0), why, path.stat().st_size)


def verify(path: Path, key: DataKey) -> None:
    """Read the whole file at path. Raises StoreDamaged, StoreTooNew."""
    with closing(driver.connect(path, key, Role.CHECKER)) as connection, driver.refusing(path):
        driver.check_version(connection)
        found = driver.findings(connection)
    if found:
        raise StoreDamaged(path=str(path), findings=found, copies=())


def hand_out(copy: Path, place: Path) -> Path:
    """The same copy and its slots in place, as on a stick, read again; where it lies there.

    Raises CopyMissing, CannotWrite (there-already, also for the folder that it came from).
    """
    require_file(copy)
    target = place / copy.name
    with saying_of_disk():
        if target.exists() and not filecmp.cmp(copy, target, shallow=False):
            raise CannotWrite("there-already", path=str(target))
        for source in (copy, copy.with_suffix(".slots.json")):
            if not (place / source.name).exists():
                _handed_out(source, place / source.name)
    return target


def _handed_out(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.copyfile(source, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        if not filecmp.cmp(source, part, shallow=False):
            raise CannotWrite("failed", path=str(target))
        take_place(part, target)
        sync_folder(target.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise refusal(error, target) from error


def restore(folder: DeskFolder, key: DataKey, copy: Path, now: datetime) -> None:
    """Put copy in the place of the store, which is kept aside first, damaged or not.

    From its next opening the store writes under a new name (see store.origins).
    Raises AlreadyOpen, CopyMissing, StoreDamaged (copy), StoreTooNew, CannotWrite.
    """
    from correspondent_desk.store import origins

    require_file(copy)
    held = lock.acquire(folder)
    try:
        try:
            verify(copy, key)
        except StoreDamaged as error:
            raise StoreDamaged("copy", **error.details) from error
        with saying_of_disk():
            _put_aside(folder, key, now)
        part = folder.store.with_suffix(".part")
        try:
            shutil.copyfile(copy, part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            # A log left by the damaged store would be replayed into the copy.
            for left in _logs(folder.store):
                left.unlink(missing_ok=True)
            origins.note_restored(folder)
            take_place(part, folder.store)
            sync_folder(folder.path)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise refusal(error, folder.store) from error
    finally:
        lock.release(folder, held)


def _copy(folder: DeskFolder, key: DataKey, part: Path) -> None:
    store = folder.store
    with closing(driver.connect(store, key, Role.COPIER)) as connection, driver.refusing(store):
        connection.execute("VACUUM INTO ?", (str(part),))


def _put_aside(folder: DeskFolder, key: DataKey, now: datetime) -> None:
    if not folder.store.exists():
        return
    try:
        make(folder, key, Why.RESTORE, now)
    except StoreDamaged:
        aside = folder.store.with_name(f"{now.strftime(_STAMP)}-damaged.db")
        try:
            for source in (folder.store, *_logs(folder.store)):
                if source.exists():
                    target = source.name.replace(folder.store.name, aside.name)
                    shutil.copyfile(source, source.with_name(target))
        except OSError as error:
            raise refusal(error, aside) from error


def _logs(store: Path) -> tuple[Path, Path]:
    return store.with_name(f"{store.name}-wal"), store.with_name(f"{store.name}-shm")


def _free_name(folder: DeskFolder, why: Why, now: datetime) -> Path:
    stamp = now.strftime(_STAMP)
    others = (_NAME.fullmatch(one.name) for one in folder.copies.glob(f"{stamp}-*.db"))
    number = max((int(named[2] or 1) for named in others if named), default=0) + 1
    return (
        folder.copies / f"{stamp}-{why}.db"
        if number == 1
        else folder.copies / f"{stamp}-{number}-{why}.db"
    )


def _require_room(folder: DeskFolder) -> None:
    size = sum(
        path.stat().st_size for path in (folder.store, *_logs(folder.store)) if path.exists()
    )
    if shutil.disk_usage(folder.copies).free < size * 1.1:
        raise CannotWrite("full", path=str(folder.copies))


def _rotate(folder: DeskFolder, why: Why) -> None:
    if why is Why.ASKED:
        return
    with suppress(DeskAway):
        for old in [one for one in copies(folder) if one.why is why][KEPT:]:
            _remove(old.path)


def _remove(copy: Path) -> None:
    with suppress(OSError):  # somebody has it open: the next time, then
        copy.unlink(missing_ok=True)
        copy.with_suffix(".slots.json").unlink(missing_ok=True)
