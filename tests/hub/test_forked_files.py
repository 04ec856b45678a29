"""Files under numbers that the hub has of another life of their desk: nothing in them is lost."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.cli.main import main
from correspondent_desk.hub import approving, declining, desks, forked, held, ingest, refused
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.upkeep import Upkeep
from correspondent_desk.messages.rejections import sentence
from correspondent_desk.store.identity import uid_of
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import add_member
from tests.keepers import Keeper
from tests.sync.desks import OFFICE, Town, contents, met
from tests.sync.test_forks import erase, image, names, note, put_back


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    """Anne's file was on its way while her whole disk was put back; the hub has what she wrote since."""
    with closing(Town(tmp_path, database=keeper.fresh())) as town:
        met(town, ("Anne", "Bruno"))
        before = add_member(town.desks[0], "Before")
        town.round()
        town.round()
        image(town, 0, tmp_path / "image")
        add_member(town.desks[0], "Late")
        note(town.desks[0], before, "late")
        town.prepared(town.desks[0]).rename(tmp_path / "late.cdb")
        put_back(town, 0, tmp_path / "image")
        add_member(town.desks[0], "New")
        town.round()
        town.round()
        yield town


def late(town: Town) -> BundleRejected:
    with pytest.raises(BundleRejected, match="forked-log") as caught:
        ingest.take_in(town.hub, town.path / "late.cdb")
    return caught.value


def listed(town: Town) -> list[held.HeldRow]:
    forked.settle(town.hub)
    return held.held(town.hub)


def test_a_late_file_waits_until_somebody_takes_it_in(town: Town) -> None:
    anne, bruno = town.desks
    assert "waits for your decision: hub waiting lists it" in sentence(late(town))
    late(town)  # as it lies in a shared folder
    for _ in range(2):
        town.round()
    [row] = listed(town)
    assert (row.desk, row.operations, row.is_forked) == (1, 2, True)
    assert names(anne) == names(bruno) == ["Before", "New"]

    assert approving.approve(town.hub, row.id) == 2

    for _ in range(2):
        town.round()
    assert names(anne) == names(bruno) == ["Before", "Late", "New"]
    assert contents(anne) == contents(bruno)
    assert [desk.read(exchange.disagreements) for desk in (anne, bruno)] == [[], []]
    assert not exchange.status(anne).is_doubled, "no copy of hers is being worked with"
    assert ingest.take_in(town.hub, town.path / "late.cdb").fate is ingest.Fate.DUPLICATE
    assert listed(town) == []


def test_what_is_let_go_is_not_kept_again(town: Town) -> None:
    late(town)
    [row] = listed(town)

    declining.decline(town.hub, row.id)

    assert "Nothing is lost" in sentence(late(town))
    assert listed(town) == []


def test_what_its_desk_brings_otherwise_waits_no_more(town: Town, tmp_path: Path) -> None:
    """As mostly: the desk that is refused names its work anew."""
    add_member(town.desks[0], "Meanwhile")
    town.up(town.desks[0])
    anne = put_back(town, 0, tmp_path / "image")
    for name in ("A", "B"):
        add_member(anne, name)
        with pytest.raises(BundleRejected, match="forked-log"):
            town.up(anne)
    [row] = listed(town)
    assert row.operations == 2, "the second file brings what the first brought"

    town.down(anne)
    town.round(anne)

    Upkeep(town.hub, Limits(), None).look()
    assert held.held(town.hub) == []
    with pytest.raises(held.NoSuchHeld):
        approving.approve(town.hub, row.id)


def test_of_a_desk_that_was_lost_since_nothing_comes_by_itself(town: Town) -> None:
    late(town)
    desks.revoke(town.hub, OFFICE, 1)
    [row] = listed(town)
    assert not row.is_forked

    assert approving.approve(town.hub, row.id) == 2

    town.round(town.desks[1])
    assert names(town.desks[1]) == ["Before", "Late", "New"]


def test_of_whom_the_office_erased_nothing_comes_back(town: Town) -> None:
    late(town)
    bruno = town.desks[1]
    asked = select(Member.id).where(Member.family_name == "Before")
    erase(town, bruno.read(lambda s: uid_of(s, s.scalars(asked).one())))
    [row] = listed(town)

    approving.approve(town.hub, row.id)

    town.round()
    assert names(bruno) == ["Late", "New"]


def test_only_so_many_lives_of_a_desk_are_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "MOST", 1)
    late(town)
    anne = put_back(town, 0, town.path / "image")
    add_member(anne, "Another")

    with pytest.raises(BundleRejected) as caught:
        town.up(anne)

    assert "Nothing is lost" in sentence(caught.value)
    assert len(held.held(town.hub)) == 1


def test_by_command(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--hub", str(town.hub.folder.path)]
    assert main(["--lang", "en", "hub", "import", str(town.path / "late.cdb"), *where]) != 0
    assert "What it brings is kept" in capsys.readouterr().err
    assert [one.code for one in refused.newest(town.hub, 2)] == ["forked-log"]

    assert main(["--lang", "en", "hub", "waiting", *where]) == 0
    assert "the desk was put back from a copy" in capsys.readouterr().out
    assert main(["hub", "waiting", "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["put_back"] is True
    assert main(["hub", "approve", told["id"], *where]) == 0
    assert main(["hub", "waiting", *where]) == 1
