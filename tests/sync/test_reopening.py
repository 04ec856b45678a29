"""A disagreement that was settled and taken back is open again, here and after exchanges everywhere."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.records.saving import count_disagreements, open_disagreements
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Choice, Disagreement
from tests.builders import add_member
from tests.sync.desks import Town, contents


def edit(desk: Database, member: int, **columns: Any) -> None:
    def work(session: Session) -> None:
        found = session.get_one(Member, member)
        for name, value in columns.items():
            setattr(found, name, value)

    desk.do(Action.MEMBER_EDITED, work)


def only(desk: Database) -> Member:
    return desk.read(lambda s: s.query(Member).one())


def settle(desk: Database, choice: Choice | str) -> None:
    [open_] = desk.read(exchange.disagreements)
    desk.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, open_.id, choice))


def quarrel(town: Town, *values: str) -> list[Database]:
    """One desk for each value of one member's employer, written without knowing of the others."""
    desks = [town.desk(f"Person {number}") for number in range(len(values))]
    add_member(desks[0], "Le Goff", employer="Before")
    town.round()
    town.round()
    for desk, value in zip(desks, values, strict=True):
        town.clock.at = town.clock.at.replace(minute=town.clock.at.minute + 1)
        edit(desk, only(desk).id, employer=value)
    town.round()
    town.round()
    return desks


def said(open_: Disagreement) -> set[str]:
    return {told.columns["employer"] for told in (open_.here, open_.there, *open_.others)}


@pytest.mark.parametrize("choice", [Choice.HERE, Choice.THERE, "A third"])
def test_a_settlement_taken_back_is_open_again_everywhere(town: Town, choice: Choice | str) -> None:
    here, there = quarrel(town, "Harbour", "Town hall")
    shown = only(here).employer
    settle(here, choice)
    town.round()
    town.round()
    assert there.read(exchange.disagreements) == []

    here.undo()
    at_once = here.read(exchange.disagreements)
    town.round()
    town.round()

    for found in (at_once, here.read(exchange.disagreements), there.read(exchange.disagreements)):
        assert [said(one) for one in found] == [{"Harbour", "Town hall"}]
    assert only(here).employer == only(there).employer == shown
    assert contents(here) == contents(there)


def test_one_taken_back_before_it_left_is_open_everywhere(town: Town) -> None:
    here, there = quarrel(town, "Harbour", "Town hall")
    settle(here, Choice.THERE)
    here.undo()
    town.round()
    town.round()

    assert [said(one) for one in there.read(exchange.disagreements)] == [{"Harbour", "Town hall"}]
    assert there.read(count_disagreements) == here.read(count_disagreements) == 1


def test_three_values_come_back(town: Town) -> None:
    desks = quarrel(town, "Harbour", "Town hall", "Library")
    settle(desks[0], "A fourth")
    town.round()
    town.round()

    desks[0].undo()
    town.round()
    town.round()

    for desk in desks:
        [open_] = desk.read(exchange.disagreements)
        assert said(open_) == {"Harbour", "Town hall", "Library"}


def test_redone_it_is_closed_everywhere_and_undone_open_again(town: Town) -> None:
    here, there = quarrel(town, "Harbour", "Town hall")
    settle(here, "A third")
    here.undo()
    town.round()

    here.redo()
    town.round()
    town.round()
    closed = here.read(exchange.disagreements) + there.read(exchange.disagreements)
    values = only(here).employer, only(there).employer
    here.undo()
    town.round()
    town.round()

    assert (closed, values) == ([], ("A third", "A third"))
    assert len(there.read(exchange.disagreements)) == 1


def test_a_reopened_disagreement_settled_there_closes_everywhere(town: Town) -> None:
    here, there = quarrel(town, "Harbour", "Town hall")
    settle(here, "A third")
    here.undo()
    town.round()
    town.round()

    settle(there, "A fourth")
    town.round()
    town.round()

    assert here.read(exchange.disagreements) == there.read(exchange.disagreements) == []
    assert only(here).employer == only(there).employer == "A fourth"


def test_an_edit_on_the_card_that_settled_is_taken_back_likewise(town: Town) -> None:
    here, _ = quarrel(town, "Harbour", "Town hall")
    edit(here, only(here).id, employer="A third", note="By the harbour")

    here.undo()

    [open_] = here.read(exchange.disagreements)
    assert said(open_) == {"Harbour", "Town hall"}
    assert only(here).note == ""


def test_a_removal_without_knowing_is_told_on_the_card_and_opens_again(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(here, "Le Goff")
    town.round()
    town.round()
    edit(here, only(here).id, service="Laundry")
    there.do(Action.MEMBER_REMOVED, lambda s: history.remove(s, s.query(Member).one()))
    town.round()
    town.round()
    told = [d.read(lambda s: open_disagreements(s, Kind.MEMBER, 1)) for d in (here, there)]

    settle(here, Choice.THERE)
    removed = only(here).removed_at
    here.undo()
    town.round()
    town.round()

    assert told == [("removed",), ("removed",)]
    assert removed is not None
    for desk in (here, there):
        assert only(desk).removed_at is None
        assert [one.field for one in desk.read(exchange.disagreements)] == ["removed"]
        assert desk.read(count_disagreements) == 1


def test_history_tells_what_each_author_replaced(town: Town) -> None:
    here, there = quarrel(town, "Harbour", "Town hall")

    for desk in (here, there):
        changes = [
            (change.before, change.after)
            for row in desk.history_of(only(desk).id)
            for change in row.changes
            if change.field == "employer" and not row.is_creation
        ]
        assert changes == [
            ({"employer": "Before"}, {"employer": "Town hall"}),
            ({"employer": "Before"}, {"employer": "Harbour"}),
        ]


def test_a_second_edit_there_tells_the_first_as_before(town: Town) -> None:
    """Both come in one file beside what was written here, and neither was ever shown here."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(here, "Le Goff", birth_date=date(1970, 1, 1))
    town.round()
    town.round()
    for day in (2, 3):
        edit(there, only(there).id, birth_date=date(1970, 1, day))
    town.clock.at = town.clock.at.replace(hour=11)
    edit(here, only(here).id, birth_date=date(1970, 1, 9))
    town.up(there)
    town.down(here)

    rows = [row for row in here.history_of(only(here).id) if not row.action.is_mine]

    told = [(change.before, change.after) for row in rows for change in row.changes]
    days = [{"birth_date": date(1970, 1, day)} for day in (1, 2, 3)]
    assert told == [(days[1], days[2]), (days[0], days[1])]
