"""Work of a computer that was lost, revoked and found again: it waits until an operator approves it."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.cli.main import main
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import approving, audit, desks, erasing, held, ingest, standing
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.messages.rejections import sentence
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange, relay
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import add_member
from tests.hub.test_erasing import ask
from tests.keepers import ON_DISK, Keeper
from tests.sync.desks import OFFICE, Town, contents, write
from tests.sync.kept import town_after
from tests.sync.test_forks import image, put_back
from tests.sync.test_relay import hand


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    town = town_after(tmp_path, keeper, one_is_lost)
    yield town
    town.close()


def one_is_lost(town: Town) -> None:
    """A desk that stays, one that is lost with work that it never sent, and then found."""
    kept, lost = town.desk("Yann"), town.desk("Rozenn")
    add_member(kept, "Le Goff")
    for _ in range(2):
        town.round()
    write(lost, lost.read(lambda s: s.query(Member).one()), note="Never sent")
    add_member(lost, "Petit")
    desks.revoke(town.hub, OFFICE, 2)


def refused(town: Town, path: Path) -> str:
    with pytest.raises(DeskError) as caught:
        ingest.take_in(town.hub, path)
    return caught.value.full_code


def test_who_takes_the_file_in_is_told_what_waits(town: Town) -> None:
    lost = town.desks[1]
    for _ in range(2):  # also when it comes once more
        with pytest.raises(BundleRejected) as caught:
            ingest.take_in(town.hub, town.prepared(lost))
        assert "is kept until you decide: hub waiting lists it" in sentence(caught.value)
    [row] = held.held(town.hub)
    approving.approve(town.hub, row.id)

    with pytest.raises(BundleRejected) as caught:
        ingest.take_in(town.hub, town.prepared(lost))

    assert "Nothing was imported" in sentence(caught.value)


def test_it_counts_once_an_operator_approves_it(town: Town) -> None:
    kept, lost = town.desks
    file = town.prepared(lost)
    assert refused(town, file) == "bundle:revoked"
    assert refused(town, file) == "bundle:revoked"
    town.round(kept)
    assert len(contents(kept)["member"]) == 1
    [row] = held.held(town.hub)
    assert (row.office, row.desk, row.desk_name, row.operations) == (OFFICE, 2, "PC Rozenn", 2)

    assert approving.approve(town.hub, row.id, by="Nathalie") == 2

    town.round(kept)
    assert contents(kept) == contents(lost)
    assert held.held(town.hub) == []
    assert ingest.take_in(town.hub, file).fate is Fate.DUPLICATE
    assert refused(town, town.prepared(lost)) == "bundle:revoked"
    assert held.held(town.hub) == [], "it hears no answer, so it brings the same again"
    told = audit.newest(town.hub, 1)[0]
    assert (told.by, told.what, told.desk) == ("Nathalie", approving.APPROVED, 2)
    # It was that file, not the desk.
    assert [one.status for one in desks.listed(town.hub)] == [Status.ACTIVE, Status.REVOKED]
    add_member(lost, "Morvan")
    assert refused(town, town.prepared(lost)) == "bundle:revoked"


@pytest.fixture
def twice(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    """Anne's whole disk was put back; what the hub has of hers has other numbers than she gives it."""
    with closing(Town(tmp_path, database=keeper.fresh())) as town:
        town.desk("Anne")
        town.desk("Bruno")
        add_member(town.desks[0], "Before")
        for _ in range(2):
            town.round()
        image(town, 0, tmp_path / "image")
        add_member(town.desks[0], "Lost")
        town.up(town.desks[0])
        put_back(town, 0, tmp_path / "image")
        yield town


def seen(desk: Database) -> list[tuple[str, str]]:
    asked = select(Member.family_name, Member.note).order_by(Member.family_name)
    return desk.read(lambda s: [(row.family_name, row.note) for row in s.execute(asked)])


