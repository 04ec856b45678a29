"""The hub's own tables: offices, their desks, and one log of operations for each office.

The hub passes operations on and never edits a record, so it knows no columns of members: a new field
of a desk changes nothing here (ADR 0008). The same for SQLite and PostgreSQL; what only the latter has,
partitions and row-level security, stands in hub.schema. The service and the operators' pages have
tables of their own, in the same metadata.
"""

from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
metadata = MetaData()

_Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows of INTEGER alone

# One row. keys: sync.keys.HubKeys, sealed where the database is not. incarnation: grows when the hub
# is put back from a copy (hub.restored). identity: of the database server that last held this.
hub = Table(
    "hub",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("keys", LargeBinary, nullable=False),
    Column("incarnation", Integer, nullable=False, default=1),
    Column("made_at", BigInteger, nullable=False),
    Column("identity", Text, nullable=False, server_default=""),
)

# A folder that the hub is served from, one on each computer, and how many bundles it handed out.
place = Table(
    "place",
    metadata,
    Column("uid", LargeBinary(16), primary_key=True),
    Column("handed_out", BigInteger, nullable=False),
)

# next_pos: position of the next operation; its row is locked to the end of each import, so that
# positions are in the order of commits. origin: under which the hub speaks to this office's desks.
# name_key: the name without case, by which it is found.
office = Table(
    "office",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("uid", LargeBinary(16), nullable=False, unique=True),
    Column("origin", LargeBinary(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("next_pos", BigInteger, nullable=False, default=1),
    Column("made_at", BigInteger, nullable=False),
    Column("name_key", Text, nullable=False, server_default=""),
    Index("office_code", "code", unique=True),
    Index("office_name_key", "name_key", unique=True),
)

# What offices are called, by name and by code, without case: a word means one of them.
office_word = Table(
    "office_word",
    metadata,
    Column("word", Text, primary_key=True),
    Column("office", BigInteger, nullable=False),
)

# used_by: the signing key that came with it first, and the only one that may. withdrawn_at: when it was
# taken back, nothing if it was not.
invitation = Table(
    "invitation",
    metadata,
    Column("uid", LargeBinary(16), primary_key=True),
    Column("office", BigInteger, nullable=False),
    Column("secret", LargeBinary(16), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_by", LargeBinary(32)),
    Column("withdrawn_at", BigInteger),
)

# number: within the office, from 1. heard_*: incarnation, number, vector (msgpack) and arrival of the
# desk's newest bundle. said_*: number of the last bundle for the desk and the vector it told.
# owes_answer: what the desk sent last is not confirmed to it yet. copies: what it, and
# each copy of it that is worked with, said last: hub.doubled.
desk = Table(
    "desk",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("office", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("signing", LargeBinary(32), nullable=False, unique=True),
    Column("receiving", Text, nullable=False),
    Column("invitation", LargeBinary(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("heard_incarnation", Integer, nullable=False, default=0),
    Column("heard_number", BigInteger, nullable=False, default=0),
    Column("heard_vector", LargeBinary, nullable=False),
    Column("heard_at", BigInteger, nullable=False, default=0),
    Column("said_number", BigInteger, nullable=False, default=0),
    Column("said_vector", LargeBinary, nullable=False),
    Column("said_at", BigInteger, nullable=False, default=0),
    Column("owes_answer", Boolean, nullable=False, default=False),
    Column("copies", LargeBinary),
    UniqueConstraint("office", "number"),
)

# A replica's incarnation belongs to the desk that first wrote under it.
origin = Table(
    "origin",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("uid", LargeBinary(16), nullable=False, unique=True),
    Column("office", BigInteger, nullable=False, index=True),
    Column("desk", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False, default=0),
)

# record, root: ids that travel. body: msgpack of {field number: value}, never looked into.
op = Table(
    "op",
    metadata,
    Column("office", BigInteger, nullable=False),
    Column("pos", BigInteger, nullable=False),
    Column("origin", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Column("record", LargeBinary(16), nullable=False),
    Column("kind", Integer, nullable=False),
    Column("root", LargeBinary(16), nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("group", BigInteger, nullable=False),
    Column("wall", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("office", "origin", "seq"),
    UniqueConstraint("office", "pos"),
    # Of requests alone, which lists of decisions name by their ids: a few of all operations.
    Index(
        "op_request",
        "office",
        "record",
        sqlite_where=text("kind = 5"),
        postgresql_where=text("kind = 5"),
    ),
    sqlite_with_rowid=False,
    postgresql_partition_by="HASH (office)",
)

# From operation seq on, the author had seen seen_origin up to hi.
context = Table(
    "context",
    metadata,
    Column("office", BigInteger, nullable=False),
    Column("origin", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("seen_origin", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    PrimaryKeyConstraint("office", "origin", "seq", "seen_origin"),
    sqlite_with_rowid=False,
    postgresql_partition_by="HASH (office)",
)

# Each root belongs to one office: nobody else may write below it. Partitioned by itself, because it
# must be the only one in all offices.
root = Table(
    "root",
    metadata,
    Column("uid", LargeBinary(16), primary_key=True),
    Column("office", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    postgresql_partition_by="HASH (uid)",
)

# state: waiting, held, held-forked or held-letter (sealed in bundle_piece), let-go, applied.
bundle_in = Table(
    "bundle_in",
    metadata,
    Column("uid", LargeBinary(16), primary_key=True),
    Column("desk", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("operations", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Index(
        "bundle_in_waiting",
        "desk",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

# A bundle that waits, as it came, in pieces: whichever computer takes in the one it waits for.
bundle_piece = Table(
    "bundle_piece",
    metadata,
    Column("uid", LargeBinary(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("uid", "number"),
)

bundle_out = Table(
    "bundle_out",
    metadata,
    Column("uid", LargeBinary(16), primary_key=True),
    Column("desk", BigInteger, nullable=False, index=True),
    Column("number", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("operations", BigInteger, nullable=False),
)

# What was done to the hub and by whom, written with it. office: its code, or nothing. desk: its number
# in the office, or 0. details: JSON, nothing personal.
audit = Table(
    "audit",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("what", String(32), nullable=False),
    Column("office", Text, nullable=False),
    Column("desk", Integer, nullable=False),
    Column("details", Text, nullable=False),
)

# Where desks reach this hub over the network. One row. certificate: DER of the only authority that
# desks are to believe; empty: the system's.
address = Table(
    "address",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
)

# A file that was not taken in. key: bundle id, or made from its name. name: of the file, as it came.
# desk: 0 where nothing that can be believed says whose it is.
refused_bundle = Table(
    "refused_bundle",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("desk", BigInteger, nullable=False, index=True),
    Column("times", Integer, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)
