"""The hub's tables as they are made: one line of migrations for SQLite and PostgreSQL.

Alembic takes 0.2 s to import and is wanted once a year, so a new hub is made from tables.py and
stamped; a test proves that the migrations give the same schema. What PostgreSQL has besides: the tables
that grow are cut by office, and a row shows only to a transaction that has named its office.
"""

from pathlib import Path

from sqlalchemy import Connection, Table, inspect, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import catalogue_tables as _catalogue  # noqa: F401 - they join the metadata
from correspondent_desk.hub import compaction_tables as _compaction  # noqa: F401 - they join the metadata
from correspondent_desk.hub import erasure_tables as _erasure  # noqa: F401 - they join the metadata
from correspondent_desk.hub import roster_tables as _roster  # noqa: F401 - they join the metadata
from correspondent_desk.hub import tables
from correspondent_desk.hub.pages import tables as _pages  # noqa: F401 - they join the metadata
from correspondent_desk.hub.service import tables as _service  # noqa: F401 - as above

VERSION = 12
REVISION = f"{VERSION:04}"
MIGRATIONS = Path(__file__).with_name("migrations")

PARTITIONS = 16
EVERY_OFFICE = -1
"""What a transaction names that lists all offices; it still sees no operation of any."""

_PARTED = ("op", "context", "root")
# In a subquery it is worked out once for a statement, not once for a row.
_NAMED = "(SELECT nullif(current_setting('app.office', true), '')::bigint)"
_POLICIES = {
    **dict.fromkeys(_PARTED, f"office = {_NAMED}"),
    "origin": f"office = {_NAMED} OR {_NAMED} = {EVERY_OFFICE}",
}
_PART = (
    "CREATE TABLE {part} PARTITION OF {name} FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"
)
_LOCK = 0x0C0DE5  # any number, the same in every process


class HubTooNew(DeskError):
    """A newer version of the program has written the hub's database (details: found, known)."""

    code = "hub-too-new"


def has_tables(connection: Connection) -> bool:
    """Whether somebody made the tables here already."""
    return inspect(connection).has_table(tables.hub.name)


def has_hub(connection: Connection) -> bool:
    """Whether a hub is kept here."""
    return has_tables(connection) and bool(
        connection.scalar(select(tables.hub.c.id).where(tables.hub.c.id == 1))
    )


def lock(connection: Connection) -> None:
    """Nobody else makes or changes tables until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def create(connection: Connection) -> None:
    """All tables of a new hub."""
    tables.metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        for statement in guards():
            connection.exec_driver_sql(statement)
    _stamp(connection, REVISION)


def guards() -> list[str]:
    """The partitions and the policies; each partition is closed to those who ask it directly."""
    statements = []
    for name in _PARTED:
        for number in range(PARTITIONS):
            part = f"{name}_{number:02}"
            statements += [
                _PART.format(part=part, name=name, count=PARTITIONS, number=number),
                *_closed(part),
            ]
    for name, rule in _POLICIES.items():
        statements += [*_closed(name), f"CREATE POLICY own_office ON {name} USING ({rule})"]
    return statements


def _closed(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ]


def migrate(connection: Connection) -> None:
    """Bring an older hub to this version, in the caller's transaction. Raises HubTooNew."""
    found: int = connection.execute(select(tables.hub.c.schema)).scalar_one()
    if found > VERSION:
        raise HubTooNew(found=found, known=VERSION)
    if found == VERSION:
        return
    lock(connection)
    upgrade(connection, "head")
    connection.execute(update(tables.hub).values(schema=VERSION))


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to revision."""
    from alembic import command
    from alembic.config import Config

    if has_tables(connection) and not inspect(connection).has_table("alembic_version"):
        _stamp(connection, "0001")  # the first version kept no note of it
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _stamp(connection: Connection, revision: str) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
        " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision}
    )


def or_leave(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves a row with the same key as it is, whether it may be seen or not."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
