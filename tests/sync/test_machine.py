"""Lives of real stores and a real hub whose every choice Hypothesis makes, and shrinks to a story.

The stores are as in real.py and so is the oracle. On top of its actions there are here the shared
folder, the stick between desks, a colleague who forges, a desk that joins late and begins with a
snapshot, logs shortened at desks and hub, and a second office at the same hub.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, select

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import (
    compaction,
    ingest,
    invitations,
    offices,
    outgoing,
    recipients,
    snapshots,
    tables,
)
from correspondent_desk.hub import exchange as hub_side
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import compacting, exchange, letters, planting, relay
from correspondent_desk.sync.letters import Kept, Wanted
from correspondent_desk.sync.rejection import BundleRejected
from tests.keepers import Keeper
from tests.sync.desks import contents, rebuilt
from tests.sync.forging import forged
from tests.sync.real import OFFICE, REFUSALS, RealWorld
from tests.sync.real_desk import CASTS, RealDesk
from tests.volume import examples
from tests.worlds.carried import Write
from tests.worlds.world import HUB

ELSEWHERE = "Port de Kerlann"
MOST_DESKS = 4
STEPS = 25

places = st.integers(0, 11)
chances = st.integers(0, 1 << 16)


class Played(RealWorld):
    """A world in which nobody throws dice."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.stick = self.path / "stick"
        self.stick.mkdir()
        self.stranger = self._stranger()

    def _stranger(self) -> RealDesk:
        """A desk of another office of this hub."""
        offices.add(self.hub, ELSEWHERE)
        invitation = self._place().with_suffix(".cdinvite")
        invitations.invite(self.hub, ELSEWHERE, invitation)
        return RealDesk(self.path / "stranger", self.cast, invitation, [])

    def close(self) -> None:
        super().close()
        self.stranger.db.close()

    def name(self, place: int) -> str:
        return list(self.desks)[place % len(self.desks)]

    def allowed(self, act: Callable[[], object]) -> None:
        """Do something that may be refused as real.py allows it, and nothing else."""
        try:
            act()
        except DeskError as error:
            self.refused(error)

    def refused(self, error: DeskError) -> None:
        if error.full_code not in REFUSALS:
            self.wrong.append(f"refused: {error.full_code}")

    def by_folder(self, name: str) -> None:
        """The desk, the hub and the desk again visit a shared folder."""
        for visit in (self._desk_at_stick, lambda _: self._hub_at_stick(), self._desk_at_stick):
            visit(name)

    def _desk_at_stick(self, name: str) -> None:
        for one in exchange.exchange_folder(self.desks[name].db, self.stick).refused:
            self.refused(one.error)

    def _hub_at_stick(self) -> None:
        for one in hub_side.exchange_folder(self.hub, self.stick).refused:
            self.refused(one.error)

    def by_stick(self, sender: str, recipient: str) -> None:
        """Without the hub: what one puts on the stick, the other finds."""
        desk = self.desks[sender].db
        for row in desk.read(relay.colleagues):
            if row.name == self._known_as(recipient):
                relay.put_for(desk, self.stick, row)
                self._desk_at_stick(recipient)

    def restore(self, name: str) -> None:
        """Which takes its time: what the hub numbers by its clock is not numbered so again."""
        self.wall_ms += 60_000
        super().restore(name)

    def join(self) -> None:
        if len(self.desks) < MOST_DESKS:
            name = f"desk {len(self.desks) + 1}"
            self.backups.pop(HUB, None)  # a hub that forgot an invitation gives another: by people
            invitation = self._place().with_suffix(".cdinvite")
            invitations.invite(self.hub, OFFICE, invitation)
            self.desks[name] = RealDesk(self.path / name, self.cast, invitation, self.records)
            self.clocks[name] = self.wall_ms

    def forget(self, name: str) -> None:
        """A desk shortens its log; no copy of the hub is as old as what a desk forgets (ADR 30)."""
        with self.hub.transaction() as connection:
            had = offices.vector(connection, offices.named(connection, OFFICE).id)
        self.backups.pop(HUB, None)
        desk = self.desks[name]
        desk.db.keep(lambda s: compacting.compact(s, had))
        desk.steps.clear()

    def forge_for(self, sender: str, recipient: str) -> None:
        """A desk alters what others signed while it passes it on; the findings tell who believes it."""
        honest = letters.lacking

        def dishonest(connection: sqlite3.Connection, known: Vector, *wanted: Wanted) -> list[Kept]:
            return [forged(one) for one in honest(connection, known, *wanted)]

        count = len(self.files)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(letters, "lacking", dishonest)
            self.pass_to(sender, recipient)
        for file in self.files[count:]:
            self.files.remove(file)
            with suppress(BundleRejected):
                exchange.apply(self.desks[recipient].db, file.path, is_meant=True)

    def work_elsewhere(self, number: int) -> None:
        """The other office works and exchanges."""
        record = number.to_bytes(16, "big")
        self.stranger.write([Write(record, record, {3: str(number)})], self.wall_ms)
        prepared = exchange.prepare(self.stranger.db, self._place())
        if prepared is not None:
            self.allowed(lambda: ingest.take_in(self.hub, prepared.path))
        for to in recipients.every(self.hub):
            if to.desk.name == "stranger":
                place = self._place().with_suffix("")
                place.mkdir()
                sent = outgoing.write(self.hub, to, place).path
                self.allowed(partial(exchange.apply, self.stranger.db, sent, is_meant=True))

    def findings(self) -> list[str]:
        """As ever, and what is shown without a reason in history, and what left its office."""
        found = super().findings()
        elsewhere = everything_at(self.stranger)
        for name, desk in self.desks.items():
            shown, told = rebuilt(desk.db)
            if shown != told:
                found.append(f"{name} shows something else than its history says")
            if everything_at(desk) & elsewhere:
                found.append(f"{name} and another office hold the same")
        return found

    def at_the_end(self) -> list[str]:
        """After `heal`: what is wrong on top of the findings."""
        found = self.unfinished()
        alike = {repr(contents(desk.db)) for desk in self.desks.values()}
        return found if len(alike) == 1 else [*found, "the desks show different things"]


