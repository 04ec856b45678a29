"""A desk is made apart and put in its place whole: there is one or there is none, never a half."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from correspondent_desk.disk import sync_folder, take_place
from correspondent_desk.store import lock
from correspondent_desk.store.files import refusal, saying_of_disk
from correspondent_desk.store.vault import AlreadySetUp, DeskFolder, is_set_up, require_free


@contextmanager
def made_apart(folder: DeskFolder) -> Iterator[DeskFolder]:
    """Where to make the desk; at the end it takes its place in folder, which is held meanwhile.

    If anything fails, the program is killed or the disk is gone, there is no desk in folder.
    Raises AlreadySetUp, DeskAway, DiskRefused, AlreadyOpen, CannotWrite.
    """
    apart = folder.making
    if is_set_up(folder):
        raise AlreadySetUp(folder=str(folder.path))
    held = lock.acquire(folder)
    try:
        with saying_of_disk():
            if not is_set_up(folder) and folder.store.exists() and is_set_up(apart):
                _put_in_place(apart, folder)  # a program was killed just then
        _clear(apart)
        require_free(folder)
        try:
            with saying_of_disk():
                yield apart
        except BaseException:
            _clear(apart)
            raise
        try:
            _put_in_place(apart, folder)
        except BaseException:
            _take_back(folder, apart)
            raise
        _clear(apart)
    finally:
        lock.release(folder, held)


def logs(desk: DeskFolder) -> tuple[Path, ...]:
    """What the engine has not put into the store yet, and the index of it."""
    return tuple(desk.store.with_name(f"{desk.store.name}-{log}") for log in ("wal", "shm"))


def _put_in_place(apart: DeskFolder, folder: DeskFolder) -> None:
    """Rename all files of the desk; those that say that there is a desk come last."""
    try:
        if apart.store.exists():
            _clear_way(folder)
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


def _clear_way(folder: DeskFolder) -> None:
    """What a desk that is gone left would be taken for the new one's.

    Its log would damage the store beside it, and is set aside: there may be work in it.
    """
    for log in logs(folder):
        if log.exists():
            take_place(log, log.with_name(f"{log.name}.left"))
    for said in (folder.demo, folder.sidecar):
        said.unlink(missing_ok=True)


def _take_back(folder: DeskFolder, apart: DeskFolder) -> None:
    """No desk is in folder after all; what cannot be reached now is finished by the next try."""
    for placed in (folder.slots, folder.slots_copy, folder.store, folder.sidecar, folder.demo):
        with suppress(OSError):
            placed.unlink(missing_ok=True)
    _clear(apart)


def _clear(apart: DeskFolder) -> None:
    """Remove a desk that is being made, and nothing that somebody else may have put there."""
    ours = (apart.slots, apart.slots_copy, apart.store, apart.sidecar, apart.demo, apart.attempts)
    with suppress(OSError):
        for path in (*ours, apart.lock, apart.holder, *logs(apart)):
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.part").unlink(missing_ok=True)
        apart.path.rmdir()
