"""Killed wherever an erasure leaves other files: somebody is there as before, or nowhere."""

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.hub import erasing as hub_erasing
from correspondent_desk.hub import erasure_ledger
from correspondent_desk.hub.database import open_hub
from correspondent_desk.records import erasures
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Member
from tests.builders import add_member
from tests.killing import forks, until_it_lives
from tests.sync.desks import Town, contents, rebuilt
from tests.sync.test_exchange_killed import Closed


def asked(town: Town) -> None:
    """One desk keeps somebody and has asked for somebody else."""
    desk = town.desk("Yann")
    add_member(desk, "Le Goff")
    gone = MemberId(add_member(desk, "Quemeneur"))
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, gone))
    town.round()


@forks
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_desk_killed_anywhere_has_erased_at_the_latest_when_it_opens_again(town: Town) -> None:
    asked(town)
    hub_erasing.confirm(town.hub, 1)
    [desk] = town.desks
    before = contents(desk)
    file = town.written_for(desk)
    closed = Closed(town, desk)
    closed.apply(file)
    opened = closed.opened()
    after = contents(opened)
    opened.close()
    closed.reset()
    seen: set[str] = set()

    def check() -> None:
        has_file = closed.folder.erased.exists()
        desk = closed.opened()
        now = contents(desk)
        assert now == after if has_file else now in (before, after)
        seen.add("before" if now == before else "after")
        shown, from_history = rebuilt(desk)
        assert shown == from_history
        desk.check()
        desk.close()
        closed.apply(file)
        desk = closed.opened()
        assert contents(desk) == after
        assert desk.read(lambda s: s.query(Member.family_name).all()) == [("Le Goff",)]
        desk.close()
        closed.reset()

    kills = until_it_lives(lambda: closed.apply(file), check, closed.folder.path)

    assert seen == {"before", "after"}
    assert kills > 5


@forks
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_hub_killed_anywhere_erases_whole_or_not_at_all(town: Town) -> None:
    asked(town)
    town.hub.close()
    folder = town.hub.folder
    original = {path: path.read_bytes() for path in folder.path.iterdir() if path.is_file()}
    states: set[str] = set()

    def confirm() -> None:
        hub = open_hub(folder, wall=town.clock)
        hub_erasing.confirm(hub, 1)
        hub.close()

    def check() -> None:
        has_line = folder.ledger.exists() and folder.ledger.stat().st_size > 0
        hub = open_hub(folder, wall=town.clock)
        [wish] = hub_erasing.requests(hub)
        with hub.transaction(1) as connection:
            lines = erasure_ledger.entries(connection, 1)
        assert bool(lines) is (wish.state == "confirmed")
        assert lines or not has_line
        states.add(wish.state)
        hub.close()
        for left in folder.path.iterdir():
            if left.is_file():
                left.unlink()
        for path, content in original.items():
            path.write_bytes(content)

    until_it_lives(confirm, check, folder.path)
    town.hub = open_hub(folder, wall=town.clock)

    assert states == {"asked", "confirmed"}


def test_the_log_beside_the_store_keeps_no_page_of_the_erased(town: Town) -> None:
    asked(town)
    hub_erasing.confirm(town.hub, 1)
    [desk] = town.desks
    # SQLCipher has it on once it has a key, so nothing else would be seen here.
    desk.keep(lambda s: raw(s).execute("PRAGMA secure_delete=OFF").fetchone())

    town.down(desk)

    log = desk.folder.store.with_name("desk.db-wal")
    assert not log.exists() or log.stat().st_size == 0
    assert desk.keep(lambda s: raw(s).execute("PRAGMA secure_delete").fetchone()) == (1,)
