"""What the hub is called, and its private keys, which its database keeps sealed."""

from functools import lru_cache

from sqlalchemy import Connection, select, update

from correspondent_desk.hub import sealing, tables
from correspondent_desk.hub.database import Hub, seal_of
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync.keys import HubKeys


def keys(connection: Connection) -> HubKeys:
    """The hub's private keys. Raises HubKeyWrong."""
    return keys_in(connection, connection.execute(select(tables.hub.c["keys"])).scalar_one())


def keys_in(connection: Connection, kept: bytes) -> HubKeys:
    """The private keys out of the column that keeps them. Raises HubKeyWrong."""
    return _opened(seal_of(connection), bytes(kept))


def keep_keys(connection: Connection, changed: HubKeys) -> None:
    """Other private keys from now on."""
    sealed = sealing.seal(seal_of(connection), changed.to_bytes())
    connection.execute(update(tables.hub).values(keys=sealed))


@lru_cache(4)
def _opened(seal: bytes | None, kept: bytes) -> HubKeys:
    """They are the same for a month, and each request asks for them."""
    return HubKeys.from_bytes(sealing.unseal(seal, kept))


def name(connection: Connection) -> str:
    """What the hub is called."""
    return str(connection.execute(select(tables.hub.c.name)).scalar_one())


def rotate(hub: Hub) -> None:
    """Take new receiving keys when it is time; who serves for long does this once a day."""
    with hub.transaction() as connection:
        found = select(tables.hub.c.id).with_for_update()
        connection.execute(found)
        now: HubKeys = keys(connection)
        rotated = now.rotated(as_time(hub.now_ms()))
        if rotated != now:
            keep_keys(connection, rotated)
