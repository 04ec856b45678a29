"""Where desks reach this hub over the network, as its invitations tell them."""

from sqlalchemy import Connection, delete, insert

from correspondent_desk.hub import schema
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.tables import address
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync.online.addresses import Address


def keep(hub: Hub, told: Address) -> None:
    """Tell this address in invitations from now on."""
    with hub.transaction() as connection:
        schema.lock(connection)
        connection.execute(delete(address))
        connection.execute(insert(address).values(id=1, url=told.url, certificate=told.certificate))


def find(connection: Connection) -> Address | None:
    """What invitations and bundles tell; None if this hub is not on a network."""
    row = _FOUND.ask(connection).one_or_none()
    return None if row is None else Address(row.url, row.certificate)


_FOUND = Wording("SELECT url, certificate FROM address")
