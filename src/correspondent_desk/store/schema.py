"""The tables as SQLite has them: a new store, its search indexes, and how an older one is brought up.

Alembic takes 0.2 s to import and is wanted once a year, so whether a migration is needed is read from
PRAGMA user_version (see store.connection). A new store is made from the mapped classes and
stamped; a test proves that the migrations give the same schema.
"""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from correspondent_desk.store import tables  # which join the metadata
from correspondent_desk.store.column_types import Base
from correspondent_desk.store.connection import VERSION
from correspondent_desk.store.logbook import Origin
from correspondent_desk.store.search import LISTED

REVISION = f"{VERSION:04}"
MIGRATIONS = Path(__file__).with_name("migrations")


# The indexes hold the members that lists show and no others, or two thousand removed ones could
# hide a person. While many rows are written at once, the indexes are filled afterwards instead:
# by triggers an import takes five times longer (the setting is indexes.PAUSED).
_LISTED_OLD, _LISTED_NEW = tables.of("old", LISTED), tables.of("new", LISTED)
_RUNNING = "NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused')"
_INDEXED = (("member_fts", "search_doc"), ("member_phone", "phone_doc"))
_TAKE_OUT = {
    index: f"INSERT INTO {index}({index}, rowid, {document})"
    f" SELECT 'delete', old.id, old.{document} WHERE {_LISTED_OLD};"
    for index, document in _INDEXED
}
_PUT_IN = {
    index: f"INSERT INTO {index}(rowid, {document})"
    f" SELECT new.id, new.{document} WHERE {_LISTED_NEW};"
    for index, document in _INDEXED
}


def _triggers(index: str, document: str) -> tuple[str, str, str]:
    put_in, take_out = _PUT_IN[index], _TAKE_OUT[index]
    return (
        f"CREATE TRIGGER {index}_new AFTER INSERT ON member WHEN {_RUNNING} BEGIN {put_in} END",
        f"""CREATE TRIGGER {index}_anew
    AFTER UPDATE OF {document}, removed_at, merged_into_id ON member
    WHEN (old.{document} IS NOT new.{document} OR ({_LISTED_OLD}) <> ({_LISTED_NEW})) AND {_RUNNING}
    BEGIN {take_out} {put_in} END""",
        f"CREATE TRIGGER {index}_gone AFTER DELETE ON member WHEN {_RUNNING} BEGIN {take_out} END",
    )


# Terms are folded in Python, so the tokenizer must only cut at spaces; detail=none keeps 67 bytes a
# member. Phone numbers share few prefixes, hence an index of their own with longer ones. Nothing is
# ever ranked, so no sizes are kept.
SEARCH = (
    f"CREATE VIEW member_listed AS SELECT id, search_doc, phone_doc FROM member WHERE {LISTED}",  # noqa: S608
    """CREATE VIRTUAL TABLE member_fts USING fts5(search_doc, content='member_listed',
    content_rowid='id', detail=none, tokenize='ascii', prefix='1 2 3', columnsize=0)""",
    """CREATE VIRTUAL TABLE member_phone USING fts5(phone_doc, content='member_listed',
    content_rowid='id', detail=none, tokenize='ascii', prefix='2 4', columnsize=0)""",
    "CREATE VIRTUAL TABLE member_term USING fts5vocab(member_fts, row)",
    *_triggers("member_fts", "search_doc"),
    *_triggers("member_phone", "phone_doc"),
)


def create(engine: Engine, origin_uid: bytes) -> None:
    """Everything a new store has, in one transaction."""
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in SEARCH:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (REVISION,))
        with Session(connection) as session:
            session.add(Origin(uid=origin_uid, mine=True))
            session.flush()
        connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")


def migrate(engine: Engine) -> None:
    """Bring an older store to this version, in one transaction; copy it before."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")
