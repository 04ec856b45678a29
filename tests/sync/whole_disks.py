"""Real worlds in which the whole disk of a computer is put back, with all that could have warned the desk.

The numbers of what it wrote since are then used twice, and what an operation is called differs from
store to store until all have heard of it. So these worlds know a write by its stamp and its record, and
judge where everything has been exchanged: what somebody wrote and anybody had is shown, was replaced by
somebody who had seen it, or was erased.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from sqlalchemy import func, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import tables
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import sending
from tests.sync.desks import contents, rebuilt
from tests.sync.real import REFUSALS, RealWorld
from tests.sync.real_desk import RealDesk
from tests.worlds.carried import Write
from tests.worlds.oracle import Place, Written
from tests.worlds.world import HUB

FORKED = "bundle:forked-log"


@dataclass(frozen=True)
class Image:
    """A whole disk: the desk's folder, and what the user keeps beside it of this desk's origins."""

    folder: Path
    notes: dict[str, bytes]


class PutBack(RealWorld):
    """As its base, with images of whole disks."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.images: dict[str, Image] = {}
        self.known_by_author: dict[Place, dict[bytes, int]] = {}
        self.forks: dict[bytes, int] = {}
        self.free: set[Place] = set()

    # What people do

    def save(self, name: str, write: Write) -> None:
        before = set(self.oracle.written)
        super().save(name, write)
        self._note_known(name, before)

    def take_back(self, name: str) -> None:
        before = set(self.oracle.written)
        super().take_back(name)
        self._note_known(name, before)

    def _note_known(self, name: str, before: set[Place]) -> None:
        have = self.desks[name].have
        for place in self.oracle.written.keys() - before:
            self.known_by_author[place] = have

    def image(self, name: str) -> None:
        """Copy the whole disk of a computer."""
        desk = self.desks[name]
        desk.db.close()
        target = self._place().with_suffix("")
        shutil.copytree(desk.folder.path, target)
        desk.reopen()
        self.images[name] = Image(target, {one.name: one.read_bytes() for one in notes(desk)})

    def put_back(self, name: str) -> None:
        """Put the whole disk back: nothing there tells the desk."""
        if name not in self.images:
            return
        desk, image = self.desks[name], self.images[name]
        reached = desk.have
        for one in notes(desk):
            one.unlink()
        desk.db.close()
        desk.steps.clear()
        shutil.rmtree(desk.folder.path)
        shutil.copytree(image.folder, desk.folder.path)
        for uid, content in image.notes.items():
            (notes_folder() / uid).write_bytes(content)
        desk.reopen()
        have, me = desk.have, desk.me
        if reached.get(me, 0) > have.get(me, 0):
            self.forks[me] = min(have.get(me, 0), self.forks.get(me, 1 << 48))
        self.clocks[name] += 10**7 + self.random.randint(1, 10**7)
        desk.wall_ms = max(desk.wall_ms, self.clocks[name])
        self._let_go_what_nobody_has()

    def restore(self, name: str) -> None:
        self.wall_ms += 60_000
        if name == HUB:
            super().restore(name)
        elif name in self.backups:
            self.desks[name].put_back(self.backups[name])
        self._let_go_what_nobody_has()

    def _let_go_what_nobody_has(self) -> None:
        """It may come yet, if a file is on its way, and need not."""
        had = self._operations()
        self.free |= {place for place in self.oracle.written if self._identity(place) not in had}

    def _identity(self, place: Place) -> tuple[int, bytes]:
        return place[0].stamp, self.oracle.written[place].record

    def _operations(self) -> set[tuple[int, bytes]]:
        found = {pair for desk in self.desks.values() for pair in operations(desk)}
        op = tables.op.c
        with self.hub.transaction() as connection:
            rows = connection.execute(
                select(op.stamp, op.record).where(func.length(op.body) > 1)
            ).all()
        return found | {(row.stamp, row.record) for row in rows}

    # Chance

    def choose(self, name: str) -> None:
        chance = self.random.random()
        if chance < 0.5:
            self.image(name)
        else:
            self.put_back(name)

    def try_one(self, index: int, *, is_kept: bool = False) -> None:
        file = self.files[index]
        try:
            self.arrive(index, is_kept=is_kept)
        except DeskError as error:
            if file.sender == HUB:  # as where desk and hub meet
                sending.note_unreadable(self.desks[file.recipient].db, error)
            if error.full_code not in {*REFUSALS, FORKED}:
                self.wrong.append(f"refused: {error.full_code}")

    def roam(self, steps: int) -> None:
        """A life of several stretches; a disk is copied or put back after each."""
        for _ in range(max(steps // 6, 1)):
            super().roam(6)
            self.choose(self.random.choice(list(self.desks)))

    def heal(self) -> None:
        """Until nobody has anything to tell; a file that is refused is answered."""
        self.random.shuffle(self.files)
        while self.files:
            self.try_one(0)
        for name in self.desks:
            self._join_again(name)
        for _ in range(7):
            for name in self.desks:
                self.send(name)
                while self.files:
                    self.try_one(0)
                self.answer(name)
                while self.files:
                    self.try_one(0)

    # The end

    def judged(self) -> list[str]:
        """What is wrong after `heal`."""
        found = list(self.wrong)
        desks = self.desks
        found += [one for one in self.unfinished() if "never reached" not in one]
        if len({repr(contents(desk.db)) for desk in desks.values()}) > 1:
            found.append("the desks show different things")
        for name, desk in desks.items():
            shown, told = rebuilt(desk.db)
            if shown != told:
                found.append(f"{name} shows something else than its history says")
            found += [f"{name} {words}" for words in self._amiss(desk)]
        return found

    def _amiss(self, desk: RealDesk) -> Iterator[str]:
        standing: defaultdict[tuple[bytes, int, int], set[str]] = defaultdict(set)
        for answer in desk.state():  # voices share the stamp of what they stand beside
            standing[answer.record, answer.field, answer.dot.stamp].add(answer.value)
        here = operations(desk)
        written = {
            place: one
            for place, one in self.oracle.written.items()
            if self._identity(place) in here
        }
        identities = Counter((self._identity(place), place[1]) for place in self.oracle.written)
        for place, one in self.oracle.written.items():
            dot, number = place
            if one.root in self.oracle.erased:
                continue
            values = standing[one.record, number, dot.stamp]
            shows = repr(one.value) in values
            after = [other for other, said in written.items() if place in said.replaced]
            said = f"{one.value!r} of field {number} of {one.record.hex()[:4]}"
            is_free = place in self.free or self._is_excused(place, one, written)
            if not (shows or after or is_free):
                yield f"lost {said}"
            is_alone = identities[self._identity(place), number] == 1
            if shows and after and is_alone and not self._is_forked(place):
                yield f"shows {said}, which was replaced"

    def _is_forked(self, place: Place) -> bool:
        dot, _ = place
        return dot.seq > self.forks.get(dot.origin, 1 << 48)

    def _is_excused(self, place: Place, one: Written, here: dict[Place, Written]) -> bool:
        """Who sent anything before he knew counts as having seen what stands under the numbers he had."""
        dot, number = place
        return self._is_forked(place) and any(
            other[1] == number
            and said.record == one.record
            and self.known_by_author[other].get(dot.origin, 0) >= dot.seq
            for other, said in here.items()
        )


def operations(desk: RealDesk) -> set[tuple[int, bytes]]:
    """All that history tells, by stamp and record; but not that a record was made, which is no write."""
    asked = (
        "SELECT h.stamp, r.uid FROM history h JOIN record r ON r.id=h.record WHERE length(h.body)>1"
    )
    return desk.db.read(lambda s: set(raw(s).execute(asked).fetchall()))


def notes_folder() -> Path:
    return platformdirs.user_state_path("correspondent-desk", appauthor=False) / "exported"


def notes(desk: RealDesk) -> list[Path]:
    """What the user keeps of the origins of this desk."""
    own = desk.db.read(
        lambda s: raw(s).execute("SELECT hex(uid) FROM origin WHERE mine").fetchall()
    )
    return [one for (uid,) in own if (one := notes_folder() / uid.lower()).exists()]
