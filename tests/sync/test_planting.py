"""What a snapshot puts down in whole columns is what merging it record by record would have made."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.hub import snapshots
from correspondent_desk.store import derived, history, search, stamps, values
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Contact, Meeting, Member, Request
from correspondent_desk.sync import exchange, planting
from correspondent_desk.sync.planting import Planted, Planting
from correspondent_desk.sync.snapshot import Snapshot
from tests.builders import add_member
from tests.sync.desks import Town, contents, rebuilt

NAMES = ("Le Goff", "Kervella", "D'Hérouville", "Nguyễn", "O’Brien", "de La Tour")


@pytest.fixture
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Every new desk gets a snapshot, however little there is."""
    monkeypatch.setattr(snapshots, "FROM", 1)
    monkeypatch.setattr(planting, "PLANTED_FROM", 1)
    monkeypatch.setattr(planting, "_MOST_THERE", 0)
    return town


def some_work(desk: Database, chance: Random) -> None:
    """An action of several records of several kinds."""
    at = datetime(2026, 11, 2, 9, 0) + timedelta(hours=chance.randrange(400))  # noqa: DTZ001 - local

    def work(session: Session) -> None:
        members = [row[0] for row in session.query(Member.id).filter(Member.removed_at.is_(None))]
        one = session.get_one(Member, chance.choice(members))
        match chance.randrange(7):
            case 0:
                one.note = f"Note {chance.random()}"
            case 1:
                one.phones = [{"number": "+33612345607", "label": "", "do_not_use": False}]
                one.birth_date = at.date()
            case 2:
                history.remove(session, one)
            case 3:
                history.create(
                    session,
                    Meeting,
                    root=one.id,
                    member_id=one.id,
                    starts_at=at,
                    status=chance.choice(("seen", "planned")),
                )
            case 4:
                request = history.create(session, Request, root=one.id, member_id=one.id)
                history.create(
                    session, Contact, root=one.id, request_id=request.id, member_id=one.id, at=at
                )
            case _:
                way, reached = chance.choice(("visit", "phone")), chance.random() < 0.7
                columns: dict[str, Any] = {"way": way, "reached": reached, "at": at}
                history.create(session, Contact, root=one.id, member_id=one.id, **columns)

    desk.do(Action.MEMBER_EDITED, work)


def a_life(town: Town, seed: int) -> Database:
    """Two desks that worked and disagreed; the first, which has exchanged all of it."""
    chance = Random(seed)
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for number in range(12):
        add_member(here, chance.choice(NAMES), first_name=f"A{number}", matricule=f"00{number}x")
    for _ in range(3):
        town.round(here, there)
        for desk in (here, there):
            for _ in range(chance.randrange(12)):
                some_work(desk, chance)
    for _ in range(2):
        town.round(here, there)
    return here


def everything(desk: Database) -> dict[str, list[Any]]:
    """All that an import writes, by the ids that travel."""

    def read(session: Session) -> dict[str, list[Any]]:
        connection = raw(session)

        def rows(sql: str) -> list[Any]:
            return connection.execute(sql).fetchall()

        uids = dict(rows("SELECT id, uid FROM origin"))
        return {
            "record": sorted(
                (uid, kind, root, sorted((uids[origin], seq, at, *fields) for origin, seq, at, fields in of))
                for uid, kind, root, stamp in rows(
                    "SELECT r.uid, r.kind, o.uid, r.stamp FROM record r JOIN record o ON o.id=r.root"
                )
                for of in (stamps.groups(stamp),)
            ),
            "history": sorted(
                (uids[origin], seq, uid, at, action, values.decode(body), before and values.decode(before))
                for origin, seq, uid, at, action, body, before in rows(
                    "SELECT h.origin, h.seq, r.uid, h.stamp, a.number, h.body, h.before"
                    " FROM history h JOIN record r ON r.id=h.record JOIN action a ON a.id=h.action"
                    " WHERE h.origin NOT IN (SELECT id FROM origin WHERE mine)"
                )
            ),
            "action": sorted(
                rows(
                    "SELECT o.uid, a.number, a.at, a.person, a.code, r.uid, a.records, a.first, a.last"
                    " FROM action a JOIN origin o ON o.id=a.origin JOIN record r ON r.id=a.subject"
                    " WHERE NOT o.mine"
                )
            ),
            "derived": sorted(
                rows(
                    "SELECT r.uid, sort_key, search_doc, phone_doc, last_seen_on, last_contact_on"
                    " FROM member m JOIN record r ON r.id=m.id"
                ),
            ),
            "origin": sorted(rows("SELECT uid, hi, floor, stamp FROM origin WHERE NOT mine")),
            "schema": sorted(rows("SELECT type, name, tbl_name, sql FROM sqlite_master"), key=str),
        }  # fmt: skip

    return desk.read(read)