def everything_at(desk: RealDesk) -> set[bytes]:
    """The ids of all records, those of settings excepted which every new desk has."""
    return desk.db.read(
        lambda s: {
            row[0]
            for row in raw(s).execute("SELECT uid FROM record WHERE kind=?", (int(desk.cast.kind),))
        }
    )


class Lives(RuleBasedStateMachine):
    """Two or three desks, a hub, two records and another office."""

    keeper: ClassVar[Keeper] = Keeper()

    @initialize(desks=st.integers(2, 3), cast=st.integers(0, 1), have_met=st.booleans())
    def begin(self, desks: int, cast: int, have_met: bool) -> None:  # noqa: FBT001
        self.path = Path(tempfile.mkdtemp(prefix="desk-life-"))
        seed = 0 if have_met else 2
        self.world = Played(seed, self.path, CASTS[cast], desk_count=desks, keeper=self.keeper)

    # What people do

    @rule(desk=places, record=places, number=places, value=places)
    def edit(self, desk: int, record: int, number: int, value: int) -> None:
        world = self.world
        fields = list(world.cast.values)
        field = fields[number % len(fields)]
        values = world.cast.values[field]
        uid = world.records[record % 2]
        world.save(world.name(desk), Write(uid, uid, {field: values[value % len(values)]}))

    @rule(desk=places, chance=chances)
    def take_back(self, desk: int, chance: int) -> None:
        self.world.random = Random(chance)
        self.world.take_back(self.world.name(desk))

    @rule(desk=places, years=st.sampled_from([-50, 1, 70]))
    def set_clock(self, desk: int, years: int) -> None:
        self.world.clocks[self.world.name(desk)] = self.world.wall_ms + years * 31_557_600_000

    @rule(record=places)
    def erase(self, record: int) -> None:
        self.world.erase_one(self.world.records[record % 2])

    # Files

    @rule(desk=places, is_lost=st.booleans())
    def send(self, desk: int, *, is_lost: bool) -> None:
        self.world.send(self.world.name(desk), is_lost=is_lost)

    @rule(desk=places, is_lost=st.booleans())
    def answer(self, desk: int, *, is_lost: bool) -> None:
        self.world.answer(self.world.name(desk), is_lost=is_lost)

    @rule(sender=places, recipient=places)
    def pass_on(self, sender: int, recipient: int) -> None:
        self.world.pass_to(self.world.name(sender), self.world.name(recipient))

    @precondition(lambda self: self.world.files)
    @rule(place=places, is_kept=st.booleans())
    def arrive(self, place: int, *, is_kept: bool) -> None:
        self.world.try_one(place % len(self.world.files), is_kept=is_kept)

    @rule(desk=places)
    def exchange_by_folder(self, desk: int) -> None:
        self.world.by_folder(self.world.name(desk))

    @rule(sender=places, recipient=places)
    def exchange_by_stick(self, sender: int, recipient: int) -> None:
        self.world.by_stick(self.world.name(sender), self.world.name(recipient))

    @rule(sender=places, recipient=places)
    def forge(self, sender: int, recipient: int) -> None:
        self.world.forge_for(self.world.name(sender), self.world.name(recipient))

    @rule(number=st.integers(1, 9))
    def work_elsewhere(self, number: int) -> None:
        self.world.work_elsewhere(number)

    # Copies and short logs

    @rule(place=places, is_hub=st.booleans())
    def back_up(self, place: int, *, is_hub: bool) -> None:
        self.world.back_up(HUB if is_hub else self.world.name(place))

    @precondition(lambda self: self.world.backups)
    @rule(place=places)
    def restore(self, place: int) -> None:
        copied = list(self.world.backups)
        self.world.restore(copied[place % len(copied)])

    @precondition(lambda self: self.world.backups)
    @rule(place=places)
    def open_copy(self, place: int) -> None:
        self.world.open_copy(self.world.name(place))

    @rule()
    def join(self) -> None:
        self.world.join()

    @rule(desk=places)
    def compact_desk(self, desk: int) -> None:
        self.world.forget(self.world.name(desk))

    @rule()
    def compact_hub(self) -> None:
        compaction.compact(self.world.hub)

    @invariant()
    def every_store_holds_what_it_must(self) -> None:
        found = self.world.findings()
        assert not found, "; ".join(found)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.heal()
            found = self.world.findings() + self.world.at_the_end()
            assert not found, "; ".join(found)
        finally:
            self.world.close()
            shutil.rmtree(self.path)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """All logs are old enough at once, and who has nothing yet begins with a snapshot."""

    def limits(connection: Connection, now_ms: int) -> dict[int, int]:
        del now_ms
        return {row.id: row.next_pos for row in connection.execute(select(tables.office))}

    monkeypatch.setattr(compaction, "_limits", limits)
    monkeypatch.setattr(snapshots, "FROM", 1)
    monkeypatch.setattr(planting, "PLANTED_FROM", 1)
    monkeypatch.setattr(planting, "_MOST_THERE", 0)


def meet(keeper: Keeper, lives: int, phases: Sequence[Phase] = tuple(Phase)) -> None:
    """Let Hypothesis look for a life that ends badly, in so many."""

    class Hosted(Lives):
        pass

    Hosted.keeper = keeper
    run_state_machine_as_test(
        Hosted,
        settings=settings(
            max_examples=lives,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keeper", "lives"),
    [("sqlite", examples(4)), ("postgresql", examples(2))],
    indirect=["keeper"],
)
def test_no_life_ends_badly(keeper: Keeper, lives: int) -> None:
    meet(keeper, lives)
