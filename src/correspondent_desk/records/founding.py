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


def found(
    folder: DeskFolder,
    passphrase: str,
    first_step: Callable[[Database], T],
    *,
    sheet_follows: bool = False,
) -> Founded[T]:
    """A new desk in folder, after first_step, which is given the store where it is being made.

    sheet_follows: the recovery code counts once the store is told to take it. If anything fails, or
    the program is killed, there is no desk in folder. Raises as placing.made_apart, and what
    first_step raises.
    """
    with made_apart(folder) as apart:
        key, recovery_code = create_vault(apart, passphrase, sheet_follows=sheet_follows)
        result = _first(apart, key, first_step)
    return Founded(open_store(folder, key), recovery_code, result)


def _first(apart: DeskFolder, key: DataKey, first_step: Callable[[Database], T]) -> T:
    store = open_store(apart, key)
    try:
        result = first_step(store)
    finally:
        store.close()
    # The engine says nothing if it finds no room to put its log into the file, and the log stays here.
    if any(log.exists() and log.stat().st_size for log in logs(apart)):
        raise CannotWrite("full", path=str(apart.store))
    return result


def found_office(
    folder: DeskFolder,
    passphrase: str,
    name: str,
    sites: Sequence[SiteDraft],
    person: str,
    *,
    sheet_follows: bool = False,
) -> Founded[None]:
    """A new desk for an office with its sites, at which person works. Raises as found."""

    def first_step(store: Database) -> None:
        store.person = person
        store.do(Action.OFFICE_SET_UP, lambda s: office.set_up(s, name, "", sites, person))

    made = found(folder, passphrase, first_step, sheet_follows=sheet_follows)
    made.store.person = person
    return made
