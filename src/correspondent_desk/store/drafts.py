"""What somebody was typing in a form that is not saved yet; encrypted like all else, on this desk only."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from correspondent_desk.store.changes import as_time
from correspondent_desk.store.identity import UNKNOWN_KIND, raw
from correspondent_desk.store.session import Session

if TYPE_CHECKING:
    from correspondent_desk.store.opened import Opened

_PARTS = re.compile("[.:]")
_NO_CARD_YET = "member.new"  # its number counts the cards that were begun
_PEOPLE, _REQUESTS = ("member", "person"), ("request", "about")  # fields in which one is chosen


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One form's unsaved typing."""

    key: str
    body: str
    at: datetime


class Drafts:
    """Those of an open desk, by keys of the forms' choice."""

    def __init__(self, store: "Opened[Any]") -> None:
        self._store = store

    def save(self, key: str, body: str) -> None:
        """Keep body under key, in the place of what was there.

        Nothing is kept about who was erased: a form may still be open on what was typed about them.
        """

        def work(session: Session) -> None:
            if _names_an_erased_one(session, key, body):
                _forget(session, key)
                return
            raw(session).execute(
                "INSERT INTO draft(key, body, at) VALUES(?,?,?)"
                " ON CONFLICT(key) DO UPDATE SET body=excluded.body, at=excluded.at",
                (key, body, self._store.now_ms()),
            )

        self._store.keep(work)

    def body(self, key: str) -> str | None:
        """What is kept under key."""

        def query(session: Session) -> str | None:
            row = raw(session).execute("SELECT body FROM draft WHERE key=?", (key,)).fetchone()
            return None if row is None else str(row[0])

        return self._store.read(query)

    def everything(self) -> list[DraftRow]:
        """All that is kept, newest first."""

        def query(session: Session) -> list[DraftRow]:
            found = raw(session).execute("SELECT key, body, at FROM draft ORDER BY at DESC, key")
            return [DraftRow(key, text, as_time(at)) for key, text, at in found]

        return self._store.read(query)

    def forget(self, key: str) -> None:
        """Keep it no longer: it was saved, or is not wanted."""
        self._store.keep(lambda s: _forget(s, key))


def records_named(key: str, body: str) -> set[int]:
    """The ids of the records that it is about: the number in its key, and who or what was chosen.

    What was typed is never taken for an id, however many digits it holds.
    """
    parts = () if key.startswith(_NO_CARD_YET) else _PARTS.split(key)
    named = {int(part) for part in parts if part.isdecimal()}
    fields = _decoded(body)
    if isinstance(fields, dict):
        people = (_decoded(fields.get(name)) for name in _PEOPLE)
        chosen = [one.get("member") for one in people if isinstance(one, dict)]
        chosen += [_decoded(fields.get(name)) for name in _REQUESTS]
        named.update(one for one in chosen if isinstance(one, int))
    return named


def _forget(session: Session, key: str) -> None:
    raw(session).execute("DELETE FROM draft WHERE key=?", (key,))


def _names_an_erased_one(session: Session, key: str, body: str) -> bool:
    found = raw(session).execute(
        "SELECT EXISTS (SELECT 1 FROM record WHERE id IN (SELECT value FROM json_each(?))"
        " AND kind=?)",
        (json.dumps(list(records_named(key, body))), UNKNOWN_KIND),
    )
    return bool(found.fetchone()[0])


def _decoded(text: object) -> object:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
