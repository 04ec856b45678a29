"""What a hub lets in, whom it gives what, and that offices never meet."""

import stat
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import (
    database,
    desks,
    ingest,
    invitations,
    offices,
    outgoing,
    root,
    sealing,
    tables,
)
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import exchange, link, parcels
from correspondent_desk.sync.bundle import signed_by
from tests.builders import add_member, open_desk
from tests.keepers import Keeper
from tests.sync.desks import Town, contents

PORT = "Port de Kerlann"


def refusal(town: Town, path: Path) -> str:
    with pytest.raises(DeskError) as caught:
        ingest.take_in(town.hub, path)
    return caught.value.full_code


# --- the folder -----------------------------------------------------------------------------------


def test_a_hub_is_made_once_and_its_database_is_sealed(town: Town) -> None:
    folder = town.hub.folder

    with pytest.raises(database.HubAlreadyThere):
        database.create(folder, "again")

    if not town.database:
        assert not folder.store.read_bytes().startswith(b"SQLite format 3")
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.key.stat().st_mode) == 0o600


@pytest.mark.parametrize("has_root", [False, True])
def test_a_hub_at_work_is_there_already_whatever_lies_beside_its_database(
    town: Town, keeper: Keeper, *, has_root: bool
) -> None:
    if has_root:
        root.make(town.hub, town.path / "root", "the lamp is lit at dusk")
    before = sorted(one.name for one in town.hub.folder.path.iterdir())

    for where in ("", town.database, keeper.fresh()):
        with pytest.raises(database.HubAlreadyThere) as refused:
            database.create(town.hub.folder, "again", database=where)
        assert refused.value.reason == ""

    assert sorted(one.name for one in town.hub.folder.path.iterdir()) == before
    database.open_hub(town.hub.folder).close()


def test_another_folder_is_told_that_the_database_has_a_hub(town: Town, tmp_path: Path) -> None:
    if not town.database:
        pytest.skip("the database lies in the folder")

    with pytest.raises(database.HubAlreadyThere) as refused:
        database.create(HubFolder(tmp_path / "other"), "again", database=town.database)

    assert refused.value.reason == "database"
    assert not list((tmp_path / "other").iterdir())


def test_no_server_takes_the_place_of_a_hub_in_a_file(tmp_path: Path) -> None:
    folder = HubFolder(tmp_path / "hub")
    database.create(folder, "here").close()

    with pytest.raises(database.HubAlreadyThere):
        database.create(folder, "there", database="postgresql://nobody@127.0.0.1:1/hub")

    database.open_hub(folder).close()


def test_a_hub_whose_making_was_cut_short_can_be_made(tmp_path: Path) -> None:
    folder = HubFolder(tmp_path / "hub")
    folder.path.mkdir()
    folder.key.write_text("00" * 32)

    database.create(folder, "hub").close()

    database.open_hub(folder).close()


def test_a_folder_without_a_hub_is_told(tmp_path: Path) -> None:
    with pytest.raises(database.NoHubHere):
        database.open_hub(HubFolder(tmp_path))


@pytest.mark.parametrize("content", ["", "zz" * 32, "é"])
def test_a_key_that_is_none_is_not_taken_for_no_hub(town: Town, content: str) -> None:
    town.hub.folder.key.write_text(content, encoding="utf-8")

    with pytest.raises(sealing.HubKeyWrong):
        database.open_hub(town.hub.folder)


def test_a_hub_of_a_newer_version_is_refused(town: Town) -> None:
    with town.hub.transaction() as connection:
        connection.execute(tables.hub.update().values(schema=99))

    with pytest.raises(database.HubTooNew):
        database.open_hub(town.hub.folder)


def test_offices_have_names_and_codes_of_their_own(town: Town) -> None:
    first = offices.add(town.hub, "École du Bourg")
    second = offices.add(town.hub, "École-du-bourg")

    assert (first.code, second.code) == ("ECOLE-DU-BOURG", "ECOLE-DU-BOURG-2")
    with pytest.raises(offices.OfficeExists):
        offices.add(town.hub, "école du bourg")
    with pytest.raises(offices.NoSuchOffice):
        invitations.invite(town.hub, "nobody", town.path / "x.cdinvite")


