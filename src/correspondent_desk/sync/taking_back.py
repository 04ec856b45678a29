"""The exchanges that came in, and taking one of them back in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.actions import Action
from correspondent_desk.store import journal
from correspondent_desk.store.changes import Done, as_time
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session

Vector = Mapping[bytes, int]


class Reach(msgspec.Struct, frozen=True):
    """How far each origin had been seen before and after an import, by its id in hexadecimal."""

    before: dict[str, int]
    after: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """An exchange that changed records here. at: when it came; is_undone: it was taken back."""

    bundle: bytes
    number: int
    sender: str
    at: datetime
    records: int
    is_undone: bool


def report_of(before: Vector, after: Vector) -> str:
    """What inbox.report keeps of an import."""
    reach = Reach(
        {uid.hex(): hi for uid, hi in before.items()}, {uid.hex(): hi for uid, hi in after.items()}
    )
    return msgspec.json.encode(reach).decode()


def note_renamed(connection: Connection, old: bytes, common: int, new: bytes) -> None:
    """What exchanges brought of old after common goes by another name: what comes there is not theirs."""

    def renamed(told: Mapping[str, int]) -> dict[str, int]:
        hi = told.get(old.hex(), 0)
        if hi <= common:
            return dict(told)
        return {**told, old.hex(): common, new.hex(): hi - common}

    reports = connection.execute("SELECT bundle, report FROM inbox WHERE report<>''").fetchall()
    for bundle, report in reports:
        reach = decoding.json(Reach).decode(report)
        moved = Reach(renamed(reach.before), renamed(reach.after))
        if moved != reach:
            connection.execute(
                "UPDATE inbox SET report=? WHERE bundle=?",
                (msgspec.json.encode(moved).decode(), bundle),
            )


def taken_in(session: Session, limit: int = 5) -> list[TakenIn]:
    """The newest exchanges that can be, or were, taken back, newest first."""
    found = raw(session).execute(
        "SELECT i.bundle, i.number, i.sender, i.received_at, a.records, a.undone_by IS NOT NULL"
        " FROM inbox i JOIN action a ON a.id=i.action WHERE i.report<>''"
        " ORDER BY i.action DESC LIMIT ?",
        (limit,),
    )
    return [
        TakenIn(
            bundle=uid,
            number=number,
            sender=sender,
            at=as_time(at),
            records=records,
            is_undone=bool(undone),
        )
        for uid, number, sender, at, records, undone in found
    ]


def take_back(db: Store, bundle: bytes) -> Done[None]:
    """Write again all that stood before this exchange, as one step; redo brings it back.

    Raises NothingToUndo (it is not there, or was taken back), UndoConflict.
    """
    from correspondent_desk.store import undo_import
    from correspondent_desk.store.undo import NothingToUndo

    def work(session: Session) -> None:
        row = (
            raw(session)
            .execute(
                f"SELECT i.report, {journal.ACTION} FROM {journal.FROM_ACTION}"  # noqa: S608
                " JOIN inbox i ON i.action=a.id WHERE i.bundle=? AND i.report<>''",
                (bundle,),
            )
            .fetchone()
        )
        if row is None:
            raise NothingToUndo
        step = journal.action_row(row[1:])
        if step.undone_by is not None:
            raise NothingToUndo
        reach = decoding.json(Reach).decode(row[0])
        undo_import.take_back(session, step, _vector(reach.before), _vector(reach.after))
        undo_import.mark(session, step.id)

    return db.do(Action.UNDONE, work)


def _vector(told: Mapping[str, int]) -> dict[bytes, int]:
    return {bytes.fromhex(uid): hi for uid, hi in told.items()}
