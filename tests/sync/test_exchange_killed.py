"""Killed wherever it leaves other files, on a full disk, on a folder that takes nothing.

Whatever happens, the store is as before or as after, and the same file can be taken in again.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import database as hub_database
from correspondent_desk.hub import exchange as hub_side
from correspondent_desk.hub import ingest
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.store import history
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DataKey, DeskFolder, unlock
from correspondent_desk.sync import exchange
from tests.builders import PASSPHRASE, add_member
from tests.killing import (
    DONE,
    REFUSED,
    forks,
    in_child,
    no_file_beyond,
    until_it_answers,
    until_it_lives,
)
from tests.sync.desks import Town, contents, rebuilt


class Closed:
    """A desk's folder that is opened for a moment and put back to how it was."""

    def __init__(self, town: Town, desk: Database) -> None:
        desk.close()
        self.folder = desk.folder
        self.key: DataKey = unlock(desk.folder, PASSPHRASE)
        self.clock = town.clock
        self.original = desk.folder.path.with_name("original")
        shutil.copytree(desk.folder.path, self.original)

    def reset(self) -> None:
        shutil.rmtree(self.folder.path)
        shutil.copytree(self.original, self.folder.path)

    def opened(self) -> Database:
        return open_store(DeskFolder(self.folder.path), self.key, wall=self.clock)

    def apply(self, file: Path) -> None:
        desk = self.opened()
        exchange.apply(desk, file)
        desk.close()


def some_work(town: Town) -> tuple[Database, Database, Path]:
    """Two desks, and a file with new people and a disagreement for the second."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    town.round()
    town.round()

    def note(desk: Database, id_: int, text: str) -> None:
        desk.do(Action.MEMBER_EDITED, lambda s: setattr(s.get_one(Member, id_), "note", text))

    note(here, member, "By the harbour")
    note(there, there.read(lambda s: s.query(Member).one().id), "By the church")
    for name in ("Petit", "Roux"):
        add_member(here, name)
    town.up(here)
    return here, there, town.written_for(there)


@forks
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_import_killed_anywhere_is_whole_or_absent(town: Town) -> None:
    _, there, file = some_work(town)
    before = contents(there)
    closed = Closed(town, there)
    closed.apply(file)
    desk = closed.opened()
    after = contents(desk)
    desk.close()
    closed.reset()
    seen: set[str] = set()

    def check() -> None:
        desk = closed.opened()
        now = contents(desk)
        assert now in (before, after)
        seen.add("before" if now == before else "after")
        exchange.apply(desk, file)
        assert contents(desk) == after
        assert [one.field for one in desk.read(exchange.disagreements)] == ["note"]
        shown, from_history = rebuilt(desk)
        assert shown == from_history
        assert list(desk.folder.inbox.glob("*")) == []
        desk.check()
        desk.close()
        closed.reset()

    kills = until_it_lives(lambda: closed.apply(file), check, closed.folder.path)

    assert seen == {"before", "after"}
    assert kills > 5


@forks
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_export_killed_anywhere_leaves_a_whole_file_or_none(town: Town) -> None:
    here = town.desk("Yann")
    add_member(here, "Le Goff")
    closed = Closed(town, here)
    target = town.path / "stick" / "x.cdb"
    numbers: list[int] = []

    def export() -> None:
        desk = closed.opened()
        exchange.prepare(desk, target)
        desk.close()

    def check() -> None:
        if target.exists():
            exchange.inspect(target)
            ingest.take_in(town.hub, target)
        desk = closed.opened()
        prepared = exchange.prepare(desk, target)
        assert prepared is not None
        numbers.append(prepared.number)
        assert ingest.take_in(town.hub, target).fate in ("new", "nothing-new")
        assert [path.name for path in target.parent.iterdir()] == ["x.cdb"]
        target.unlink()
        desk.close()

    kills = until_it_lives(export, check, closed.folder.path, target.parent)

    assert numbers == sorted(set(numbers))
    assert kills > 5


@forks
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_hub_killed_anywhere_takes_the_file_in_again(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    for name in ("Le Goff", "Petit"):
        add_member(here, name)
    file = town.prepared(here)
    town.hub.close()
    original = town.path / "hub-original"
    shutil.copytree(town.path / "hub", original)

    def opened() -> hub_database.Hub:
        return hub_database.open_hub(HubFolder(town.path / "hub"), wall=town.clock)

    def work() -> None:
        hub = opened()
        ingest.take_in(hub, file)
        hub.close()

    def check() -> None:
        town.hub = opened()
        for left in town.hub.folder.inbox.glob("*"):
            os.utime(left, (0, 0))  # nobody is taking it in any more
        assert ingest.take_in(town.hub, file).fate in ("new", "duplicate")
        assert list(town.hub.folder.inbox.glob("*")) == []
        answer = town.written_for(there)
        preview = exchange.preview(there, answer)
        assert preview.effect.operations == 2
        town.hub.close()
        shutil.rmtree(town.path / "hub")
        shutil.copytree(original, town.path / "hub")

    kills = until_it_lives(work, check, town.path / "hub")

    assert kills > 3
    town.hub = opened()


# --- no room, no right ----------------------------------------------------------------------------


@forks
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_import_on_a_full_disk_changes_nothing(town: Town) -> None:
    _, there, file = some_work(town)
    before = contents(there)
    closed = Closed(town, there)
    size = closed.folder.store.stat().st_size
    statuses = []
    for limit in (1_000, 5_000, 20_000, 40_000, 100_000, size // 2, size, 4 * size):
        statuses.append(in_child(lambda: closed.apply(file), no_file_beyond(limit)))
        desk = closed.opened()
        now = contents(desk)
        if statuses[-1] == REFUSED:
            assert now == before
        exchange.apply(desk, file)
        assert [one.field for one in desk.read(exchange.disagreements)] == ["note"]
        desk.close()
        closed.reset()

    assert statuses[0] == REFUSED
    assert statuses[-1] == DONE
    assert set(statuses) == {REFUSED, DONE}


@forks
@pytest.mark.slow
def test_an_export_to_a_full_stick_leaves_nothing_there(town: Town) -> None:
    here = town.desk("Yann")
    here.do(
        Action.MEMBERS_IMPORTED,
        lambda s: history.bulk_insert(
            s,
            Kind.MEMBER,
            ["family_name", "note"],
            [(f"N{i}", os.urandom(200).hex()) for i in range(200)],
        ),
    )
    closed = Closed(town, here)
    target = town.path / "stick" / "x.cdb"

    def export() -> None:
        desk = closed.opened()
        exchange.prepare(desk, target)
        desk.close()

    status = in_child(export, no_file_beyond(40_000))

    assert status == REFUSED
    assert list(target.parent.iterdir()) == []
    assert in_child(export, lambda: None) == DONE


def _pulled_out(work: Callable[[], None], reset: Callable[[], None], stick: Path) -> None:
    """It is told by an error each time, and done with the next exchange."""

    def check() -> None:
        work()
        reset()

    assert until_it_answers(work, check, stick) > 0


def _on_stick(town: Town) -> tuple[Closed, Path, Callable[[], None]]:
    """A desk with work to send and a file from the hub to take; its stick, and how to put both back."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    stick, kept = town.path / "stick", town.path / "kept"
    for _time in range(2):
        add_member(here, "Le Goff")
        for desk in (here, there):
            exchange.exchange_folder(desk, stick)
        town.exchange_folder()
    add_member(there, "Petit")
    closed = Closed(town, there)
    shutil.copytree(stick, kept)

    def reset() -> None:
        closed.reset()
        shutil.rmtree(stick)
        shutil.copytree(kept, stick)

    return closed, stick, reset


