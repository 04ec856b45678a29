"""Desks put back with everything that could have warned them: nothing that anybody wrote is lost."""

import os
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.hub import erasing, ingest, offices, tables
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import DeskFolder, unlock
from correspondent_desk.sync import exchange, forks
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import PASSPHRASE, add_member
from tests.sync.desks import Town, contents, met, rebuilt, write

# Names the folder in which the program keeps what is of this computer; every test has its own.
STATE = "WIN_PD_OVERRIDE_LOCAL_APPDATA" if os.name == "nt" else "XDG_STATE_HOME"


def opened(town: Town, place: int, folder: DeskFolder) -> Database:
    was = town.desks[place]
    found = open_store(folder, unlock(folder, PASSPHRASE), wall=town.clock)
    found.person = was.person
    town.desks[place] = found
    return found


def notes() -> Path:
    return Path(os.environ[STATE])


def image(town: Town, place: int, target: Path) -> None:
    """A copy of the desk's folder and of what the user keeps beside it: the whole disk."""
    desk = town.desks[place]
    desk.close()
    shutil.copytree(desk.folder.path, target / "desk")
    shutil.copytree(notes(), target / "notes", dirs_exist_ok=True)
    opened(town, place, desk.folder)


def put_back(town: Town, place: int, source: Path) -> Database:
    desk = town.desks[place]
    desk.close()
    shutil.rmtree(desk.folder.path)
    shutil.copytree(source / "desk", desk.folder.path)
    shutil.rmtree(notes())
    shutil.copytree(source / "notes", notes())
    return opened(town, place, desk.folder)


def names(desk: Database) -> list[str]:
    return sorted(desk.read(lambda s: [m.family_name for m in s.scalars(select(Member))]))


def note(desk: Database, member: int, text: str) -> None:
    write(desk, desk.read(lambda s: s.get_one(Member, member)), note=text)


def visit(town: Town, place: int) -> None:
    """A desk and the hub meet at a shared folder, and the desk once more."""
    exchange.exchange_folder(town.desks[place], town.path / "stick")
    town.exchange_folder()
    exchange.exchange_folder(town.desks[place], town.path / "stick")


def own(desk: Database) -> bytes:
    return desk.read(lambda s: Origins(raw(s)).uid(Origins(raw(s)).own))


def erase(town: Town, root: bytes) -> None:
    """The office asks for it, and the hub confirms."""
    with town.hub.transaction() as connection:
        desk = connection.execute(select(tables.desk).limit(1)).one()
        offices.lock(connection, desk.office)
        erasing.ask(town.hub, connection, desk, "Nathalie", [root])
    [wish] = erasing.requests(town.hub)
    erasing.confirm(town.hub, wish.id)


def two_desks(town: Town, tmp_path: Path, *lost: str) -> tuple[Database, Database]:
    """The first was imaged after one member and has sent one more since, or these."""
    town.desk("Yann")
    town.desk("Rozenn")
    add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    for name in lost or ("Lost",):
        add_member(town.desks[0], name)
    town.round()
    return put_back(town, 0, tmp_path / "image"), town.desks[1]


def assert_all_is_well(town: Town, *expected: str) -> None:
    for _ in range(2):
        town.round()
    here, there = town.desks
    assert names(here) == names(there) == sorted(expected)
    assert contents(here) == contents(there)
    for desk in (here, there):
        shown, from_history = rebuilt(desk)
        assert shown == from_history


@pytest.mark.parametrize("written", [(), ("New",), ("New", "Newer"), ("A", "B", "C")])
def test_a_desk_put_back_whole_that_hears_of_the_hub_first(
    town: Town, tmp_path: Path, written: tuple[str, ...]
) -> None:
    here, _ = two_desks(town, tmp_path)
    before = own(here)
    for name in written:
        add_member(here, name)

    town.down(here)

    assert own(here) != before or len(written) >= 1
    for name in ("After",):
        add_member(here, name)
    try:
        town.up(here)
    except BundleRejected as error:
        assert error.full_code == "bundle:forked-log"  # noqa: PT017 - and mended by the answer
        town.down(here)
    assert_all_is_well(town, "Before", "Lost", "After", *written)


