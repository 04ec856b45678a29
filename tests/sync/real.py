"""The worlds of tests/worlds lived by real stores, files and a real hub, against the same oracle.

Real are the encrypted stores, the bundles, the hub and the restores from copies; chance decides the
same things as in the simulator. What this version does not do is left out: snapshots of small
offices, and edits at the hub.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy import select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import database as hub_database
from correspondent_desk.hub import (
    desks,
    erasing,
    ingest,
    invitations,
    offices,
    outgoing,
    recipients,
    tables,
)
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.store.undo import NothingToRedo, NothingToUndo, UndoConflict
from correspondent_desk.sync import compacting, exchange, relay, taking_back
from tests.keepers import Keeper, new_hub
from tests.sync.real_desk import Cast, RealDesk
from tests.worlds.carried import Write
from tests.worlds.oracle import Oracle
from tests.worlds.world import HUB

OFFICE = "Mairie de Valbrune"
REFUSALS = {"bundle:unknown-sender", "bundle:stale-key", "bundle:wrong-recipient"}


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
        for to in recipients.every(self.hub):
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
            exchange.apply(self.desks[file.recipient].db, file.path, is_meant=True)

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
