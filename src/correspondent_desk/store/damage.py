"""Telling of a damaged store, for those who have no time to load what looks after copies."""

from collections.abc import Iterator
from contextlib import contextmanager

from correspondent_desk.store.connection import StoreDamaged
from correspondent_desk.store.vault import DeskFolder


@contextmanager
def naming_copies(folder: DeskFolder) -> Iterator[None]:
    """A damaged store is told of together with the copies there are."""
    try:
        yield
    except StoreDamaged as error:
        from correspondent_desk.store import backup

        raise backup.with_copies(error, folder) from error
