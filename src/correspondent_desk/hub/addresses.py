"""Where desks reach this hub over the network, as its invitations tell them."""

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
)

from correspondent_desk.hub import schema
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.tables import metadata
from correspondent_desk.sync.online.addresses import Address

# One row. certificate: DER of the only authority that desks are to believe; empty: the system's.
address = Table(
    "address",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
)


def keep(hub: Hub, told: Address) -> None:
    """Tell this address in invitations from now on."""
    with hub.transaction() as connection:
        schema.lock(connection)
        address.create(connection, checkfirst=True)
        connection.execute(delete(address))
        connection.execute(insert(address).values(id=1, url=told.url, certificate=told.certificate))


def find(connection: Connection) -> Address | None:
    """What invitations tell; None if this hub is not on a network."""
    if not inspect(connection).has_table(address.name):  # made when it is first needed
        return None
    row = connection.execute(select(address)).one_or_none()
    return None if row is None else Address(row.url, row.certificate)
