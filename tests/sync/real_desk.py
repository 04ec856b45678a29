"""A real desk, which plays one of the desks of tests/worlds before the same oracle."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.domain.requests import DocumentState, RequestStatus
from correspondent_desk.domain.rules import Dot, Value
from correspondent_desk.store import history, landing, stamps, values
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.erasing import Erased, ledger
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.store.tables import SYNCED
from correspondent_desk.store.vault import DeskFolder
from correspondent_desk.sync import exchange
from correspondent_desk.sync.origins import Origins
from tests.builders import new_store
from tests.worlds.carried import Write
from tests.worlds.replica import Answer

DAYS = ["2027-01-01T00:00", "2027-02-01T00:00"]


@dataclass(frozen=True)
class Cast:
    """Which kind of record plays, and which of its fields stands for which field of the worlds."""

    kind: Kind
    numbers: Mapping[int, int]
    values: Mapping[int, Sequence[object]]


CASTS = (
    Cast(
        Kind.REQUEST,
        {1: 1, 2: 5, 3: 4, 4: 6},
        {1: [None, None, *DAYS], 2: ["LE GOFF", "PETIT", ""], 3: [str(n) for n in range(1000)],
         4: [str(status) for status in RequestStatus]},
    ),
    Cast(
        Kind.DOCUMENT,
        {1: 1, 2: 8, 3: 3, 5: 5},
        {1: [None, None, *DAYS], 2: ["LE GOFF", "PETIT", ""], 3: [str(n) for n in range(1000)],
         5: [str(state) for state in DocumentState]},
    ),
)  # fmt: skip


class RealDesk:
    """A real desk as the oracle and the world see one."""

    def __init__(self, path: Path, cast: Cast, invitation: Path, records: Iterable[bytes]) -> None:
        """records: all that there will ever be, which the world adds to."""
        self.cast = cast
        self.records = records
        self.wall_ms = 0
        self.folder, self.key = new_store(path)
        self.db = self._open()
        self.steps: dict[int, tuple[bytes, dict[int, set[str]]]] = {}
        self.wall_ms = int(datetime(2026, 12, 1).timestamp() * 1000)  # noqa: DTZ001
        exchange.enrol(self.db, invitation, desk_name=path.name)

    @classmethod
    def of_copy(cls, original: "RealDesk", store: Path, path: Path) -> "RealDesk":
        """A copy of the whole desk, with the store as it was, that somebody opens beside it."""
        made = object.__new__(cls)
        shutil.copytree(original.folder.path, path, ignore=shutil.ignore_patterns("desk.*"))
        shutil.copyfile(store, path / "desk.db")
        made.cast, made.records, made.wall_ms = original.cast, original.records, original.wall_ms
        made.folder, made.key, made.steps = DeskFolder(path), original.key, {}
        made.db = made._open()
        return made

    def _open(self) -> Database:
        db = open_store(self.folder, self.key, wall=lambda: self.wall_ms)
        db.person = self.folder.path.name
        return db

    def reopen(self) -> None:
        """After something was done to the files of the closed store."""
        self.db = self._open()

    @property
    def me(self) -> bytes:
        return self.db.read(lambda s: Origins(raw(s)).uid(Origins(raw(s)).own))

    @property
    def have(self) -> dict[bytes, int]:
        return self.db.read(lambda s: Origins(raw(s)).vector)

    @property
    def ledger(self) -> AbstractSet[bytes]:
        """The records that this desk has erased."""
        erased = Erased(self.db.read(lambda s: ledger(raw(s))))
        return {uid for uid in self.records if erased.has(uid)}

    @property
    def last(self) -> int:
        found: int = self.db.read(
            lambda s: raw(s).execute("SELECT max(stamp) FROM origin").fetchone()[0]
        )
        return found

    def write(self, writes: Iterable[Write], wall_ms: int) -> list[Dot | None]:
        """Save each as a person would: the record is made first where it is new."""
        self.wall_ms = wall_ms
        return [self._write(write) for write in writes]

    def _write(self, write: Write) -> Dot | None:
        if write.record in self.ledger:
            return None
        table = SYNCED[self.cast.kind]
        known = values.layout(self.cast.kind)

        def make(session: Session) -> None:
            if history.find(session, table, write.record) is None:
                history.create(session, table, root=None, uid=write.record)

        def save(session: Session) -> None:
            record = history.find(session, table, write.record)
            assert record is not None
            for number, value in write.fields.items():
                of = known.fields[self.cast.numbers[number]]
                for name, one in values.to_columns(session, self.cast.kind, of, value).items():
                    setattr(record, name, one)
                history.rewrite(session, record, of.name)

        self.db.do(Action.REQUEST_CREATED, make)
        before = self._values(write.record, write.fields)
        step = self.db.do(Action.REQUEST_EDITED, save).action.id
        self.steps[step] = write.record, before
        return Dot(self.me, self.have[self.me], self.last)

    def _values(self, record: bytes, numbers: Iterable[int]) -> dict[int, set[str]]:
        return {n: {repr(value.value) for value in self.at(record, n)} for n in numbers}

    def undo(self) -> bool:
        """Take back a step; whether all that stood there before stands there again."""
        step = self.db.undo().action.undoes
        record, before = self.steps.get(step or 0, (b"", {}))
        blank = values.layout(self.cast.kind).blank_wire
        for n, found in self._values(record, before).items():
            wanted = before[n] or {repr(blank[self.cast.numbers[n]])}
            # A removal that did not stand comes back beside the None that was shown.
            if found != wanted and not (n == REMOVED and found == wanted | {"None"}):
                return False
        return True

    def written_since(
        self, have: Mapping[bytes, int]
    ) -> list[tuple[Dot, bytes, dict[int, object]]]:
        """What this desk wrote after that, by the numbers of the worlds."""

        def read(session: Session) -> list[tuple[Dot, bytes, dict[int, object]]]:
            back = {real: number for number, real in self.cast.numbers.items()}
            return [
                (
                    Dot(origin, seq, stamp),
                    record,
                    {back[n]: value for n, value in values.decode(body).items() if n in back},
                )
                for origin, seq, stamp, record, body in raw(session).execute(
                    "SELECT o.uid, h.seq, h.stamp, r.uid, h.body FROM history h"
                    " JOIN origin o ON o.id=h.origin JOIN record r ON r.id=h.record WHERE o.mine"
                )
                if seq > have.get(origin, 0)
            ]

        return self.db.read(read)

    def at(self, record: bytes, number: int) -> tuple[Value, ...]:
        """The concurrent values of a field, the shown one first."""
        found = self.db.read(lambda s: self._held(s, record))
        return tuple(Value(dot, value) for dot, value in found.get(self.cast.numbers[number], ()))

    def state(self) -> frozenset[Answer]:
        """Everything that is kept, by the numbers of the worlds."""

        def read(session: Session) -> set[Answer]:
            back = {real: number for number, real in self.cast.numbers.items()}
            return {
                Answer(uid, back[real], dot, repr(value), is_shown=index == 0)
                for (uid,) in raw(session).execute(
                    "SELECT uid FROM record WHERE kind=?", (int(self.cast.kind),)
                )
                for real, found in self._held(session, uid).items()
                for index, (dot, value) in enumerate(found)
            }

        return frozenset(self.db.read(read))

    def logged(self) -> set[bytes]:
        """The records of which history tells something."""
        return self.db.read(
            lambda s: {
                row[0]
                for row in raw(s).execute(
                    "SELECT DISTINCT r.uid FROM history h JOIN record r ON r.id=h.record"
                )
            }
        )

    def _held(self, session: Session, uid: bytes) -> dict[int, list[tuple[Dot, object]]]:
        connection = raw(session)
        id_ = find_id(session, uid)
        if id_ is None:
            return {}
        origins = Origins(connection)
        packed = connection.execute("SELECT stamp FROM record WHERE id=?", (id_,)).fetchone()[0]
        known = landing.table(self.cast.kind)
        dots = stamps.unpack(packed)
        row = landing.stored_rows(connection, self.cast.kind, list(dots), [id_]).get(id_, {})
        held: dict[int, list[tuple[Dot, object]]] = {}
        # A removal that does not stand is kept beside the row.
        extras = dict(connection.execute("SELECT field, value FROM extra WHERE record=?", (id_,)))
        for number, (origin, seq, stamp) in dots.items():
            value = (
                msgspec.msgpack.decode(extras[number])
                if number in extras
                else known.wire(number, row, lambda i: uid_of(session, i))
            )
            held[number] = [(Dot(origins.uid(origin), seq, stamp), value)]
        for number, origin, seq, stamp, value in connection.execute(
            "SELECT field, origin, seq, stamp, value FROM sibling WHERE record=?"
            " ORDER BY stamp DESC",
            (id_,),
        ):
            dot = Dot(origins.uid(origin), seq, stamp)
            held[number].append((dot, msgspec.msgpack.decode(value)))
        return held

    def copy(self, target: Path) -> None:
        """The store as a careful person copies it: closed."""
        self.db.close()
        shutil.copyfile(self.folder.store, target)
        self.db = self._open()

    def put_back(self, source: Path) -> None:
        """The store as it was; the sidecar is not part of it."""
        self.db.close()
        self.steps.clear()
        for left in self.folder.path.glob("desk.db-*"):
            left.unlink()
        shutil.copyfile(source, self.folder.store)
        self.db = self._open()
