"""When a desk shortens its log: what the hub has had for long enough, by this desk's own count of days.

Once a month, as bundles of the hub come, the desk notes how far it has seen each origin. What stood
below such a note of 400 days ago is old; but only if ten notes have been made since, so that a clock
that was wrong for a day makes nothing old.
"""

from sqlite3 import Connection

import msgspec

from correspondent_desk.store import compaction, history
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import link
from correspondent_desk.sync.origins import Origins

KEEP_DAYS = 400
NOTE_DAYS = 30
LEAST_NOTES = 10
_DAY_MS = 86_400_000
_NOTES = "exchange.reach"


class Note(msgspec.Struct, frozen=True, array_like=True):
    """How far each origin had been seen at a moment of this desk's clock."""

    at: int
    vector: dict[bytes, int]


def look(store: Store) -> int:
    """Note how far the log reaches, if it is time, and shorten it; how many operations went.

    To be called when a bundle of the hub has been taken in. Raises CannotWrite, StoreBusy.
    """
    now_ms = store.now_ms()
    notes = store.read(_notes)
    if notes and abs(now_ms - notes[-1].at) < NOTE_DAYS * _DAY_MS:
        return 0
    return store.keep(lambda s: _look(s, now_ms))


def _look(session: Session, now_ms: int) -> int:
    connection = raw(session)
    notes = [one for one in _notes(session) if one.at < now_ms]
    notes.append(Note(now_ms, Origins(connection).vector))
    old = [
        place
        for place, one in enumerate(notes)
        if now_ms - one.at >= KEEP_DAYS * _DAY_MS and len(notes) - place > LEAST_NOTES
    ]
    gone = 0
    if old:
        gone = compact(session, notes[old[-1]].vector)
        notes = notes[old[-1] :]
    history.write_setting(session, _NOTES, notes)
    return gone


def compact(session: Session, limits: dict[bytes, int]) -> int:
    """Shorten the log up to these numbers, as far as the hub is known to have it."""
    known = link.find(session)
    if known is None:
        return 0
    connection = raw(session)
    had = {uid: min(hi, known.hub_has.get(uid, 0)) for uid, hi in limits.items()}
    gone = compaction.compact(connection, had)
    _keep_exchanges(connection)
    return gone


def _keep_exchanges(connection: Connection) -> None:
    """An exchange that brought what is gone now cannot be taken back any more."""
    floors = {
        uid.hex(): floor
        for uid, floor in connection.execute("SELECT uid, floor FROM origin WHERE floor>0")
    }
    for bundle, report in connection.execute(
        "SELECT bundle, report FROM inbox WHERE report<>''"
    ).fetchall():
        told = msgspec.json.decode(report)
        after, before = told.get("after", {}), told.get("before", {})
        if any(before.get(uid, 0) < floors.get(uid, 0) for uid in after):
            connection.execute("UPDATE inbox SET report='' WHERE bundle=?", (bundle,))


def _notes(session: Session) -> list[Note]:
    return history.read_setting(session, _NOTES, list[Note]) or []
