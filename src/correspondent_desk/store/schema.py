"""The tables as SQLite has them: a new store, its search indexes, and how an older one is brought up.

Alembic takes 0.2 s to import and is wanted once a year, so whether a migration is needed is read from
PRAGMA user_version (see store.connection). A new store is made from tables.py and stamped; a
test proves that the migrations give the same schema.
"""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from correspondent_desk.store.connection import VERSION
from correspondent_desk.store.tables import LISTED, Base, Origin

REVISION = f"{VERSION:04}"
MIGRATIONS = Path(__file__).with_name("migrations")


# The indexes hold the members that lists show and no others, or two thousand removed ones could
# hide a person. While many rows are written at once, the indexes are filled afterwards instead:
# by triggers an import takes five times longer.
PAUSED = "search.paused"
_LISTED_OLD, _LISTED_NEW = (
    " AND ".join(f"{side}.{part}" for part in LISTED.split(" AND ")) for side in ("old", "new")
)
_RUNNING = "NOT EXISTS (SELECT 1 FROM setting WHERE key='search.paused')"
_TAKE_OUT = f"""
    INSERT INTO member_fts(member_fts, rowid, search_doc)
      SELECT 'delete', old.id, old.search_doc WHERE {_LISTED_OLD};
    INSERT INTO member_phone(member_phone, rowid, phone_doc)
      SELECT 'delete', old.id, old.phone_doc WHERE {_LISTED_OLD};
"""
_PUT_IN = f"""
    INSERT INTO member_fts(rowid, search_doc) SELECT new.id, new.search_doc WHERE {_LISTED_NEW};
    INSERT INTO member_phone(rowid, phone_doc) SELECT new.id, new.phone_doc WHERE {_LISTED_NEW};
"""
# Terms are folded in Python, so the tokenizer must only cut at spaces; detail=none keeps 67 bytes a
# member. Phone numbers share few prefixes, hence an index of their own with long ones.
SEARCH = (
    f"CREATE VIEW member_listed AS SELECT id, search_doc, phone_doc FROM member WHERE {LISTED}",  # noqa: S608
    """CREATE VIRTUAL TABLE member_fts USING fts5(search_doc, content='member_listed',
    content_rowid='id', detail=none, tokenize='ascii', prefix='1 2 3')""",
    """CREATE VIRTUAL TABLE member_phone USING fts5(phone_doc, content='member_listed',
    content_rowid='id', detail=none, tokenize='ascii', prefix='1 2 3 4 5 6')""",
    "CREATE VIRTUAL TABLE member_term USING fts5vocab(member_fts, row)",
    f"CREATE TRIGGER member_found AFTER INSERT ON member WHEN {_RUNNING} BEGIN {_PUT_IN} END",
    f"""CREATE TRIGGER member_found_anew
    AFTER UPDATE OF search_doc, phone_doc, removed_at, merged_into_id ON member
    WHEN (old.search_doc IS NOT new.search_doc OR old.phone_doc IS NOT new.phone_doc
          OR ({_LISTED_OLD}) <> ({_LISTED_NEW})) AND {_RUNNING}
    BEGIN {_TAKE_OUT} {_PUT_IN} END""",
    f"CREATE TRIGGER member_lost AFTER DELETE ON member WHEN {_RUNNING} BEGIN {_TAKE_OUT} END",
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
