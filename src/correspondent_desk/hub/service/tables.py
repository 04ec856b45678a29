"""Tables of the service, in the hub's own database, so that any process may go on with anything.

They use the metadata of hub.tables and no more: hub.schema creates them with the rest.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from correspondent_desk.hub.tables import metadata

# Nonces that were used and could be sent again: until they expire.
spent_nonce = Table(
    "spent_nonce",
    metadata,
    Column("nonce", LargeBinary(16), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# state, fate: sync.online.wire. received: bytes that came. claimed_at: a process takes it in since.
upload = Table(
    "upload",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("desk", BigInteger, nullable=False, index=True),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, default=0),
    Column("state", String(16), nullable=False, index=True),
    Column("touched_at", BigInteger, nullable=False),
    Column("claimed_at", BigInteger, nullable=False, default=0),
    Column("fate", String(16), nullable=False, default=""),
    Column("operations", BigInteger, nullable=False, default=0),
    Column("code", Text, nullable=False, default=""),
)

upload_part = Table(
    "upload_part",
    metadata,
    Column("upload", LargeBinary(16), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("upload", "first"),
)

# The last bundle that a desk fetched, kept so that it may go on after a cut. vector: what it told.
parcel = Table(
    "parcel",
    metadata,
    Column("desk", BigInteger, primary_key=True, autoincrement=False),
    Column("bundle", LargeBinary(16), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("have", LargeBinary, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

parcel_part = Table(
    "parcel_part",
    metadata,
    Column("bundle", LargeBinary(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("bundle", "number"),
)
