"""Tables of the operators' pages, in the hub's own database: any process may answer anybody.

They use the metadata of hub.tables and no more: hub.schema creates them with the rest.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from correspondent_desk.hub.tables import metadata

_Key = BigInteger().with_variant(Integer, "sqlite")

# name_key: the name as it is compared. password: pages.passwords. must_change: somebody else has seen
# the password. blocked_at: 0 while the account may sign in.
account = Table(
    "account",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("signed_in_at", BigInteger, nullable=False, default=0),
    Column("blocked_at", BigInteger, nullable=False, default=0),
)

# id: SHA-256 of what the browser holds, so that a copy of the database opens nothing.
account_session = Table(
    "account_session",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("account", BigInteger, nullable=False, index=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

# key: SHA-256 of a name or an address. failures: attempts since the last one that was right.
attempt = Table(
    "attempt",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)
