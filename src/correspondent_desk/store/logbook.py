"""Mapped classes of all that is no record: history, who is exchanged with and what, this desk's own notes.

They are the shape of a new store; the modules beside this one speak to these tables in SQL, most of
them without SQLAlchemy.
"""

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from correspondent_desk.store.column_types import Base


class ActionLog(Base):
    """One user action: one transaction, one undo step.

    code: domain.actions.Action; subject: record it is about (root of its first operation);
    number: its id on the desk that did it; origin: that desk, see Origin.mine;
    undoes: the action this one takes back; undone_by: the action that took this one back.
    first, last: its operations, by number of their origin; an index on history's action would cost
    every import a tenth of its time.
    """

    __tablename__ = "action"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int]  # wall clock, milliseconds since 1970 UTC
    person: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    subject: Mapped[int | None]
    records: Mapped[int] = mapped_column(default=0)
    undoes: Mapped[int | None]
    undone_by: Mapped[int | None]
    origin: Mapped[int]
    number: Mapped[int]
    first: Mapped[int] = mapped_column(default=0)
    last: Mapped[int] = mapped_column(default=0)


class History(Base):
    """One operation: one save of one record. body and before: msgpack of {field number: value}.

    before: None where the record was new here; else what the author of the operation replaced. Where
    several values stood here, or others than the author knew, all of them stand under minus the
    field's number as a list, the shown one first: undo writes them again.
    """

    __tablename__ = "history"
    origin: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[int] = mapped_column(index=True)
    stamp: Mapped[int]  # hybrid clock, domain.clock
    action: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    before: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Origin(Base):
    """A replica's incarnation. hi: operations known without a gap; floor: the log starts after it.

    stamp: the highest of its operations; the highest of all rows is this store's clock.
    noted: the hi that stands in `context` for the operations written here.
    mine: 1: this store, now (the highest id) or before it was restored from a copy; 2: one of its
    voices, see store.voices.
    """

    __tablename__ = "origin"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    name: Mapped[str] = mapped_column(Text, default="")
    hi: Mapped[int] = mapped_column(default=0)
    floor: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[int] = mapped_column(default=0)
    noted: Mapped[int] = mapped_column(default=0)
    mine: Mapped[bool] = mapped_column(default=False)


class Sibling(Base):
    """A value written at the same time as the shown one; normally none."""

    __tablename__ = "sibling"
    record: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    stamp: Mapped[int]
    value: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Extra(Base):
    """A field that this version does not know, kept for newer ones."""

    __tablename__ = "extra"
    record: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Context(Base):
    """From operation seq on, origin had seen the operations of seen_origin up to hi."""

    __tablename__ = "context"
    origin: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    seen_origin: Mapped[int] = mapped_column(primary_key=True)
    hi: Mapped[int]

    __table_args__ = {"sqlite_with_rowid": False}


class Inbox(Base):
    """A bundle received. state: waiting, applied, refused. report: JSON of counts."""

    __tablename__ = "inbox"
    bundle: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    number: Mapped[int]
    sender: Mapped[str] = mapped_column(Text)
    received_at: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[int | None]


class Outbox(Base):
    """A bundle made here. state: prepared, handed-over, acknowledged, refused."""

    __tablename__ = "outbox"
    number: Mapped[int] = mapped_column(primary_key=True)
    bundle: Mapped[bytes] = mapped_column(LargeBinary(16))
    made_at: Mapped[int]
    up_to: Mapped[int]  # own operations covered
    operations: Mapped[int]
    state: Mapped[str] = mapped_column(Text, default="prepared")


class Letter(Base):
    """Operations as they were signed, kept for other desks: see sync.letters.

    sender: the key that signed them. covers: msgpack of {origin: up to which operation}. size: of the
    operations, compressed.
    """

    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(primary_key=True)
    bundle: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    sender: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_at: Mapped[int]
    covers: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Peer(Base):
    """Another desk with which this one exchanges without the hub.

    vector, erasure, receiving: what it said last that it has, has erased, and where it receives.
    number, said: of the last bundle for it, the count and the vector it told.
    """

    __tablename__ = "peer"
    signing: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    erasure: Mapped[int] = mapped_column(default=0)
    receiving: Mapped[str] = mapped_column(Text, default="")
    heard_at: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    said: Mapped[bytes] = mapped_column(LargeBinary)
    said_at: Mapped[int] = mapped_column(default=0)

    __table_args__ = {"sqlite_with_rowid": False}


class Speaker(Base):
    """Which desk first wrote under an origin that the hub's list does not name yet."""

    __tablename__ = "speaker"
    origin: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    signing: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = {"sqlite_with_rowid": False}


# --- this desk only -------------------------------------------------------------------------------


class Setting(Base):
    """Small facts of this store: who works here, keys, the clock, the hub. Values are msgpack."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = {"sqlite_with_rowid": False}


class Draft(Base):
    """What somebody was typing in a form that is not saved yet."""

    __tablename__ = "draft"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[int]

    __table_args__ = {"sqlite_with_rowid": False}
