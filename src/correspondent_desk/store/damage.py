"""Telling of a store that is damaged or gone, for those who have no time to load what looks after copies."""

from collections.abc import Iterator
from contextlib import contextmanager

from correspondent_desk.store.connection import NoStore, StoreDamaged
from correspondent_desk.store.vault import DeskFolder


@contextmanager
def naming_copies(folder: DeskFolder) -> Iterator[None]:
    """A store that is damaged or gone is told of together with the copies there are."""
    try:
        yield
    except (StoreDamaged, NoStore) as error:
        from correspondent_desk.store import backup

        raise backup.with_copies(error, folder) from error
