"""What somebody was typing in a form that is not saved yet; encrypted like all else, on this desk only."""

from dataclasses import dataclass
from datetime import datetime

from correspondent_desk.store.changes import as_time
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One form's unsaved typing."""

    key: str
    body: str
    at: datetime


def save(session: Session, key: str, body: str, wall_ms: int) -> None:
    """Keep body under key, in the place of what was there."""
    raw(session).execute(
        "INSERT INTO draft(key, body, at) VALUES(?,?,?)"
        " ON CONFLICT(key) DO UPDATE SET body=excluded.body, at=excluded.at",
        (key, body, wall_ms),
    )


def body(session: Session, key: str) -> str | None:
    """What is kept under key."""
    row = raw(session).execute("SELECT body FROM draft WHERE key=?", (key,)).fetchone()
    return None if row is None else str(row[0])


def everything(session: Session) -> list[DraftRow]:
    """All that is kept, newest first."""
    found = raw(session).execute("SELECT key, body, at FROM draft ORDER BY at DESC, key")
    return [DraftRow(key, text, as_time(at)) for key, text, at in found]


def forget(session: Session, key: str) -> None:
    """Keep it no longer."""
    raw(session).execute("DELETE FROM draft WHERE key=?", (key,))
