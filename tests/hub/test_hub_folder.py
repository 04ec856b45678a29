"""What lies in the folder of a hub when it could not be made, was mislaid, damaged or taken out."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from correspondent_desk.hub import database, invitations, offices, places, sealing
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.hub.restored import Sidecar
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.connection import StoreDamaged
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.sync import invitation
from tests.keepers import ON_DISK
from tests.small_disk import fill, small_disk
from tests.sync.desks import Town


def test_a_hub_that_found_no_room_leaves_nothing_in_its_folder(tmp_path: Path) -> None:
    folder = HubFolder(tmp_path / "small" / "hub")
    with small_disk(tmp_path / "small", 8 << 20) as drive:
        folder.path.mkdir()
        fill(drive, leave=40 << 10)

        with pytest.raises(CannotWrite, match="full"):
            database.create(folder, "hub")

        assert list(folder.path.iterdir()) == []


@ON_DISK
def test_no_new_hub_is_made_where_one_was_in_use(town: Town) -> None:
    folder = town.hub.folder
    town.reopen_hub()
    town.hub.close()
    folder.store.rename(tmp := folder.path / "mislaid")

    with pytest.raises(database.HubAlreadyThere, match="database-lost"):
        database.create(folder, "another")
    with pytest.raises(database.NoHubHere, match="database-lost"):
        database.open_hub(folder)

    tmp.rename(folder.store)
    folder.key.rename(tmp)
    with pytest.raises(sealing.HubKeyWrong):
        database.open_hub(folder)
    tmp.rename(folder.key)


@ON_DISK
def test_a_damaged_database_is_said_to_be_that_of_the_hub(town: Town) -> None:
    town.hub.close()
    town.hub.folder.store.write_bytes(bytes(20_000))

    with pytest.raises(StoreDamaged) as caught:
        database.open_hub(town.hub.folder)

    assert "database of the hub" in sentence(caught.value)


@ON_DISK
def test_a_folder_that_has_gone_is_not_made_anew(town: Town) -> None:
    folder = town.hub.folder.path
    away = folder.rename(folder.with_name("away"))

    with pytest.raises(CannotWrite, match="silent"):
        Sidecar(town.hub.folder.sidecar).note_key(bytes(32))
    with pytest.raises(CannotWrite), places.own(town.hub.folder.inbox):
        pass

    assert not folder.exists()
    away.rename(folder)


def test_desks_can_read_what_a_hub_with_a_long_name_writes(tmp_path: Path) -> None:
    folder = HubFolder(tmp_path / "hub")
    hub = database.create(folder, "  Comité\tOuest " * 40)
    offices.add(hub, "Mairie d’Ys " * 40)

    invitations.invite(hub, "MAIRIE-DYS-MAIRI", tmp_path / "a.cdinvite")
    hub.close()

    told = invitation.read(tmp_path / "a.cdinvite", datetime.now(UTC))
    assert told.hub_name.startswith("Comité Ouest Comité")
    assert (len(told.hub_name), len(told.office_name)) == (200, 200)