def test_what_was_done_is_done_again_by_a_clock_that_is_behind(town: Town, tmp_path: Path) -> None:
    """A computer of the office was once years ahead: nobody's clock reaches the newest stamp any more."""
    town.desk("Yann")
    town.desk("Rozenn")
    before = add_member(town.desks[0], "Before")
    town.clock.at -= timedelta(days=30)
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    note(town.desks[0], before, "as it was")
    town.up(town.desks[0])
    here = put_back(town, 0, tmp_path / "image")
    note(here, before, "as it is")

    with pytest.raises(BundleRejected, match="forked-log"):
        town.up(here)
    town.down(here)

    assert_all_is_well(town, "Before")
    [told] = town.desks[1].read(exchange.disagreements)
    assert {told.here.columns["note"], told.there.columns["note"]} == {"as it was", "as it is"}


def test_the_answer_can_be_read_though_the_newest_key_was_lost_too(
    town: Town, tmp_path: Path
) -> None:
    two_desks(town, tmp_path)  # put back; and again, after each life has made a key of its own
    town.clock.at += timedelta(days=40)
    add_member(town.desks[0], "New")
    with suppress(BundleRejected):
        town.up(town.desks[0])
    town.down(town.desks[0])
    town.round()
    here = put_back(town, 0, tmp_path / "image")
    add_member(here, "Newer")
    with pytest.raises(BundleRejected, match="forked-log"):
        town.up(here)

    town.down(here)

    assert_all_is_well(town, "Before", "Lost", "New", "Newer")


def test_who_only_reads_gets_again_what_was_lost(town: Town, tmp_path: Path) -> None:
    """It wrote nothing, its files have the numbers of earlier ones, and the hub seals for a key it lost."""
    town.desk("Yann")
    town.desk("Rozenn")
    visit(town, 0)
    visit(town, 0)
    image(town, 0, tmp_path / "image")
    for number in range(8):
        add_member(town.desks[1], f"Petit {number}")
        visit(town, 1)
        town.clock.at += timedelta(days=4)
        visit(town, 0)
    here = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    add_member(town.desks[1], "Morvan")
    visit(town, 1)

    visit(town, 0)
    visit(town, 0)

    assert names(here) == ["Morvan", *(f"Petit {number}" for number in range(8))]


def test_what_the_hub_has_already_is_not_sent_under_another_name(
    town: Town, tmp_path: Path
) -> None:
    """The image is of after a file that was on its way: what it brought is no news to the hub."""
    here = town.desk("Yann")
    town.round()
    before = add_member(here, "Before")
    sent = town.prepared(here)
    image(town, 0, tmp_path / "image")
    note(town.desks[0], before, "since")
    ingest.take_in(town.hub, sent)
    town.up(town.desks[0])
    was = own(town.desks[0])
    here = put_back(town, 0, tmp_path / "image")

    for _ in range(2):
        town.down(here)
        town.round()

    assert own(here) != was
    assert here.read(lambda s: s.get_one(Member, before).note) == "since"
    assert here.read(exchange.disagreements) == []
    assert here.read(lambda s: dict(Origins(raw(s)).vector)) == {was: 2}


@pytest.mark.parametrize("is_told_first", [True, False])
@pytest.mark.parametrize(
    ("lost", "new"),
    [("Erased", "A"), ("Erased", "AB"), ("Lost Erased", "AB"), ("Lost Erased", "ABC"),
     ("Erased Lost", "A"), ("Erased Lost", "AB")],
)  # fmt: skip
def test_what_was_written_under_the_number_of_what_was_erased_is_not_lost(
    town: Town, tmp_path: Path, lost: str, new: str, *, is_told_first: bool
) -> None:
    """Of that, the hub has nothing left by which it could be told apart."""
    here, there = two_desks(town, tmp_path, *lost.split())
    erased = there.read(
        lambda s: s.scalars(select(Member.id).filter_by(family_name="Erased")).one()
    )
    erase(town, there.read(lambda s: uid_of(s, erased)))
    for name in new:
        add_member(here, name)

    if is_told_first:
        town.down(here)
    for _ in range(3):
        with suppress(BundleRejected):
            town.round(here)
        town.down(here)

    assert_all_is_well(town, "Before", *new, *({"Lost"} & {*lost.split()}))


@pytest.mark.parametrize(("lost", "new"), [(6, 6), (6, 8), (8, 6)])
def test_two_lives_that_differ_further_back_than_is_looked_at_once(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: int, new: int
) -> None:
    """As when the same list of people is imported again after the disk was put back."""
    for looking in (forks, ingest):
        monkeypatch.setattr(looking, "LOOKED_BACK", 3)
    met(town, ("Anne", "Bruno"))
    before = add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    for number in range(lost):
        add_member(town.desks[0], f"Lost {number}")
    note(town.desks[0], before, "lost")
    town.up(town.desks[0])
    anne, bruno = put_back(town, 0, tmp_path / "image"), town.desks[1]
    note(anne, before, "new")
    for number in range(new):
        add_member(anne, f"New {number}")
    note(anne, before, "newer")

    for _ in range(5):
        town.down(anne)
        with suppress(BundleRejected):
            town.round(anne)
    town.round(bruno)

    for desk in (anne, bruno):
        assert len(names(desk)) == 1 + lost + new
        [told] = desk.read(exchange.disagreements)
        assert {told.here.columns["note"], told.there.columns["note"]} == {"lost", "newer"}
    assert contents(anne) == contents(bruno)


