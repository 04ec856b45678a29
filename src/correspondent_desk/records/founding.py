"""Making a desk: keys, store and first step, or nothing of them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from correspondent_desk.disk import sync_folder, take_place
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.records import office
from correspondent_desk.store import lock
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite, refusal
from correspondent_desk.store.vault import (
    AlreadySetUp,
    DataKey,
    DeskFolder,
    create_vault,
    is_set_up,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Founded(Generic[T]):
    """A desk that was just made, open. result: what its first step gave."""

    store: Database
    recovery_code: str
    result: T


def found(folder: DeskFolder, passphrase: str, first_step: Callable[[Database], T]) -> Founded[T]:
    """A new desk in folder, after first_step, which is given the store where it is being made.

    It is made apart and put in its place when it is whole: if anything fails, or the program is
    killed, there is no desk in folder.
    Raises AlreadySetUp, AlreadyOpen, CannotWrite, and what first_step raises.
    """
    apart = DeskFolder(folder.path / "making")
    held = lock.acquire(folder)
    try:
        if not is_set_up(folder) and folder.store.exists() and is_set_up(apart):
            _put_in_place(apart, folder)  # a program was killed just then
        _clear(apart)
        if is_set_up(folder) or folder.store.exists():
            raise AlreadySetUp(folder=str(folder.path))
        try:
            made = _made(apart, passphrase, first_step)
            _put_in_place(apart, folder)
        finally:
            _clear(apart)
    finally:
        lock.release(folder, held)
    return Founded(open_store(folder, made.key), made.recovery_code, made.result)


@dataclass(frozen=True, slots=True)
class _Made(Generic[T]):
    key: DataKey
    recovery_code: str
    result: T


def _made(apart: DeskFolder, passphrase: str, first_step: Callable[[Database], T]) -> _Made[T]:
    key, recovery_code = create_vault(apart, passphrase)
    store = open_store(apart, key)
    try:
        result = first_step(store)
    finally:
        store.close()
    # The engine says nothing if it finds no room to put its log into the file, and the log stays here.
    if any(log.exists() and log.stat().st_size for log in _logs(apart)):
        raise CannotWrite("full", path=str(apart.store))
    return _Made(key, recovery_code, result)


def found_office(
    folder: DeskFolder, passphrase: str, name: str, sites: Sequence[SiteDraft], person: str
) -> Founded[None]:
    """A new desk for an office with its sites, at which person works. Raises as found."""

    def first_step(store: Database) -> None:
        store.person = person
        store.do(Action.OFFICE_SET_UP, lambda s: office.set_up(s, name, "", sites, person))

    made = found(folder, passphrase, first_step)
    made.store.person = person
    return made


def _put_in_place(apart: DeskFolder, folder: DeskFolder) -> None:
    """Rename all files of the desk; those that say that there is a desk come last."""
    try:
        for made, place in (
            (apart.demo, folder.demo),
            (apart.sidecar, folder.sidecar),
            (apart.store, folder.store),
            (apart.slots_copy, folder.slots_copy),
            (apart.slots, folder.slots),
        ):
            if made.exists():
                take_place(made, place)
        sync_folder(folder.path)
    except OSError as error:
        raise refusal(error, folder.path) from error


def _clear(apart: DeskFolder) -> None:
    """Remove a desk that is being made, and nothing that somebody else may have put there."""
    ours = (apart.slots, apart.slots_copy, apart.store, apart.sidecar, apart.demo)
    with suppress(OSError):
        for path in (*ours, apart.lock, apart.holder, *_logs(apart)):
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.part").unlink(missing_ok=True)
        apart.path.rmdir()


def _logs(desk: DeskFolder) -> tuple[Path, ...]:
    return tuple(desk.store.with_name(f"{desk.store.name}-{log}") for log in ("wal", "shm"))
