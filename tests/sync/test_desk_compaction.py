"""A desk forgets what was replaced long ago, and nothing that stands."""

from datetime import timedelta

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.store.journal import history_of
from correspondent_desk.store.tables import Member
from correspondent_desk.store.undo import NothingToUndo
from correspondent_desk.sync import compacting, exchange
from correspondent_desk.sync.origins import Origins
from tests.builders import add_member
from tests.sync.desks import Town, contents, rebuilt


def note(desk: Database, member: int, text: str) -> None:
    desk.do(Action.MEMBER_EDITED, lambda s: setattr(s.get_one(Member, member), "note", text))


def operations(desk: Database) -> int:
    return desk.read(lambda s: len(raw(s).execute("SELECT 1 FROM history").fetchall()))


def months(town: Town, count: int) -> None:
    """Each month the desks exchange, though nobody works."""
    for _ in range(count):
        town.clock.at += timedelta(days=31)
        town.round()


def busy(town: Town) -> tuple[Database, Database, int]:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "PETIT")
    for number in range(20):
        note(here, member, f"note {number}")
    town.round()
    town.round()
    return here, there, member


def test_what_was_replaced_long_ago_goes(town: Town) -> None:
    here, there, member = busy(town)
    before = operations(here), contents(here)

    months(town, 12)
    assert operations(here) == before[0], "not yet"
    months(town, 3)

    assert operations(here) < before[0] - 15
    assert operations(there) < before[0] - 15
    assert contents(here) == contents(there) == before[1]
    shown, told = rebuilt(here)
    assert shown == told
    changes = here.read(lambda s: history_of(s, member))
    told_of = {change.field: change for row in changes for change in row.changes}
    assert told_of["note"].after == {"note": "note 19"}
    assert told_of["note"].before == {"note": "note 18"}


def test_what_the_hub_lacks_stays(town: Town) -> None:
    here, _, member = busy(town)
    note(here, member, "never sent 1")
    note(here, member, "never sent 2")
    unsent = exchange.status(here).to_send

    here.keep(lambda s: compacting.compact(s, Origins(raw(s)).vector))

    assert exchange.status(here).to_send == unsent == 2
    town.round()
    town.round()
    assert contents(town.desks[0]) == contents(town.desks[1])


def test_old_steps_are_not_taken_back_by_halves(town: Town) -> None:
    here, _, member = busy(town)
    here.keep(lambda s: compacting.compact(s, Origins(raw(s)).vector))
    here.undo()  # the newest of all stays whole

    assert here.read(lambda s: s.get_one(Member, member).note) == "note 18"
    with pytest.raises(NothingToUndo):
        here.undo()
    note(here, member, "a new one")
    here.undo()
    assert here.read(lambda s: s.get_one(Member, member).note) == "note 18"


def test_a_clock_once_wrong_makes_nothing_old(town: Town) -> None:
    here, _, _ = busy(town)
    before = operations(here)
    months(town, 1)
    town.clock.at += timedelta(days=20_000)
    town.round()
    town.clock.at -= timedelta(days=20_000)
    months(town, 2)

    assert operations(here) == before


def test_a_new_desk_still_gets_everything(town: Town) -> None:
    here, _, _ = busy(town)
    months(town, 15)
    third = town.desk("Maël")
    town.round()
    town.round()

    assert contents(third) == contents(here)


def test_an_old_exchange_is_not_taken_back(town: Town) -> None:
    _, there, _ = busy(town)
    assert exchange.status(there).taken_in
    there.keep(lambda s: compacting.compact(s, Origins(raw(s)).vector))

    assert not exchange.status(there).taken_in


def test_the_notes_are_few(town: Town) -> None:
    busy(town)
    months(town, 30)
    kept = town.desks[0].read(lambda s: history.read_setting(s, "exchange.reach", list[object]))
    assert kept is not None
    assert len(kept) < 20