def test_what_it_wrote_under_numbers_that_the_hub_has_otherwise_counts_too(twice: Town) -> None:
    anne, bruno = twice.desks
    before = anne.read(lambda s: s.query(Member).one())
    add_member(anne, "Other")
    write(anne, before, note="By Anne")
    add_member(anne, "And another")
    desks.revoke(twice.hub, OFFICE, 1)
    assert refused(twice, twice.prepared(anne)) == "bundle:revoked"
    [row] = held.held(twice.hub)
    assert row.operations == 3

    assert approving.approve(twice.hub, row.id) == 3

    assert refused(twice, twice.prepared(anne)) == "bundle:revoked"
    assert held.held(twice.hub) == [], "it hears no answer, so it brings the same again"
    twice.round(bruno)
    assert seen(bruno) == [("And another", ""), ("Before", "By Anne"), ("Lost", ""), ("Other", "")]


def test_what_it_wrote_since_under_such_numbers_counts_once(twice: Town) -> None:
    anne, bruno = twice.desks
    add_member(anne, "Other")
    desks.revoke(twice.hub, OFFICE, 1)
    refused(twice, twice.prepared(anne))
    approving.approve(twice.hub, held.held(twice.hub)[0].id)
    other = anne.read(lambda s: s.query(Member).filter_by(family_name="Other").one())
    write(anne, other, note="Since")
    refused(twice, twice.prepared(anne))
    [row] = held.held(twice.hub)

    assert approving.approve(twice.hub, row.id) == 1

    twice.round(bruno)
    assert seen(bruno) == [("Before", ""), ("Lost", ""), ("Other", "Since")]


@pytest.mark.parametrize("written", [["Other"], ["And another", "Other"]])
def test_what_it_wrote_under_the_number_of_somebody_erased_counts_too(
    twice: Town, written: list[str]
) -> None:
    anne, bruno = twice.desks
    twice.down(bruno)
    asked = select(Member.id).where(Member.family_name == "Lost")
    ask(bruno, bruno.read(lambda s: s.scalars(asked).one()))
    twice.round(bruno)
    erasing.confirm(twice.hub, 1)
    for name in written:
        add_member(anne, name)
    desks.revoke(twice.hub, OFFICE, 1)
    refused(twice, twice.prepared(anne))
    [row] = held.held(twice.hub)

    assert approving.approve(twice.hub, row.id) == len(written)

    twice.round(bruno)
    assert seen(bruno) == [(name, "") for name in sorted([*written, "Before"])]


def test_what_a_colleague_has_of_it_by_stick_waits_too(twice: Town) -> None:
    anne, bruno = twice.desks
    add_member(anne, "Other")
    add_member(anne, "Brought")
    stick = twice.path / "stick.cdb"
    [to] = [one for one in anne.read(relay.colleagues) if one.name == "PC Bruno"]
    relay.prepare_for(anne, to.signing, stick)
    exchange.apply(bruno, stick)
    desks.revoke(twice.hub, OFFICE, 1)
    twice.up(bruno)
    [row] = held.held(twice.hub)

    assert approving.approve(twice.hub, row.id) == 2

    for _ in range(2):  # the first tells him that he has other work under these numbers
        twice.round(bruno)
    assert [name for name, _ in seen(bruno)] == ["Before", "Brought", "Lost", "Other"]


def test_what_a_lost_desk_carries_of_anothers_other_life_counts_too(twice: Town) -> None:
    """Anne is not to blame, but she may never come: the found computer of Bruno has the last copy."""
    anne, bruno = twice.desks
    add_member(anne, "Other")
    hand(twice, anne, bruno)
    desks.revoke(twice.hub, OFFICE, 2)
    refused(twice, twice.prepared(bruno))
    [row] = held.held(twice.hub)
    assert row.operations == 1

    assert approving.approve(twice.hub, row.id) == 1

    refused(twice, twice.prepared(bruno))
    assert held.held(twice.hub) == [], "it hears no answer, so it brings the same again"
    chloe = twice.desk("Chloé")
    twice.round(chloe)
    assert [name for name, _ in seen(chloe)] == ["Before", "Lost", "Other"]


