"""Tables that say where each office's log begins, in the metadata of hub.tables."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table

from correspondent_desk.hub.tables import metadata

# At this time (ms) the office's next operation was to have this position: what is below is older.
# One line a day at most; it is this hub's clock, because those of desks may be wrong.
log_reach = Table(
    "log_reach",
    metadata,
    Column("office", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("pos", BigInteger, nullable=False),
    PrimaryKeyConstraint("office", "at"),
)

# Below this position, what was replaced there is gone from the office's log.
log_start = Table(
    "log_start",
    metadata,
    Column("office", BigInteger, nullable=False, primary_key=True, autoincrement=False),
    Column("pos", BigInteger, nullable=False),
)

# Of this origin, operations up to hi may be gone: who has seen less gets a snapshot.
log_floor = Table(
    "log_floor",
    metadata,
    Column("origin", BigInteger, nullable=False, primary_key=True, autoincrement=False),
    Column("office", BigInteger, nullable=False, index=True),
    Column("hi", BigInteger, nullable=False),
)