@pytest.mark.parametrize(("name", "code"), [("EVI", "X1"), ("evi", ""), ("Y", "mairie-x")])
def test_no_office_is_called_like_the_code_of_another(town: Town, name: str, code: str) -> None:
    offices.add(town.hub, "Mairie X", "EVI")
    offices.add(town.hub, "MAIRIE-X", "X2")

    with pytest.raises(offices.OfficeExists) as refused:
        offices.add(town.hub, name, code)

    assert refused.value.reason == "other-word"


def test_a_code_that_is_made_is_no_name_of_another_office(town: Town) -> None:
    offices.add(town.hub, "MAIRIE-X", "X2")

    assert offices.add(town.hub, "Mairie x").code == "MAIRIE-X-2"


def test_a_word_that_means_two_offices_is_asked_about(town: Town) -> None:
    offices.add(town.hub, "Mairie X", "EVI")
    late = offices.add(town.hub, "Later", "X1")
    with town.hub.transaction() as connection:  # as an earlier version allowed
        renamed = tables.office.update().where(tables.office.c.id == late.id)
        connection.execute(renamed.values(name="EVI", name_key="evi"))

    with pytest.raises(offices.OfficeInDoubt) as refused:
        invitations.invite(town.hub, "EVI", town.path / "x.cdinvite")

    assert refused.value.details == {"word": "EVI", "code": "X1", "name": "Mairie X"}
    made, _path = invitations.invite(town.hub, "X1", town.path / "x.cdinvite")
    assert made.office == late.uid


# --- enrolment ------------------------------------------------------------------------------------


def test_an_invitation_serves_one_desk(town: Town) -> None:
    invitation = town.invitation()
    both = []
    for name in ("a", "b"):
        desk = open_desk(town.path / name, name)
        town.desks.append(desk)
        exchange.enrol(desk, invitation)
        both.append(desk)
    files = [town.prepared(desk) for desk in both]

    first = ingest.take_in(town.hub, files[0])

    assert (first.enrolled, first.desk) == (True, 1)
    assert refusal(town, files[1]) == "bundle:invitation-used"
    assert [one.number for one in desks.listed(town.hub)] == [1]


def test_a_desk_may_ask_until_it_is_answered(town: Town) -> None:
    desk = town.desk("Yann")

    arrivals = [town.up(desk), town.up(desk)]
    add_member(desk)
    arrivals.append(town.up(desk))
    town.down(desk)

    assert [one.enrolled for one in arrivals] == [True, False, False]
    assert exchange.status(desk).is_welcomed
    with pytest.raises(exchange.AlreadyEnrolled):
        exchange.enrol(desk, town.path / "1.cdinvite")


def test_an_invitation_that_comes_too_late_is_refused(town: Town) -> None:
    desk = town.desk("Yann")
    file = town.prepared(desk)
    town.clock.at += timedelta(days=8)

    assert refusal(town, file) == "bundle:invitation-expired"


