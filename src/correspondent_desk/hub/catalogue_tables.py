"""Tables of the published catalogue, in the metadata of hub.tables."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from correspondent_desk.hub.tables import metadata

# What was published, as it was written. by: who did it, nothing if unknown.
catalogue = Table(
    "catalogue",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("text", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
)

# Which version each desk said that it has.
catalogue_known = Table(
    "catalogue_known",
    metadata,
    Column("desk", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)
