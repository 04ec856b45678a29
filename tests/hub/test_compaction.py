"""The hub's log is shortened; a desk that was away for longer begins from a snapshot and loses nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from correspondent_desk.cli.main import main
from correspondent_desk.domain.actions import Action
from correspondent_desk.hub import compaction, tables
from correspondent_desk.hub.compaction import Compacted
from correspondent_desk.hub.compaction_tables import log_reach
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import bundle, exchange, link, parcels
from tests.builders import Clock, add_member, open_desk
from tests.keepers import Keeper
from tests.sync.desks import Town, contents, edit, rebuilt
from tests.sync.kept import town_after

LONG = timedelta(days=401)
MS = timedelta(milliseconds=1)


@pytest.fixture
def aged(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    """Two desks that edited, disagreed and removed long ago; both have all of it, and so has the hub."""
    aged = town_after(tmp_path, keeper, years)
    yield aged
    aged.close()


def remove(desk: Database, name: str) -> None:
    desk.do(
        Action.MEMBER_REMOVED,
        lambda s: history.remove(s, s.query(Member).filter(Member.first_name == name).one()),
    )


def years(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for name in ("Anne", "Lou", "Paul", "Enora"):
        add_member(here, "Le Goff", first_name=name)
    for _ in range(2):
        town.round()
    for number in range(8):
        edit(here, "Anne", note=f"No. {number}")
        edit(there, "Lou", service=f"Floor {number}")
        if number % 4 == 3:
            town.round()
    edit(here, "Lou", employer="Harbour")
    edit(there, "Lou", employer="Town hall")
    remove(there, "Paul")
    edit(here, "Paul", service="Kitchen")
    remove(here, "Enora")
    for _ in range(2):
        town.round()
    town.clock.at += timedelta(days=2)
    edit(here, "Anne", matricule="0042")
    town.up(here)


def later(town: Town) -> Compacted:
    """It is time, and the logs are shortened."""
    town.clock.at += LONG
    return compaction.compact(town.hub)


def in_log(town: Town) -> int:
    with town.hub.transaction(1) as connection:
        found: int = connection.execute(select(func.count()).select_from(tables.op)).scalar_one()
    return found


def is_snapshot(desk: Database, path: Path) -> bool:
    def read(session: Session) -> bool:
        known, keys = link.load(session)
        trust = bundle.signed_by({known.hub.signing})
        return bool(parcels.load(path, keys.receiving, trust).snapshot)

    return desk.read(read)


def disputes(desk: Database) -> list[tuple[str, frozenset[str]]]:
    return sorted(
        (one.field, frozenset(map(str, (one.here.columns, one.there.columns))))
        for one in desk.read(exchange.disagreements)
    )


def test_what_was_replaced_long_ago_goes_and_what_stands_stays(aged: Town) -> None:
    here, there = aged.desks
    before = in_log(aged)

    assert compaction.compact(aged.hub) == Compacted()  # nothing is old yet
    done = later(aged)

    assert done.offices == 1
    assert done.operations == before - in_log(aged) > 12
    assert compaction.compact(aged.hub) == Compacted()
    new = aged.desk("Maël")
    aged.up(new)
    file = aged.written_for(new)
    assert is_snapshot(new, file)
    exchange.apply(new, file)
    assert contents(new) == contents(here)
    assert disputes(new) == disputes(here)
    assert {field for field, _ in disputes(new)} == {"employer", "removed"}
    aged.down(there)
    assert contents(there) == contents(here)


def test_who_is_not_behind_gets_operations_as_ever(aged: Town) -> None:
    here, there = aged.desks
    aged.down(there)
    later(aged)
    edit(here, "Anne", note="Now")
    aged.up(here)

    file = aged.written_for(there)

    assert not is_snapshot(there, file)
    exchange.apply(there, file)
    assert contents(there) == contents(here)


def test_a_desk_that_was_away_for_years_keeps_what_it_never_sent(aged: Town) -> None:
    here, _ = aged.desks
    away = aged.desk("Maël")
    aged.up(away)
    aged.down(away)
    edit(away, "Lou", note="Never sent")
    edit(away, "Anne", note="Never sent either")
    add_member(away, "Kervella", first_name="Malo")
    for number in range(5):
        edit(here, "Anne", note=f"Later {number}")
    remove(here, "Lou")
    for _ in range(2):
        aged.round(here, aged.desks[1])
    aged.clock.at += timedelta(days=2)
    edit(here, "Anne", matricule="0043")
    aged.up(here)
    assert later(aged).operations > 3

    file = aged.written_for(away)
    assert is_snapshot(away, file)
    foreseen = exchange.preview(away, file).effect
    assert foreseen == exchange.apply(away, file).effect
    for _ in range(2):
        aged.round()

    assert contents(away) == contents(here)
    assert disputes(away) == disputes(here)
    assert ("note", frozenset({"{'note': 'Later 4'}", "{'note': 'Never sent either'}"})) in (
        disputes(here)
    )
    assert {field for field, _ in disputes(here)} >= {"note", "removed", "employer"}
    shown, told = rebuilt(away)
    assert shown == told


def test_a_shortened_log_is_shortened_again(aged: Town) -> None:
    here, there = aged.desks
    later(aged)
    edit(there, "Lou", employer="Library")
    aged.round()
    for number in range(5):
        edit(here, "Anne", note=f"Later {number}")
        aged.round()
    aged.clock.at += timedelta(days=2)
    aged.round()
    edit(here, "Anne", note="Last")
    aged.round()

    assert later(aged).operations > 4

    new = aged.desk("Maël")
    aged.up(new)
    aged.down(new)
    assert contents(new) == contents(here) == contents(there)
    edit(new, "Anne", note="Again")
    for _ in range(2):
        aged.round()
    assert contents(new) == contents(here) == contents(there)
    assert disputes(new) == disputes(here) == disputes(there)


def test_the_last_operation_of_each_desk_stays(aged: Town) -> None:
    """Whatever became of its value: by it a desk that was put back from a copy is told."""
    here, there = aged.desks
    aged.round()
    edit(there, "Anne", note="Replaced")
    aged.round()
    edit(here, "Anne", note="By this")
    aged.round()
    aged.clock.at += timedelta(days=2)
    edit(here, "Anne", matricule="0044")
    aged.up(here)
    later(aged)
    with aged.hub.transaction(1) as connection:
        op, origin = tables.op.c, tables.origin.c
        heads = connection.execute(
            select(origin.uid).join(
                tables.op,
                (op.office == origin.office) & (op.origin == origin.id) & (op.seq == origin.hi),
            )
        ).all()
        every = connection.execute(select(origin.uid).where(origin.hi > 0)).all()
    assert len(every) == 2
    assert set(heads) == set(every)


def test_little_waits_until_it_is_worth_it(aged: Town) -> None:
    aged.clock.at += LONG

    assert compaction.compact(aged.hub, worth_it=1_000) == Compacted()
    assert compaction.compact(aged.hub, is_over=lambda: True) == Compacted()
    assert compaction.compact(aged.hub).operations


def test_a_wrong_clock_of_a_desk_neither_hastens_nor_hinders(town: Town, tmp_path: Path) -> None:
    """How old something is, is told by when it came."""
    here = open_desk(tmp_path / "late", "Yann", Clock(datetime(2019, 1, 1)))  # noqa: DTZ001
    town.desks.append(here)
    exchange.enrol(here, town.invitation(), desk_name="PC Yann")
    add_member(here, first_name="Anne")
    for number in range(5):
        edit(here, "Anne", note=f"No. {number}")
    town.up(here)
    town.clock.at += timedelta(days=399)
    edit(here, "Anne", note="Last")
    town.up(here)

    assert compaction.compact(town.hub) == Compacted()
    town.clock.at += timedelta(days=2)
    assert compaction.compact(town.hub) == Compacted()  # all came after the first note
    town.clock.at += LONG
    assert compaction.compact(town.hub).operations == 4


def test_how_far_the_log_reached_is_noted_once_a_day(town: Town) -> None:
    desk = town.desk("Yann")
    for _ in range(3):
        for number in range(3):
            add_member(desk, f"N{number}")
            town.up(desk)
        town.clock.at += timedelta(days=1)

    with town.hub.transaction() as connection:
        noted = connection.scalars(select(log_reach.c.pos).order_by(log_reach.c.at)).all()
    assert len(noted) == 3
    assert noted == sorted(set(noted))


def test_a_hub_that_is_never_served_is_shortened_by_command(aged: Town) -> None:
    before = in_log(aged)
    command = ["hub", "compact", "--hub", str(aged.hub.folder.path)]
    assert main(command) == 1

    with aged.hub.transaction() as connection:
        connection.execute(update(log_reach).values(at=log_reach.c.at - 2 * LONG // MS))

    assert main(command) == 0
    assert in_log(aged) < before
