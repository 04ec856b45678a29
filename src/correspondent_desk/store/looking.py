"""A connection to look only, as a search from a fresh process opens one: light to import."""

from typing import TYPE_CHECKING

from correspondent_desk.store import connection as driver
from correspondent_desk.store.connection import VERSION, Role
from correspondent_desk.store.damage import naming_copies
from correspondent_desk.store.vault import DataKey, DeskFolder

if TYPE_CHECKING:
    from sqlite3 import Connection


def connect(folder: DeskFolder, key: DataKey) -> "Connection":
    """To the store of the desk in folder, also while another program has it open to write.

    One of an older version is brought up first. Raises NoStore, StoreTooNew, StoreDamaged, StoreBusy;
    of an older one as opened.take.
    """
    with naming_copies(folder):
        found, connection = _connected(folder, key)
        if found < VERSION:
            connection.close()
            _bring_up(folder, key)
            _, connection = _connected(folder, key)
    return connection


def _connected(folder: DeskFolder, key: DataKey) -> "tuple[int, Connection]":
    connection = driver.connect(folder.store, key, Role.READER)
    try:
        return driver.check_version(connection), connection
    except BaseException:
        connection.close()
        raise


def _bring_up(folder: DeskFolder, key: DataKey) -> None:
    from correspondent_desk.store import lock, opened

    held, writer = opened.take(folder, key, opened.this_computers_ms)
    writer.close()
    lock.release(folder, held)