@pytest.mark.parametrize("more", [0, 2])
def test_two_letters_of_one_life_are_one_voice(twice: Town, more: int) -> None:
    """The second begins after the first, where the hub has other work already, or nothing yet."""
    anne, bruno = twice.desks
    before = bruno.read(lambda s: s.query(Member).one())
    for number in range(more):
        add_member(anne, f"More {number}")
    write(anne, before, note="One")
    hand(twice, anne, bruno)
    hand(twice, bruno, anne)  # so she goes on from there
    write(anne, before, note="Two")
    add_member(anne, "Brought")
    hand(twice, anne, bruno)
    desks.revoke(twice.hub, OFFICE, 1)
    twice.up(bruno)
    first, second = held.held(twice.hub)

    with pytest.raises(approving.HeldTooEarly):
        approving.approve(twice.hub, second.id)
    for row, count in ((first, more + 1), (second, 2)):
        assert row.operations == count
        assert approving.approve(twice.hub, row.id) == count

    assert held.held(twice.hub) == []
    with twice.hub.transaction(1) as connection:
        assert [one.desk for one in standing.origins(connection, 1).values()].count(1) == 2
    chloe = twice.desk("Chloé")
    twice.round(chloe)
    assert ("Before", "Two") in seen(chloe)
    assert ("Brought", "") in seen(chloe)
    assert chloe.read(exchange.disagreements) == []


def test_only_the_newest_file_of_a_desk_is_kept_and_it_has_everything(town: Town) -> None:
    kept, lost = town.desks
    refused(town, town.prepared(lost))
    add_member(lost, "Morvan")
    refused(town, town.prepared(lost))

    [row] = held.held(town.hub)
    assert approving.approve(town.hub, row.id) == 3

    town.round(kept)
    assert contents(kept) == contents(lost)


@ON_DISK
def test_what_is_damaged_is_not_kept(town: Town) -> None:
    file = town.prepared(town.desks[1])
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    file.write_bytes(content)

    refused(town, file)

    assert held.held(town.hub) == []


@ON_DISK
@pytest.mark.parametrize("id_", ["", "zz", "00000000"])
def test_an_unknown_id_is_told(town: Town, id_: str) -> None:
    refused(town, town.prepared(town.desks[1]))

    with pytest.raises(held.NoSuchHeld):
        approving.approve(town.hub, id_)
    assert len(held.held(town.hub)) == 1


def test_by_command(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--hub", str(town.hub.folder.path)]
    assert main(["hub", "waiting", *where]) == 1
    refused(town, town.prepared(town.desks[1]))
    capsys.readouterr()

    assert main(["hub", "waiting", "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["office"], told["operations"]) == (OFFICE, 2)
    assert main(["hub", "waiting", *where]) == 0
    assert capsys.readouterr().out.startswith(f"{told['id']} · {OFFICE} · 2 PC Rozenn · 2 ")
    assert main(["hub", "approve", "nobody", *where]) == 2
    assert "nobody" in capsys.readouterr().err
    assert main(["hub", "approve", told["id"], *where]) == 0
    assert held.held(town.hub) == []


def test_who_declines_lets_it_go_until_another_comes(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--hub", str(town.hub.folder.path)]
    kept, lost = town.desks
    refused(town, town.prepared(lost))
    [row] = held.held(town.hub)

    assert main(["--lang", "en", "hub", "decline", "nobody", *where]) == 2
    assert main(["--lang", "en", "hub", "decline", row.id, *where]) == 0
    assert row.id in capsys.readouterr().out
    assert held.held(town.hub) == []
    with pytest.raises(held.NoSuchHeld):
        approving.approve(town.hub, row.id)
    town.round(kept)
    assert len(contents(kept)["member"]) == 1
    refused(town, town.prepared(lost))
    assert len(held.held(town.hub)) == 1
