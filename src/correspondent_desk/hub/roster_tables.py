"""The list of each office's desks as its desks were told it, in the metadata of hub.tables."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from correspondent_desk.hub.tables import metadata

# signed: sync.roster, the newest. version: it only grows, also when the hub is put back from a copy.
roster = Table(
    "roster",
    metadata,
    Column("office", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("signed", LargeBinary, nullable=False),
)
