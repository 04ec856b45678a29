"""A store that is not as this version wants it: a new one is made, an older one copied and brought up."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from correspondent_desk.store import backup, engines, origins, schema
from correspondent_desk.store.backup import Why
from correspondent_desk.store.connection import Role, refusal
from correspondent_desk.store.vault import DataKey, DeskFolder


def make_or_migrate(folder: DeskFolder, key: DataKey, found: int, wall: Callable[[], int]) -> None:
    """found: the version of the store that is there, 0 for none.

    Raises StoreDamaged, StoreBusy, CannotWrite.
    """
    if found:
        now = datetime.fromtimestamp(wall() / 1000)  # noqa: DTZ006 - local, as people read
        backup.make(folder, key, Why.MIGRATION, now)
    engine = engines.engine(folder.store, key, Role.WRITER, size=1)
    try:
        if found:
            schema.migrate(engine)
        else:
            schema.create(engine, origins.new_uid())
            origins.note_made(folder)
    except DBAPIError as error:
        refused = refusal(error.orig, folder.store)
        if refused is None:
            raise
        raise refused from error
    finally:
        engine.dispose()
