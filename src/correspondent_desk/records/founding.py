"""Making a desk: keys, store and first step, or nothing of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft
from correspondent_desk.records import office
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.placing import logs, made_apart
from correspondent_desk.store.vault import DataKey, DeskFolder, create_vault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Founded(Generic[T]):
    """A desk that was just made, open. result: what its first step gave."""

    store: Database
    recovery_code: str
    result: T


def found(folder: DeskFolder, passphrase: str, first_step: Callable[[Database], T]) -> Founded[T]:
    """A new desk in folder, after first_step, which is given the store where it is being made.

    If anything fails, or the program is killed, there is no desk in folder.
    Raises as placing.made_apart, and what first_step raises.
    """
    with made_apart(folder) as apart:
        made = _made(apart, passphrase, first_step)
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
    if any(log.exists() and log.stat().st_size for log in logs(apart)):
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
