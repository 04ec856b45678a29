"""Decisions, erasure and the shortening of logs on the same people; a database or a ledger that is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from correspondent_desk.cli.main import main
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.hub import compaction, database, erasing, tables
from correspondent_desk.hub.database import HubAlreadyThere, NoHubHere
from correspondent_desk.records import erasures
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.tables import Member
from tests.builders import add_member
from tests.hub.test_decisions import decided, number
from tests.hub.test_erasing import traces
from tests.keepers import ON_DISK, Keeper
from tests.records.acts import a_member, a_request, request_card
from tests.sync.desks import Town, contents, rebuilt, write

YEARS = timedelta(days=401)


def verdicts(desk: Database) -> list[str]:
    found = desk.read(
        lambda s: raw(s).execute("SELECT verdict FROM decision ORDER BY id").fetchall()
    )
    return [verdict for (verdict,) in found]


def roots_in_log(town: Town) -> set[bytes]:
    with town.hub.transaction(1) as connection:
        return {row.root for row in connection.execute(select(tables.op))}


def test_what_was_decided_stands_and_who_was_erased_stays_away_through_the_years(
    town: Town,
) -> None:
    here, away = town.desk("Yann"), town.desk("Rozenn")
    kept, gone = a_member(here, "Le Goff"), a_member(here, "Quemeneur")
    uid = here.read(lambda s: uid_of(s, gone))
    sent = [a_request(here, one, status=RequestStatus.SENT) for one in (kept, gone)]
    for _ in range(2):
        town.round()
    first, second = (number(here, one) for one in sent)
    decided(town, f"{first};accord;320,00;;;", f"{second};accord;100,00;;;")
    town.round(here)
    assert verdicts(here) == ["granted", "granted"]
    there = away.read(lambda s: s.query(Member).filter_by(family_name="Quemeneur").one())
    write(away, there, note="unsent, on somebody erased")
    for count in range(3):
        write(here, here.read(lambda s: s.get_one(Member, kept)), note=f"note {count}")
    here.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, gone))
    town.round(here)
    erasing.confirm(town.hub, 1)
    town.round(here)

    town.clock.at += timedelta(days=2)
    add_member(here, "Petit")
    town.up(here)  # the hub notes how far its log reaches
    town.clock.at += YEARS
    assert compaction.compact(town.hub).operations
    report = decided(town, f"{first};refus;;Trop tard;;", f"{second};refus;;Trop tard;;")
    assert (report.new, len(report.left_out)) == (1, 1)
    for _ in range(3):
        town.round()
    newcomer = town.desk("Driss")
    for _ in range(2):
        town.round()

    for desk in (here, away, newcomer):
        assert contents(desk) == contents(here)
        assert sorted(verdicts(desk)) == ["granted", "refused"]
        assert traces(desk, uid, "Quemeneur") == []
        shown, told = rebuilt(desk)
        assert shown == told
    assert uid not in roots_in_log(town)
    assert request_card(here, sent[0]).draft.status is RequestStatus.SENT


def erased_and_copied(town: Town, keeper: Keeper) -> str:
    """Somebody was erased since the copy of the database."""
    desk = town.desk("Yann")
    gone = MemberId(add_member(desk, "Quemeneur"))
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, gone))
    town.round()
    copy = town.copied_hub(keeper, "before")
    erasing.confirm(town.hub, 1)
    town.hub.close()
    return copy


@ON_DISK
def test_a_lost_database_is_named_and_a_copy_of_it_erases_before_it_opens(
    town: Town, keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = erased_and_copied(town, keeper)
    for left in town.hub.folder.path.glob("hub.db*"):
        left.unlink()
    before = sorted(one.name for one in town.hub.folder.path.iterdir())

    with pytest.raises(NoHubHere, match="database-lost"):
        database.open_hub(town.hub.folder)
    with pytest.raises(HubAlreadyThere, match="database-lost"):
        database.create(town.hub.folder, "Another")
    assert main(["--lang", "en", "hub", "desks", "--hub", str(town.hub.folder.path)]) == 2
    assert "Put the newest copy of it back" in capsys.readouterr().err
    assert sorted(one.name for one in town.hub.folder.path.iterdir()) == before

    keeper.put_back(town.hub.folder, copy)
    town.hub = database.open_hub(town.hub.folder, wall=town.clock)
    assert roots_in_log(town) == set()


def test_a_lost_ledger_is_written_again_from_the_database(town: Town, keeper: Keeper) -> None:
    copy = erased_and_copied(town, keeper)
    town.hub.folder.ledger.unlink()

    town.hub = database.open_hub(town.hub.folder, wall=town.clock)
    town.put_hub_back(keeper, copy)

    assert roots_in_log(town) == set()