def test_a_desk_of_another_hub_is_not_known(town: Town, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Town(tmp_path / "elsewhere")
    try:
        stranger = elsewhere.desk("Eve")
        file = elsewhere.prepared(stranger)

        assert refusal(town, file) == "bundle:wrong-recipient"
    finally:
        elsewhere.close()


def test_a_desk_may_join_again_a_hub_that_has_forgotten_it(town: Town) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    with town.hub.transaction(1) as connection:
        for table in (tables.desk, tables.origin, tables.op, tables.root, tables.bundle_in):
            connection.execute(table.delete())
    add_member(desk, "Petit")
    assert refusal(town, town.prepared(desk)) == "bundle:unknown-sender"

    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    town.round()
    town.round()

    with town.hub.transaction(1) as connection:
        assert len(connection.execute(select(tables.op)).all()) == 2


# --- offices apart --------------------------------------------------------------------------------


def ids_of(desk: Database) -> set[bytes]:
    """Every id that came into being on a desk: records, origins."""
    return desk.read(
        lambda s: {
            row[0]
            for row in raw(s).execute(
                "SELECT uid FROM record WHERE kind<>1 UNION SELECT uid FROM origin"
            )
        }
    )


def test_no_id_of_another_office_is_ever_in_a_bundle(town: Town) -> None:
    offices.add(town.hub, PORT)
    ours = [town.desk("Yann"), town.desk("Rozenn")]
    theirs = [town.desk("Eve", PORT), town.desk("Max", PORT)]
    for number, desk in enumerate([*ours, *theirs]):
        for name in ("A", "B", "C"):
            add_member(desk, f"{name}{number}")
    for _ in range(2):
        town.round()
    foreign = ids_of(theirs[0]) | ids_of(theirs[1])
    for desk in ours:
        known, keys = desk.read(link.load)
        with town.hub.transaction() as connection:
            connection.execute(
                tables.desk.update().values(heard_vector=b"\x80")  # as if nobody had anything
            )
        parcel = parcels.load(
            town.written_for(desk), keys.receiving, signed_by({known.hub.signing})
        )
        told = repr(parcel.manifest) + repr([parcel.ops(run) for run in range(len(parcel.runs))])

        assert parcel.operations == 6
        assert [uid.hex() for uid in foreign if repr(uid)[2:-1] in told] == []
    assert contents(ours[0]) == contents(ours[1])
    assert contents(theirs[0]) == contents(theirs[1])
    assert ids_of(ours[0]).isdisjoint(foreign)


# --- the log --------------------------------------------------------------------------------------


def test_positions_are_in_the_order_of_commits(town: Town) -> None:
    """Six desks at once, while somebody reads with a cursor and must miss nothing."""
    desks = [town.desk(f"P{number}") for number in range(6)]
    town.round()
    files = []
    for number, desk in enumerate(desks):
        for name in range(8):
            add_member(desk, f"{number}-{name}")
        files.append(town.prepared(desk))
    seen: list[int] = []
    stop = threading.Event()

    def follow() -> None:
        cursor = 0
        while True:
            is_last = stop.is_set()
            with town.hub.transaction(1) as connection:
                found = connection.scalars(
                    select(tables.op.c.pos)
                    .where(tables.op.c.pos > cursor)
                    .order_by(tables.op.c.pos)
                ).all()
            seen.extend(found)
            cursor = found[-1] if found else cursor
            if is_last:
                return

    threads = [threading.Thread(target=ingest.take_in, args=(town.hub, file)) for file in files]
    reader = threading.Thread(target=follow)
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    reader.join()

    assert seen == list(range(1, 6 * 8 + 1))


def test_the_same_file_again_gives_the_same_result(town: Town) -> None:
    desk = town.desk("Yann")
    add_member(desk)
    file = town.prepared(desk)

    fates = [ingest.take_in(town.hub, file).fate for _ in range(3)]

    assert fates == [Fate.NEW, Fate.DUPLICATE, Fate.DUPLICATE]
    with town.hub.transaction(1) as connection:
        assert len(connection.execute(select(tables.op)).all()) == 1


def test_a_desk_is_given_what_it_lacks_and_a_receipt_and_then_nothing(
    town: Town, tmp_path: Path
) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(here)
    town.up(here)
    town.up(there)
    place = tmp_path / "out"
    place.mkdir()

    assert [(one.to_receive, one.given) for one in desks.listed(town.hub)] == [(0, 0), (1, 0)]
    sent = outgoing.export(town.hub, place)
    assert [(one.to_receive, one.given) for one in desks.listed(town.hub)] == [(0, 0), (1, 1)]
    for desk, one in zip((here, there), sent, strict=True):
        exchange.apply(desk, one.path)
    town.up(there)
    again = outgoing.export(town.hub, place)

    assert [(one.desk, one.operations) for one in sent] == [(1, 0), (2, 1)]
    assert again == []
    assert [one.to_receive for one in desks.listed(town.hub)] == [0, 0]


def test_a_hub_put_back_from_a_copy_gets_everything_again(
    town: Town, tmp_path: Path, keeper: Keeper
) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    add_member(here)
    town.round()
    town.put_hub_back(keeper, copy)

    place = tmp_path / "out"
    place.mkdir()
    for desk, one in zip((here, there), outgoing.export(town.hub, place), strict=True):
        exchange.apply(desk, one.path)
    for _ in range(2):
        town.round()

    with town.hub.transaction(1) as connection:
        assert len(connection.execute(select(tables.op)).all()) == 1
    assert contents(here) == contents(there)