@forks
def test_a_desk_tells_what_it_took_from_a_stick_that_is_pulled_out(town: Town) -> None:
    closed, stick, reset = _on_stick(town)

    def work() -> None:
        desk = closed.opened()
        try:
            report = exchange.exchange_folder(desk, stick)
            if report.failed is not None:
                assert report.received
                raise report.failed
        finally:
            desk.close()

    _pulled_out(work, reset, stick)


@forks
def test_a_hub_tells_what_it_took_from_a_stick_that_is_pulled_out(town: Town) -> None:
    closed, stick, _reset = _on_stick(town)
    desk = closed.opened()
    exchange.exchange_folder(desk, stick)
    desk.close()
    town.hub.close()
    hub, kept, sent = town.hub.folder.path, town.path / "kept hub", town.path / "sent"
    shutil.copytree(hub, kept)
    shutil.copytree(stick, sent)

    def work() -> None:
        opened = hub_database.open_hub(HubFolder(hub), wall=town.clock)
        try:
            report = hub_side.exchange_folder(opened, stick)
            if report.failed is not None:
                assert report.received or report.sent
                raise report.failed
        finally:
            opened.close()

    def put_back() -> None:
        for place, before in ((hub, kept), (stick, sent)):
            shutil.rmtree(place)
            shutil.copytree(before, place)

    _pulled_out(work, put_back, stick)


def test_a_stick_that_is_not_there_is_told(town: Town) -> None:
    here = town.desk("Yann")

    with pytest.raises(DeskError) as caught:
        exchange.prepare(here, town.path / "no such stick" / "x.cdb")

    assert caught.value.full_code == "bundle-write:no-folder"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_takes_nothing_is_told(town: Town) -> None:
    here = town.desk("Yann")
    place = town.path / "stick"
    place.chmod(0o500)
    try:
        with pytest.raises(DeskError) as caught:
            exchange.prepare(here, place / "x.cdb")
    finally:
        place.chmod(0o700)

    assert caught.value.full_code == "bundle-write:read-only"