@pytest.mark.parametrize("written", [("New",), ("New", "Newer"), ("A", "B", "C")])
def test_a_desk_put_back_whole_that_sends_first_is_refused_and_mended(
    town: Town, tmp_path: Path, written: tuple[str, ...]
) -> None:
    here, _ = two_desks(town, tmp_path)
    for name in written:
        add_member(here, name)

    with pytest.raises(BundleRejected, match="forked-log"):
        town.up(here)
    [answer] = [
        sent for sent in exported(town, tmp_path) if sent.desk == exchange.status(here).desk
    ]
    exchange.apply(here, answer.path)

    assert_all_is_well(town, "Before", "Lost", *written)


def exported(town: Town, tmp_path: Path) -> list[ingest.Arrival]:
    from correspondent_desk.hub.outgoing import export

    (tmp_path / "answers").mkdir()
    return export(town.hub, tmp_path / "answers")  # type: ignore[return-value]


def test_a_folder_put_back_alone_takes_a_new_name_at_once(town: Town, tmp_path: Path) -> None:
    two_desks(town, tmp_path)
    here = town.desks[0]
    add_member(here, "Meanwhile")
    town.prepare(here)
    here.close()
    before = own(opened(town, 0, here.folder))
    town.desks[0].close()
    shutil.rmtree(here.folder.path)
    shutil.copytree(tmp_path / "image" / "desk", here.folder.path)

    again = opened(town, 0, here.folder)

    assert own(again) != before


def test_a_folder_moved_to_another_computer_takes_a_new_name(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = town.desk("Yann"), town.desk("Rozenn")
    add_member(here, "Written here")
    town.round()
    before = own(here)
    here.close()
    monkeypatch.setenv(STATE, str(tmp_path / "another computer"))

    moved = opened(town, 0, here.folder)
    add_member(moved, "Written there")

    assert own(moved) != before
    assert_all_is_well(town, "Written here", "Written there")


def test_two_copies_of_one_desk_get_each_others_work(town: Town, tmp_path: Path) -> None:
    """An old copy of the folder is opened beside the desk, and both go on exchanging by file."""
    town.desk("Yann")
    town.desk("Rozenn")
    add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    add_member(town.desks[0], "Original")
    town.round()
    folder = DeskFolder(tmp_path / "image" / "desk")
    copied = open_store(folder, unlock(folder, PASSPHRASE), wall=town.clock)
    copied.person = "Yann"
    original, other = town.desks[:2]
    assert own(copied) != own(original)
    add_member(copied, "Copied")

    for _ in range(3):
        for desk in (copied, original):
            if exchange.prepare(desk, tmp_path / "up.cdb"):
                ingest.take_in(town.hub, tmp_path / "up.cdb")
        for desk in (copied, original):
            exchange.apply(desk, town.written_for(desk))

    town.down(other)
    assert names(copied) == names(original) == names(other) == ["Before", "Copied", "Original"]
    assert exchange.status(original).is_doubled
    assert not exchange.status(other).is_doubled
    copied.close()


def test_a_copy_that_wrote_as_much_says_at_once_that_it_lacks_the_others_work(
    town: Town, tmp_path: Path
) -> None:
    """It claims again what it told the hub last; that is news, or nobody's work would go on."""
    town.desk("Yann")
    town.desk("Rozenn")
    add_member(town.desks[1], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    original, other = town.desks[:2]
    folder = DeskFolder(tmp_path / "image" / "desk")
    copied = open_store(folder, unlock(folder, PASSPHRASE), wall=town.clock)
    copied.person = "Yann"
    assert own(copied) == own(original)
    add_member(original, "Original")
    add_member(copied, "Copied")
    town.round(original)

    exchange.apply(copied, town.written_for(copied))

    assert exchange.status(copied).has_news
    for _ in range(3):
        town.round(copied)
        town.round(original)
    town.round(other)
    assert names(copied) == names(original) == names(other) == ["Before", "Copied", "Original"]
    copied.close()
