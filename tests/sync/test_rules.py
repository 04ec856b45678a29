"""Every rule of the table of merge rules, over two real desks and a hub: what both show, what is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import (
    SYNCED,
    Contact,
    Dependant,
    Document,
    Meeting,
    Member,
    Request,
    Synced,
)
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Choice
from tests.sync.desks import Town, contents

UID = bytes(range(16))
NINE, TEN = (datetime.fromisoformat(f"2026-12-03T{hour}:00") for hour in ("09", "10"))


@dataclass(frozen=True)
class Case:
    """What two desks write at once in one record; shown: what both show; asked: what is to settle.

    shown None: what was written later. soft: it may be settled and need not be. before: what stood
    there, where what is written would stand there anyway.
    """

    table: type[Synced]
    first: dict[str, Any]
    then: dict[str, Any]
    shown: dict[str, Any] | None
    asked: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    before: dict[str, Any] = field(default_factory=dict)


CASES = {
    "ask: names": Case(
        Member, {"family_name": "Petit"}, {"family_name": "Roux"}, None, ("family_name",)
    ),
    "ask: an address is one value": Case(
        Member,
        {"address_lines": ["1 rue Haute"], "postcode": "29000"},
        {"town": "Brest"},
        {"address_lines": [], "postcode": "", "town": "Brest"},
        ("address",),
    ),
    "ask: bracket with its year": Case(
        Member, {"bracket": "A", "bracket_year": 2026}, {"bracket": "B"}, None, ("bracket",)
    ),
    "ask: slot of a meeting": Case(
        Meeting,
        {"starts_at": NINE},
        {"starts_at": TEN},
        None,
        ("slot",),
    ),
    "ask: day of the event": Case(
        Request,
        {"event_on": date(2026, 12, 1)},
        {"event_on": date(2026, 12, 2)},
        None,
        ("event_on",),
    ),
    "ask: relation of a dependant": Case(
        Dependant, {"relation": "other"}, {"relation": "partner"}, None, ("relation",)
    ),
    "equal values are no disagreement": Case(
        Member, {"family_name": "Petit"}, {"family_name": "Petit"}, {"family_name": "Petit"}
    ),
    "different fields merge": Case(
        Member, {"family_name": "Petit"}, {"note": "x"}, {"family_name": "Petit", "note": "x"}
    ),
    "newest shown: service": Case(
        Member, {"service": "Laundry"}, {"service": "Kitchen"}, None, soft=("service",)
    ),
    "newest shown: preferred channel": Case(
        Member,
        {"preferred_channel": "phone"},
        {"preferred_channel": "mail"},
        None,
        soft=("preferred_channel",),
    ),
    "long text: ask": Case(Member, {"note": "Harbour"}, {"note": "Church"}, None, ("note",)),
    "seen wins": Case(
        Document,
        {"state": "seen"},
        {"state": "missing"},
        {"state": "seen"},
        before={"state": "refused"},
    ),
    "received wins over seen": Case(
        Document, {"state": "received"}, {"state": "seen"}, {"state": "received"}
    ),
    "seen and refused: ask": Case(
        Document, {"state": "refused"}, {"state": "seen"}, {"state": "refused"}, ("state",)
    ),
    "furthest step": Case(Request, {"status": "sent"}, {"status": "waiting"}, {"status": "sent"}),
    "granted with refused: ask": Case(
        Request, {"status": "granted"}, {"status": "refused"}, None, ("status",)
    ),
    "closed with live work: live work is shown and the ending is asked": Case(
        Request, {"status": "waiting"}, {"status": "closed"}, {"status": "waiting"}, ("status",)
    ),
    "edit beats removal": Case(
        Member,
        {"service": "Laundry"},
        {"removed_at": NINE},
        {"service": "Laundry", "removed_at": None},
        ("removed",),
    ),
    "two removals agree": Case(Contact, {"removed_at": NINE}, {"removed_at": TEN}, None),
}


def found(session: Session, table: type[Synced], uid: bytes = UID) -> Synced:
    record = history.find(session, SYNCED[table.kind], uid)
    assert record is not None
    return record


def write(desk: Database, table: type[Synced], columns: dict[str, Any], uid: bytes = UID) -> None:
    def work(session: Session) -> None:
        record = found(session, table, uid)
        assert any(getattr(record, name) != value for name, value in columns.items())
        for name, value in columns.items():
            setattr(record, name, value)

    desk.do(Action.MEMBER_EDITED, work)


def both(town: Town, table: type[Synced]) -> tuple[Database, Database]:
    """Two desks that know one record."""
    here, there = town.meet("Yann", "Rozenn")
    here.do(Action.MEMBER_CREATED, lambda s: history.create(s, table, uid=UID))
    town.round()
    return here, there


def uid(case: Case) -> bytes:
    """Of the record in which the desks write of this case."""
    return bytes([*UID[:-1], 100 + list(CASES.values()).index(case)])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Database]]:
    """Two desks, once each has written in a record of each case and both have all of it."""
    town = Town(tmp_path_factory.mktemp("rules"))
    here, there = town.meet("Yann", "Rozenn")
    for case in CASES.values():
        make = partial(history.create, table=case.table, uid=uid(case), **case.before)
        here.do(Action.MEMBER_CREATED, make)
    town.round()
    for case in CASES.values():
        write(here, case.table, case.first, uid(case))
    town.clock.at = town.clock.at.replace(hour=11)
    for case in CASES.values():
        write(there, case.table, case.then, uid(case))
    town.round()
    town.round()
    yield [here, there]
    town.close()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_rule(written: list[Database], case: Case) -> None:
    shown = case.then if case.shown is None else case.shown
    for desk in written:
        record = desk.read(lambda s: found(s, case.table, uid(case)))
        of_it = [one for one in desk.read(exchange.disagreements) if one.record == record.id]
        assert {name: getattr(record, name) for name in shown} == shown
        assert tuple(one.field for one in of_it if not one.is_soft) == case.asked
        assert tuple(one.field for one in of_it if one.is_soft) == case.soft


def test_both_desks_hold_the_same(written: list[Database]) -> None:
    here, there = written

    assert contents(here) == contents(there)


def test_adding_up_both_texts_stand_one_under_the_other(town: Town) -> None:
    here, there = both(town, Member)
    write(here, Member, {"note": "By the harbour"})
    town.clock.at = town.clock.at.replace(hour=11)
    write(there, Member, {"note": "By the church"})
    town.round()
    town.round()
    [open_] = here.read(exchange.disagreements)

    here.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, open_.id, Choice.BOTH))
    town.round()
    town.round()

    assert open_.may_keep_both
    for desk in (here, there):
        record = desk.read(lambda s: found(s, Member))
        assert getattr(record, "note").split("\n\n") in (  # noqa: B009
            ["By the harbour", "By the church"],
            ["By the church", "By the harbour"],
        )
        assert desk.read(exchange.disagreements) == []


def test_records_of_two_desks_add_up(town: Town) -> None:
    """Contacts, steps and dependants are records of their own: two at once are two."""
    here, there = both(town, Member)
    for desk in (here, there):
        desk.do(Action.DEPENDANT_ADDED, lambda s: history.create(s, Dependant, first_name="Lou"))
    town.round()
    town.round()

    for desk in (here, there):
        assert desk.read(lambda s: s.query(Dependant).count()) == 2
        assert desk.read(exchange.disagreements) == []
