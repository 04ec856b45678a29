"""A whole exchange taken back in one step, done again, and refused where somebody wrote since."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Dependant, Member
from correspondent_desk.store.undo import NothingToUndo, Standing, UndoConflict
from correspondent_desk.sync import exchange, taking_back
from tests.builders import add_member
from tests.sync.desks import Town, contents


@pytest.fixture
def desks(town: Town) -> tuple[Database, Database]:
    """Both know Le Goff and Petit."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(here, "Le Goff", employer="Before")
    add_member(here, "Petit")
    town.round()
    town.round()
    return here, there


def member(desk: Database, name: str) -> Member:
    return desk.read(lambda s: s.query(Member).filter(Member.family_name == name).one())


def edit(desk: Database, name: str, **columns: Any) -> None:
    def work(session: Session) -> None:
        found = session.query(Member).filter(Member.family_name == name).one()
        for column, value in columns.items():
            setattr(found, column, value)

    desk.do(Action.MEMBER_EDITED, work)


def take_back_newest(desk: Database) -> None:
    taking_back.take_back(desk, desk.read(taking_back.taken_in)[0].bundle)


def without_removed(desk: Database) -> dict[str, list[tuple[Any, ...]]]:
    return {
        kind: [row for row in rows if row[1] == "None"] for kind, rows in contents(desk).items()
    }


def test_all_of_it_is_taken_back_and_done_again(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    edit(there, "Le Goff", employer="Harbour", note="First")
    edit(there, "Le Goff", note="Second")
    edit(there, "Petit", family_name="Roux")
    add_member(there, "Kervella")
    before = without_removed(here)
    town.up(there)
    town.down(here)
    came = contents(here)

    take_back_newest(here)
    back = without_removed(here)
    [row, *_] = here.read(taking_back.taken_in)
    here.redo()

    assert back == before
    assert (row.is_undone, row.records) == (True, 4)
    assert contents(here) == came
    town.round()
    town.round()
    assert contents(here) == contents(there)


def test_taken_back_here_it_is_taken_back_everywhere(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    before = without_removed(here)
    edit(there, "Le Goff", employer="Harbour")
    add_member(there, "Kervella")
    town.up(there)
    town.down(here)

    take_back_newest(here)
    town.round()
    town.round()

    assert without_removed(here) == without_removed(there) == before


def test_it_may_be_taken_back_again_after_it_was_done_again(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    before = without_removed(here)
    edit(there, "Le Goff", employer="Harbour")
    town.up(there)
    town.down(here)

    take_back_newest(here)
    with pytest.raises(NothingToUndo):
        take_back_newest(here)
    here.redo()
    take_back_newest(here)

    assert without_removed(here) == before


def test_what_was_written_here_at_the_same_time_stays_and_nothing_is_left_to_settle(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    edit(here, "Le Goff", employer="Town hall")
    town.clock.at = town.clock.at.replace(hour=11)
    edit(there, "Le Goff", employer="Harbour")
    town.up(there)
    town.down(here)

    take_back_newest(here)
    town.round()
    town.round()

    assert member(here, "Le Goff").employer == member(there, "Le Goff").employer == "Town hall"
    assert here.read(exchange.disagreements) == there.read(exchange.disagreements) == []


def test_a_settlement_that_came_is_open_again(town: Town, desks: tuple[Database, Database]) -> None:
    here, there = desks
    edit(here, "Le Goff", employer="Town hall")
    edit(there, "Le Goff", employer="Harbour")
    town.round()
    town.round()
    edit(there, "Le Goff", employer="Library")
    town.up(there)
    town.down(here)
    settled = here.read(exchange.disagreements)

    take_back_newest(here)

    [open_] = here.read(exchange.disagreements)
    assert settled == []
    assert {told.columns["employer"] for told in (open_.here, open_.there)} == {
        "Town hall",
        "Harbour",
    }


def test_fields_written_since_are_named_and_nothing_is_taken_back(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    edit(there, "Le Goff", employer="Harbour", service="Laundry")
    edit(there, "Petit", note="By the church")
    town.up(there)
    town.down(here)
    edit(here, "Le Goff", employer="Town hall")
    before = contents(here)

    with pytest.raises(UndoConflict) as refused:
        take_back_newest(here)

    le_goff = member(here, "Le Goff").id
    assert refused.value.fields == (Standing(Kind.MEMBER, le_goff, "employer"),)
    assert contents(here) == before


def test_what_a_later_exchange_wrote_stands_in_the_way_too(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    edit(there, "Le Goff", employer="Harbour")
    town.up(there)
    town.down(here)
    edit(there, "Le Goff", employer="Library")
    town.up(there)
    town.down(here)
    second, first = here.read(taking_back.taken_in)[:2]

    with pytest.raises(UndoConflict):
        taking_back.take_back(here, first.bundle)
    taking_back.take_back(here, second.bundle)
    taking_back.take_back(here, first.bundle)

    assert member(here, "Le Goff").employer == "Before"


def test_a_new_member_to_whom_somebody_was_added_stays(
    town: Town, desks: tuple[Database, Database]
) -> None:
    here, there = desks
    add_member(there, "Kervella")
    town.up(there)
    town.down(here)
    new = member(here, "Kervella").id
    here.do(
        Action.DEPENDANT_ADDED,
        lambda s: history.create(s, Dependant, root=new, member_id=new, first_name="Lou"),
    )

    with pytest.raises(UndoConflict) as refused:
        take_back_newest(here)

    assert refused.value.fields == (Standing(Kind.MEMBER, new, None),)
