"""Somebody is erased on request: nothing brings them back, and the hub knows where it was done."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.hub import (
    erasing,
    erasure_file,
    erasure_ledger,
    identity,
    ingest,
    offices,
    recipients,
    tables,
)
from correspondent_desk.hub.database import open_hub
from correspondent_desk.hub.erasing import State
from correspondent_desk.messages.bundles import report_in_words
from correspondent_desk.records import erasures, members, removals
from correspondent_desk.store import erasure_wishes
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import unlock
from correspondent_desk.sync import exchange, ledger
from tests.builders import PASSPHRASE, add_member
from tests.keepers import Keeper
from tests.sync.desks import Town, contents, write


def again(town: Town, desk: Database, old: Path | None = None) -> Database:
    """Close the desk and open it again, from a copy of its store if there is one."""
    desk.close()
    if old is not None:
        shutil.copyfile(old, desk.folder.store)
    made = open_store(desk.folder, unlock(desk.folder, PASSPHRASE), wall=town.clock)
    made.person = desk.person
    town.desks[town.desks.index(desk)] = made
    return made


def ask(desk: Database, member: int) -> str:
    return desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, MemberId(member))).result


def traces(desk: Database, uid: bytes, name: str) -> list[str]:
    """Where anything of the member is still found in a store, the words of the search included."""

    def look(session: object) -> list[str]:
        connection = raw(session)  # type: ignore[arg-type]
        found = []
        tables_ = connection.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND sql LIKE 'CREATE TABLE%'"
        ).fetchall()
        for (table,) in tables_:
            for row in connection.execute(f"SELECT * FROM '{table}'"):
                for value in row:
                    content = value if isinstance(value, bytes) else str(value).encode()
                    if uid in content or name.lower().encode() in content.lower():
                        found.append(str(table))
        return found

    return desk.read(look)


def test_who_is_erased_leaves_every_desk_and_the_hub(town: Town) -> None:
    asking, other = town.desk("Yann"), town.desk("Rozenn")
    kept = add_member(asking, "Le Goff")
    gone = add_member(asking, "Quemeneur")
    uid = asking.read(lambda s: uid_of(s, gone))
    town.round()
    assert traces(other, uid, "Quemeneur")

    reference = ask(asking, gone)
    assert not asking.read(lambda s: members.find_ids(s, "quemeneur", today=date(2026, 12, 1)))
    town.round()
    [wish] = erasing.requests(town.hub)
    assert (wish.reference, wish.state, wish.desk) == (reference, State.ASKED, 1)
    confirmed = erasing.confirm(town.hub, wish.id, by="Nathalie")
    assert (confirmed.state, confirmed.done, confirmed.desks) == (State.CONFIRMED, 0, 2)

    file = town.written_for(asking)
    looked = exchange.preview(asking, file)
    report = exchange.apply(asking, file)
    assert (looked.erased, report.erased, town.down(asking).erased) == (1, 1, 0)
    told = report_in_words(report, town.clock.at.date())
    assert "1 person erased for good, as the committee decided." in told
    town.down(other)
    town.up(asking)
    assert [(one.done, one.desks) for one in erasing.requests(town.hub)] == [(1, 2)]
    town.up(other)

    assert [(one.done, one.desks) for one in erasing.requests(town.hub)] == [(2, 2)]
    assert traces(asking, uid, "Quemeneur") == traces(other, uid, "Quemeneur") == []
    assert contents(asking) == contents(other)
    assert asking.read(lambda s: s.get(Member, kept)) is not None
    with town.hub.transaction(1) as connection:
        assert uid not in {row.root for row in connection.execute(tables.op.select())}
        assert uid not in set(connection.scalars(tables.root.select()))


def test_in_a_shared_folder_a_desk_that_only_erased_tells_so(town: Town) -> None:
    desk = town.desk("Yann")
    ask(desk, add_member(desk, "Quemeneur"))

    def meet() -> None:
        exchange.exchange_folder(desk, town.path / "stick")
        town.exchange_folder()

    for _ in range(3):
        meet()
    [wish] = erasing.requests(town.hub)
    erasing.confirm(town.hub, wish.id)

    for _ in range(3):
        meet()

    assert [one.done for one in erasing.requests(town.hub)] == [1]


def test_who_undoes_the_removal_takes_the_wish_back(town: Town) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    ask(desk, gone)
    town.round()
    assert [one.state for one in erasing.requests(town.hub)] == [State.ASKED]

    desk.undo()
    town.round()

    assert erasing.requests(town.hub) == []
    assert desk.read(erasure_wishes.rows) == []


def test_a_wish_declined_taken_back_and_uttered_again_is_to_be_decided(town: Town) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    ask(desk, gone)
    town.round()
    [wish] = erasing.requests(town.hub)
    erasing.decline(town.hub, wish.id)
    town.round()
    assert [one.state for one in erasing.requests(town.hub)] == [State.DECLINED], "asked before"

    desk.undo()
    town.round()
    ask(desk, gone)
    town.round()

    assert [one.state for one in erasing.requests(town.hub)] == [State.ASKED]


def test_a_wish_taken_back_and_uttered_again_between_two_exchanges_is_to_be_decided(
    town: Town,
) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    ask(desk, gone)
    town.round()
    erasing.decline(town.hub, 1, why="A request of theirs is open.")
    town.round()
    late = town.written_for(desk)

    desk.undo()
    ask(desk, gone)
    exchange.apply(desk, late)  # which speaks of the wish that was taken back
    [again_asked] = desk.read(erasure_wishes.rows)
    town.round()
    [wish] = erasing.requests(town.hub)

    assert (again_asked.declined_at, again_asked.reason) == (None, "")
    assert wish.state == State.ASKED
    town.clock.at += timedelta(minutes=1)
    erasing.decline(town.hub, wish.id, why="It is still open.")
    town.round()
    town.round()
    assert [one.reason for one in erasing.requests(town.hub)] == ["It is still open."]
    [told] = desk.read(erasure_wishes.rows)
    assert told.reason == "It is still open."


def test_a_wish_undone_and_done_again_between_two_exchanges_is_to_be_decided(town: Town) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    ask(desk, gone)
    town.round()
    erasing.decline(town.hub, 1, why="A request of theirs is open.")
    town.round()

    desk.undo()
    assert desk.read(erasure_wishes.rows) == []
    desk.redo()

    [told] = desk.read(erasure_wishes.rows)
    assert (told.declined_at, told.reason) == (None, "")
    town.round()
    assert [one.state for one in erasing.requests(town.hub)] == [State.ASKED]


def test_who_was_brought_back_and_is_removed_later_is_not_asked_for(town: Town) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    ask(desk, gone)
    town.round()
    desk.do(Action.MEMBER_EDITED, lambda s: removals.bring_back(s, MemberId(gone)))
    town.round()

    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, MemberId(gone)))
    desk.undo()
    desk.redo()
    town.round()

    assert desk.read(erasure_wishes.rows) == []
    assert erasing.requests(town.hub) == []


def test_the_office_hears_that_its_wish_was_declined_and_why(town: Town) -> None:
    asking, other = town.desk("Yann"), town.desk("Rozenn")
    gone = add_member(asking, "Quemeneur")
    ask(asking, gone)
    town.round()
    town.round()
    assert not any(one.has_news for one in recipients.every(town.hub))
    late = town.written_for(asking)

    erasing.decline(town.hub, 1, by="Nathalie", why="  A request of theirs\nis open.  ")
    assert all(one.has_news for one in recipients.every(town.hub))
    town.round()

    [told] = asking.read(erasure_wishes.rows)
    assert (told.declined_at, told.reason) == (
        erasing.requests(town.hub)[0].decided_at,
        "A request of theirs is open.",
    )
    exchange.apply(asking, late)
    assert asking.read(erasure_wishes.rows) == [told], "a late file says what was once"
    assert other.read(erasure_wishes.rows) == []
    asking.undo()
    town.round()
    ask(asking, gone)
    town.round()
    [told] = asking.read(erasure_wishes.rows)
    assert told.declined_at is None, "it is to be decided again"


def test_late_work_of_a_desk_that_was_away_for_months_brings_nobody_back(town: Town) -> None:
    asking, away = town.desk("Yann"), town.desk("Rozenn")
    gone = add_member(asking, "Quemeneur")
    uid = asking.read(lambda s: uid_of(s, gone))
    town.round()
    ask(asking, gone)
    town.round(asking)
    erasing.confirm(town.hub, 1)
    there = away.read(lambda s: s.query(Member).one())
    write(away, there, note="rang about the holidays")
    late = add_member(away, "Le Goff")

    town.round(asking)
    town.up(away)
    town.round()
    town.round()

    assert traces(asking, uid, "Quemeneur") == traces(away, uid, "Quemeneur") == []
    assert contents(asking) == contents(away)
    assert away.read(lambda s: s.get(Member, late)) is not None
    assert not exchange.status(away).to_send


def test_a_desk_put_back_from_an_old_copy_has_erased_before_it_opens(town: Town) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    uid = desk.read(lambda s: uid_of(s, gone))
    town.round()
    old = town.path / "old.db"
    desk.close()
    shutil.copyfile(desk.folder.store, old)
    desk = again(town, desk)
    ask(desk, gone)
    town.round()
    erasing.confirm(town.hub, 1)
    town.round()

    back = again(town, desk, old)

    assert traces(back, uid, "Quemeneur") == []
    town.round()
    assert traces(back, uid, "Quemeneur") == []


def test_a_hub_put_back_from_an_old_copy_has_erased_before_it_opens(
    town: Town, keeper: Keeper
) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    uid = desk.read(lambda s: uid_of(s, gone))
    ask(desk, gone)
    town.round()
    town.hub.close()
    copy = keeper.copy(town.hub.folder, "before")
    town.hub = open_hub(town.hub.folder, wall=town.clock)
    erasing.confirm(town.hub, 1, by="Nathalie")
    town.hub.close()

    keeper.put_back(town.hub.folder, copy)
    town.hub = open_hub(town.hub.folder, wall=town.clock)

    [wish] = erasing.requests(town.hub)
    assert wish.state == State.CONFIRMED
    with town.hub.transaction(1) as connection:
        assert uid not in {row.root for row in connection.execute(tables.op.select())}
    town.round()
    town.round()
    assert traces(desk, uid, "Quemeneur") == []


def test_nobody_can_ask_for_somebody_of_another_office(town: Town) -> None:
    offices.add(town.hub, "Mairie de Kerlann")
    ours, theirs = town.desk("Yann"), town.desk("Rozenn", "Mairie de Kerlann")
    member = add_member(theirs, "Quemeneur")
    uid = theirs.read(lambda s: uid_of(s, member))
    town.round()

    with town.hub.transaction() as connection:
        desk = connection.execute(tables.desk.select().where(tables.desk.c.office == 1)).one()
        of = offices.lock(connection, desk.office)
        assert of.name == "Mairie de Valbrune"
        erasing.ask(town.hub, connection, desk, "Yann", [uid])

    assert erasing.requests(town.hub) == []
    assert ours.read(lambda s: s.query(Member).all()) == []


def test_the_file_alone_knows_what_a_killed_hub_confirmed(town: Town) -> None:
    desk = town.desk("Yann")
    gone = add_member(desk, "Quemeneur")
    ask(desk, gone)
    town.round()
    erasing.confirm(town.hub, 1)
    line = town.hub.folder.ledger.read_bytes()
    with town.hub.folder.ledger.open("ab") as file:
        file.write(line[:50])  # a power cut

    town.hub.close()
    town.hub = open_hub(town.hub.folder, wall=town.clock)
    other = add_member(desk, "Le Goff")
    ask(desk, other)
    town.up(desk)
    erasing.confirm(town.hub, 2)

    assert len(town.hub.folder.ledger.read_bytes()) == 2 * len(line)
    assert ingest.known(town.hub)
    assert [one.lags for one in recipients.every(town.hub)] == [True]


def test_what_several_look_at_at_once_is_noted_once(town: Town) -> None:
    """Each minute a process that serves compares file and database; so does every command."""
    of = offices.add(town.hub, "Port de Kerlann")
    with town.hub.transaction(of.id) as connection:  # as a process does that has another file
        offices.lock(connection, of.id)
        line = ledger.sign(identity.keys(connection).signing, of.uid, 1, bytes(32))
        erasure_ledger.enter(town.hub, connection, of.id, [line])

    with ThreadPoolExecutor(4) as at_once:
        together = threading.Barrier(4)
        looks = [at_once.submit(look, town, together) for _ in range(4)]
        for one in looks:
            one.result()

    assert erasure_file.read(town.hub.folder.ledger) == {of.uid: [line]}
    assert erasure_file.count(town.hub.folder.ledger) == 1


def look(town: Town, together: threading.Barrier) -> None:
    together.wait()
    erasure_ledger.replay(town.hub)
