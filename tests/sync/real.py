"""The worlds of tests/worlds lived by real stores, files and a real hub, against the same oracle.

Real are the encrypted stores, the bundles, the hub and the restores from copies; chance decides the
same things as in the simulator. What this version does not do is left out: snapshots of small
offices, and edits at the hub.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import REMOVED, Kind
from correspondent_desk.domain.requests import DocumentState, RequestStatus
from correspondent_desk.domain.rules import Dot, Value
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import database as hub_database
from correspondent_desk.hub import desks, erasing, ingest, invitations, offices, outgoing, tables
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.store import history, landing, stamps, values
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.erasing import Erased, ledger
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.store.tables import SYNCED
from correspondent_desk.store.undo import NothingToRedo, NothingToUndo, UndoConflict
from correspondent_desk.store.vault import DeskFolder
from correspondent_desk.sync import compacting, exchange, relay, taking_back
from correspondent_desk.sync.origins import Origins
from tests.builders import new_store
from tests.keepers import Keeper, new_hub
from tests.worlds.oracle import Oracle
from tests.worlds.replica import Answer, Write
from tests.worlds.world import HUB

OFFICE = "Mairie de Valbrune"
REFUSALS = {"bundle:unknown-sender", "bundle:stale-key", "bundle:wrong-recipient"}
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


@dataclass
class OnTheWay:
    """A file, for whom, and from whom."""

    sender: str
    recipient: str
    path: Path


@dataclass
class RealWorld:
    """One hub and its desks; chance decides."""

    seed: int
    path: Path
    cast: Cast
    desk_count: int = 3
    files: list[OnTheWay] = field(default_factory=list)
    made: int = 0
    taken_back: int = 0
    passed_on: int = 0
    copies: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    keeper: Keeper = field(default_factory=Keeper)
    hub_copy: str = ""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.oracle = Oracle()
        self.wall_ms = int(datetime(2026, 12, 1).timestamp() * 1000)  # noqa: DTZ001
        self.hub = new_hub(
            HubFolder(self.path / "hub"), "hub", database=self.keeper.fresh(), wall=self._now
        )
        offices.add(self.hub, OFFICE)
        self.records = [self.random.randbytes(16) for _ in range(3)]
        self.desks: dict[str, RealDesk] = {}
        self.clocks: dict[str, int] = {}
        for number in range(1, self.desk_count + 1):
            name = f"desk {number}"
            invitation = self.path / f"{name}.cdinvite"
            invitations.invite(self.hub, OFFICE, invitation)
            self.desks[name] = RealDesk(self.path / name, self.cast, invitation, self.records)
            self.clocks[name] = self.wall_ms + self.random.randint(-(10**9), 10**9)
        self.backups: dict[str, Path] = {}
        if self.seed % 4 < 2:  # half of all worlds
            self._meet()

    def _meet(self) -> None:
        """The hub tells all desks of each other, so that they pass files among themselves."""
        for make in (self.send, self.answer):
            for name in self.desks:
                make(name)
            while self.files:
                self.arrive(0)

    def _now(self) -> int:
        return self.wall_ms

    def close(self) -> None:
        self.hub.close()
        for desk in self.desks.values():
            desk.db.close()

    # What people do

    def edit(self, name: str) -> None:
        if self.random.random() < 0.2:
            self.records.append(self.random.randbytes(16))
        record = self.random.choice(self.records)
        numbers = self.random.sample(list(self.cast.values), self.random.randint(1, 2))
        fields = {n: self.random.choice(self.cast.values[n]) for n in numbers}
        self.save(name, Write(record, record, fields))

    def save(self, name: str, write: Write) -> None:
        desk = self.desks[name]
        screen = self.oracle.look(desk, write)
        before = desk.last
        [dot] = desk.write([write], self.clocks[name])
        if dot is None:  # its card is not there any more
            return
        assert dot.stamp > before, "a stamp went backwards"
        self.oracle.note(dot, write, screen)
        self.clocks[name] += self.random.randint(0, 10**7)

    def erase(self) -> None:
        """An office asks for somebody and the hub confirms."""
        self.erase_one(self.random.choice(self.records))

    def erase_one(self, root: bytes) -> None:
        with self.hub.transaction() as connection:
            of = offices.named(connection, OFFICE)
            found = select(tables.desk).where(tables.desk.c.office == of.id).limit(1)
            desk = connection.execute(found).one_or_none()
            if desk is None:
                return
            offices.lock(connection, of.id)
            erasing.ask(self.hub, connection, desk, "Nathalie", [root])
        for wish in erasing.requests(self.hub):
            if wish.state == erasing.State.ASKED:
                erasing.confirm(self.hub, wish.id)
                self.oracle.erased.add(root)

    def take_back(self, name: str) -> None:
        """Undo or redo: earlier values are written again, all of them where there were several."""
        desk = self.desks[name]
        places = [(record, number) for record in self.records for number in self.cast.numbers]
        contested = [place for place in places if len(desk.at(*place)) > 1]
        if contested:
            record, number = self.random.choice(contested)
            chosen = self.random.choice(self.cast.values[number])
            self.save(name, Write(record, record, {number: chosen}))
        desk.wall_ms = self.clocks[name]
        have = desk.have
        screens = {
            (record, number): frozenset((v.dot, number) for v in desk.at(record, number))
            for record, number in places
        }
        try:
            exchanges = desk.db.read(taking_back.taken_in)
            chance = self.random.random()
            if chance < 0.2:
                desk.db.redo()
            elif chance < 0.5 and exchanges:
                taking_back.take_back(desk.db, exchanges[0].bundle)
            elif not desk.undo():
                self.wrong.append(f"{name} took a step back to something else")
        except (NothingToUndo, NothingToRedo, UndoConflict):
            return
        self.taken_back += 1
        for dot, record, fields in desk.written_since(have):
            screen = {number: screens[record, number] for number in fields}
            self.oracle.note(dot, Write(record, record, fields), screen)

    def set_clock(self, name: str) -> None:
        self.clocks[name] = self.random.choice([0, self.wall_ms + 3 * 10**10, 4 * 10**12])

    def send(self, name: str, *, is_lost: bool = False) -> None:
        prepared = exchange.prepare(self.desks[name].db, self._place())
        if prepared is not None and not is_lost:
            self.files.append(OnTheWay(name, HUB, prepared.path))

    def answer(self, name: str, *, is_lost: bool = False) -> None:
        for to in outgoing.recipients(self.hub):
            if to.desk.name == self._known_as(name):
                place = self._place().with_suffix("")
                place.mkdir()
                sent = outgoing.write(self.hub, to, place)
                if not is_lost:
                    self.files.append(OnTheWay(HUB, name, sent.path))

    def pass_on(self, name: str) -> None:
        """A desk makes a file for another one, if the hub has told it of that one."""
        self.pass_to(name, self.random.choice(list(self.desks)))

    def pass_to(self, name: str, other: str) -> None:
        """A desk makes a file for this one, if the hub has told it of that one."""
        desk = self.desks[name].db
        for row in desk.read(relay.colleagues):
            if row.name == self._known_as(other):
                prepared = relay.prepare_for(desk, row.signing, self._place())
                if prepared is not None:
                    self.passed_on += 1
                    self.files.append(OnTheWay(name, other, prepared.path))

    def _known_as(self, name: str) -> str:
        """What the hub calls a desk: a copy has the keys of its original."""
        return self.copies.get(name, name)

    def _place(self) -> Path:
        self.made += 1
        return self.path / f"{self.made}.cdb"

    def arrive(self, index: int, *, is_kept: bool = False) -> None:
        """The recipient imports the file; kept, it may arrive once more."""
        file = self.files[index] if is_kept else self.files.pop(index)
        if file.recipient == HUB:
            ingest.take_in(self.hub, file.path)
        else:
            exchange.apply(self.desks[file.recipient].db, file.path)

    def back_up(self, name: str) -> None:
        self.backups[name] = self._place().with_suffix(".db")
        if name == HUB:
            self.hub.close()
            self.hub_copy = self.keeper.copy(self.hub.folder, self.backups[name].stem)
        else:
            self.desks[name].copy(self.backups[name])

    def open_copy(self, name: str) -> None:
        """Somebody opens an old copy of a desk beside the desk itself, and both are worked with."""
        if name not in self.backups or name in self.copies or name in self.copies.values():
            return
        original, copied = self.desks[name], f"{name} copied"
        made = RealDesk.of_copy(original, self.backups[name], self.path / copied)
        if made.me in original.have or made.me == original.me:
            made.db.close()  # nothing had left since: the two cannot be told apart yet
            shutil.rmtree(made.folder.path)
            return
        self.desks[copied], self.copies[copied] = made, name
        self.clocks[copied] = self.clocks[name]

    def compact(self, name: str) -> None:
        """A desk forgets what was replaced and the hub has, however young it is."""
        desk = self.desks[name]
        have = desk.have
        desk.db.keep(lambda s: compacting.compact(s, have))
        desk.steps.clear()  # what was taken back halfway could not be told

    def restore(self, name: str) -> None:
        if name not in self.backups:
            return
        if name == HUB:
            self.hub.close()
            self.keeper.put_back(self.hub.folder, self.hub_copy)
            self.hub = hub_database.open_hub(self.hub.folder, wall=self._now)
            return
        desk = self.desks[name]
        was = desk.me
        desk.put_back(self.backups[name])
        if desk.me == was:
            self.oracle.forget(was, desk.have.get(was, 0))

    # A life

    def roam(self, steps: int) -> None:
        actions: dict[str, tuple[float, Callable[[str], None]]] = {
            "edit": (42, self.edit),
            "take back": (6, self.take_back),
            "send": (16, lambda desk: self.send(desk, is_lost=self.random.random() < 0.3)),
            "answer": (13, lambda desk: self.answer(desk, is_lost=self.random.random() < 0.3)),
            "pass on": (9, self.pass_on),
            "open a copy": (2, self.open_copy),
            "arrive": (18, lambda _: self._arrive()),
            "set a clock wrong": (3, self.set_clock),
            "back up": (2.5, self.back_up),
            "restore": (2, self.restore),
            "erase": (2.5, lambda _: self.erase()),
        }
        if (
            self.seed % 3
        ):  # a hub put back may ask for what desks forgot: ADR 30 says how old that is
            actions["back up the hub"] = (1, lambda _: self.back_up(HUB))
            actions["restore the hub"] = (1, lambda _: self.restore(HUB))
        else:
            actions["compact"] = (4, self.compact)
        weights = [weight for weight, _ in actions.values()]
        for name in self.random.choices(list(actions), weights, k=steps):
            actions[name][1](self.random.choice(list(self.desks)))

    def _arrive(self) -> None:
        if self.files:
            is_kept = self.random.random() < 0.25
            self.try_one(self.random.randrange(len(self.files)), is_kept=is_kept)

    def try_one(self, index: int, *, is_kept: bool = False) -> None:
        """Some files may be refused, and nothing is lost: the next ones hold all that they did.

        A hub put back from a copy may not know a desk any more; who was put back has lost its
        newest key; and a clock that was twice wrong by years destroys keys before their time.
        """
        try:
            self.arrive(index, is_kept=is_kept)
        except DeskError as error:
            if error.full_code not in REFUSALS:
                self.wrong.append(f"refused: {error.full_code}")

    def heal(self) -> None:
        """All files under way arrive, then clean exchanges each way."""
        self.random.shuffle(self.files)
        while self.files:
            self.try_one(0)
        for name in self.desks:
            self._join_again(name)
            self.answer(name)
            self.send(name)
        while self.files:
            self.try_one(0)
        for _ in range(3):
            for name in self.desks:
                self.send(name)
                while self.files:
                    self.arrive(0)
            for name in self.desks:
                self.answer(name)
                while self.files:
                    self.arrive(0)

    def _join_again(self, name: str) -> None:
        """A hub put back from before a desk joined invites it again."""
        if name not in self.copies and not any(one.name == name for one in desks.listed(self.hub)):
            desk = self.desks[name]
            if exchange.status(desk.db).is_welcomed:
                invitation = self._place().with_suffix(".cdinvite")
                invitations.invite(self.hub, OFFICE, invitation)
                desk.wall_ms = self.wall_ms  # no invitation is read with a clock of the year 2096
                exchange.enrol(desk.db, invitation, desk_name=name)

    def findings(self) -> list[str]:
        found = list(self.wrong)
        for name, desk in self.desks.items():
            state, expected = desk.state(), self.oracle.expected(desk.have, desk.ledger)
            if state != expected:
                lacks, extra = expected - state, state - expected
                found.append(f"{name} lacks {lacks}, has {extra} that should not be there")
            if desk.logged() & desk.ledger:
                found.append(f"{name} holds what it has erased")
        return found

    def unfinished(self) -> list[str]:
        with self.hub.transaction() as connection:
            hub_has = offices.vector(connection, offices.named(connection, OFFICE).id)
        found = [
            f"{name} and the hub have seen different writes"
            for name, desk in self.desks.items()
            if desk.have != hub_has
        ]
        found += [
            f"{name} has not erased all"
            for name, desk in self.desks.items()
            if desk.ledger != self.oracle.erased
        ]
        if any(one.done < one.desks for one in erasing.requests(self.hub)):
            found.append("the hub does not know that all was erased")
        alive = {desk.me for desk in self.desks.values()}
        if any(
            dot.origin in alive and dot.seq > hub_has.get(dot.origin, 0)
            for dot, _ in self.oracle.written
        ):
            found.append("a write of a living desk never reached the hub")
        return found
