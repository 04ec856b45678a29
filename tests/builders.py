"""Desks and records for tests: each in one call, valid, and with only what the test cares about said."""

import functools
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from correspondent_desk.domain import names
from correspondent_desk.domain.actions import Action
from correspondent_desk.store import connection, history, origins
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.stretching import Stretching
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DataKey, DeskFolder, create_vault

PASSPHRASE = "the tide comes in twice a day"
CHEAP = Stretching(memory_kib=64, iterations=1)


class Clock:
    """A wall clock that a test moves; milliseconds since 1970."""

    def __init__(self, at: datetime = datetime(2026, 12, 3, 9, 0)) -> None:  # noqa: DTZ001
        self.at = at

    def __call__(self) -> int:
        return int(self.at.timestamp() * 1000)


def new_folder(path: Path) -> tuple[DeskFolder, DataKey]:
    """A folder with a vault; its store is made when it is opened."""
    folder = DeskFolder(path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    return folder, key


@functools.cache
def _made() -> tuple[DataKey, dict[str, bytes]]:
    """The key and the files of a new desk: its tables take ten times as long to make as to copy."""
    with tempfile.TemporaryDirectory() as place:
        folder, key = new_folder(Path(place))
        open_store(folder, key).close()
        return key, {path.name: path.read_bytes() for path in folder.path.iterdir()}


def new_store(path: Path) -> tuple[DeskFolder, DataKey]:
    """A folder with a vault and an empty store that has a name of its own; only its key is shared."""
    key, files = _made()
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content)
    folder = DeskFolder(path)
    store = connection.connect(folder.store, key, connection.Role.WRITER)
    store.execute("UPDATE origin SET uid=?", (origins.new_uid(),))
    store.close()
    return folder, key


def open_desk(path: Path, person: str = "Yann", clock: Clock | None = None) -> Database:
    """A new desk at path, open, at which person works, on 3 December 2026 at nine."""
    folder, key = new_store(path)
    desk = open_store(folder, key, wall=clock or Clock())
    desk.person = person
    return desk


def add_member(desk: Database, family_name: str = "Le Goff", **columns: Any) -> int:
    """A member who can be found; the id."""
    told = {"first_name": "Anne", **columns, "family_name": family_name}
    told |= {name: value for name, value in derived(told).items() if name not in told}
    done = desk.do(Action.MEMBER_CREATED, lambda s: history.create(s, Member, **told).id)
    return done.result


def derived(columns: dict[str, Any]) -> dict[str, str]:
    """What lists and search need of a member's names and numbers."""
    usage, family = columns.get("usage_name", ""), columns.get("family_name", "")
    first = columns.get("first_name", "")
    return {
        "sort_key": names.sort_key(usage, family, first, columns.get("sort_name", "")),
        "search_doc": names.search_document(
            first_name=first,
            usage_name=usage,
            family_name=family,
            matricule=columns.get("matricule", ""),
            beneficiary_number=columns.get("beneficiary_number", ""),
        ),
        "phone_doc": names.phone_terms(phone["number"] for phone in columns.get("phones", ())),
    }


def a_day(text: str) -> date:
    """2026-12-03 as a date."""
    return date.fromisoformat(text)
