"""Tables of the erasure ledger and of the signed directory, in the metadata of hub.tables."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from correspondent_desk.hub.tables import metadata


class State(StrEnum):
    """What became of an office's wish."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


_Key = BigInteger().with_variant(Integer, "sqlite")

# The ledger of each office: what was erased for good. version: grows within an office. digest:
# store.erasing.digest_of the record. The same lines stand in the folder's erasures.ledger.
erasure = Table(
    "erasure",
    metadata,
    Column("office", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("is_root", Boolean, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("office", "version"),
    UniqueConstraint("office", "digest"),
)

# What offices asked for. root: the id that travels, nothing once it was decided. state: asked,
# confirmed, declined. desk: its number in the office. person: who worked there. reason: what the
# office is told when it was declined.
erasure_request = Table(
    "erasure_request",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("office", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("root", LargeBinary(16)),
    Column("desk", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_at", BigInteger, nullable=False, default=0),
    Column("decided_by", Text, nullable=False, default=""),
    Column("reason", Text),
    Index("erasure_request_digest", "office", "digest", unique=True),
)

# What the root key signed: sync.directory.
directory = Table(
    "directory",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("signed", LargeBinary, nullable=False),
)

# How far each desk said that it carried out its office's ledger.
erasure_done = Table(
    "erasure_done",
    metadata,
    Column("desk", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
