"""Making a desk: keys, store and first step, or nothing of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.records import office
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.vault import DeskFolder, create_vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Founded(Generic[T]):
    """A desk that was just made, open. result: what its first step gave."""

    store: Database
    recovery_code: str
    result: T


def found(folder: DeskFolder, passphrase: str, first_step: Callable[[Database], T]) -> Founded[T]:
    """A new desk in folder, after first_step. If that fails, nothing is left of the desk.

    Raises AlreadySetUp, AlreadyOpen, CannotWrite, and what first_step raises.
    """
    key, recovery_code = create_vault(folder, passphrase)
    # From here on all files in the folder are ours: it held no desk.
    try:
        store = open_store(folder, key)
        try:
            result = first_step(store)
        except BaseException:
            store.close()
            raise
    except BaseException:
        _take_back(folder)
        raise
    return Founded(store, recovery_code, result)


def found_office(
    folder: DeskFolder, passphrase: str, name: str, sites: Sequence[SiteDraft], person: str
) -> Founded[None]:
    """A new desk for an office with its sites, at which person works. Raises as found."""

    def first_step(store: Database) -> None:
        store.person = person
        store.do(Action.OFFICE_SET_UP, lambda s: office.set_up(s, name, "", sites, person))

    return found(folder, passphrase, first_step)


def _take_back(folder: DeskFolder) -> None:
    logs = (folder.store.with_name(f"{folder.store.name}-{log}") for log in ("wal", "shm"))
    for path in (folder.slots, folder.slots_copy, folder.store, folder.sidecar, folder.demo, *logs):
        path.unlink(missing_ok=True)