def days(desk: Database) -> list[Any]:
    """When members were last seen and reached, of those whose row repeats it."""
    sql = "SELECT id, last_seen_on, last_contact_on FROM member ORDER BY id"
    return desk.read(lambda s: raw(s).execute(sql).fetchall())


def days_worked_out_again(desk: Database) -> list[Any]:
    ids = [row[0] for row in days(desk)]
    desk.keep(lambda s: derived.refresh_days(s, ids))
    return days(desk)


def found(desk: Database, words: str) -> list[bytes]:
    """Who is found by words, in their order."""

    def read(session: Session) -> list[bytes]:
        connection = raw(session)
        uids = dict(connection.execute("SELECT id, uid FROM record"))
        return [uids[id_] for id_ in search.find(connection, words)]

    return desk.read(read)


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_make_the_same(town: Town, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    here = a_life(town, seed)
    quick, slow = town.desk("Maël"), town.desk("Enora")
    for desk in (quick, slow):
        town.up(desk)
    put_down: list[Planted] = []
    plant = Planting.plant

    def noted(self: Planting, *told: Any) -> Planted:
        put_down.append(plant(self, *told))
        return put_down[-1]

    monkeypatch.setattr(Planting, "plant", noted)
    quickly = town.down(quick)
    monkeypatch.setattr(planting, "PLANTED_FROM", 1_000_000)
    slowly = town.down(slow)

    assert len(put_down[0].records) > 5
    assert not put_down[1].records
    assert everything(quick) == everything(slow)
    assert contents(quick) == contents(slow)
    assert contents(slow) == contents(here)
    assert rebuilt(quick)[0] == rebuilt(quick)[1]
    assert (quickly.fate, quickly.effect.operations) == (slowly.fate, slowly.effect.operations)
    for one in ("new", "changed", "removed", "people", "unshown"):
        assert getattr(quickly.effect, one) == getattr(slowly.effect, one)
    assert len(quickly.effect.disputed) == len(slowly.effect.disputed)
    for words in ("goff", "herouville", "nguyen", "tour", "0612345607", "a1", "3x"):
        assert found(quick, words) == found(slow, words)
    for desk in (quick, slow, here):  # what other rows repeat was raised, not worked out
        assert days(desk) == days_worked_out_again(desk)
    for index in ("member_fts", "member_phone"):
        quick.keep(
            lambda s, i=index: raw(s).execute(f"INSERT INTO {i}({i}) VALUES('integrity-check')")  # type: ignore[misc]
        )


def test_a_value_that_does_not_fit_leaves_its_kind_to_the_merge(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = a_life(town, 1)
    new = town.desk("Maël")
    town.up(new)
    columns = Snapshot.columns

    def altered(self: Snapshot) -> Iterator[Any]:
        for section in columns(self):
            for shape, fields in zip(section.shapes, section.values, strict=True):
                if 7 in shape and 8 not in shape:  # the matricule, which is text
                    fields[shape.index(7)] = [7] * len(fields[0])
            yield section

    monkeypatch.setattr(Snapshot, "columns", altered)
    town.down(new)

    assert contents(new) == contents(here)  # the merge reads the section again, as it came


def test_a_desk_with_work_of_its_own_puts_down_the_rest(town: Town) -> None:
    here = a_life(town, 2)
    new = town.desk("Maël")
    add_member(new, "Kervella", first_name="Enora")
    town.up(new)
    add_member(new, "Kervella", first_name="Never sent")

    town.down(new)
    for _ in range(2):
        town.round()

    assert contents(new) == contents(here)
    assert exchange.status(new).to_send == 0
